"""Atlas: who may come in: database roles and users, access lists."""

from __future__ import annotations

from typing import Any

from tests.cloud.cloud import Cloud, Live, Refused
from tests.cloud.contracts import Properties
from tests.cloud.kinds.base import Kind, behaves, encoded

_ROLE = "mongodbatlas:index/customDbRole:CustomDbRole"


@behaves(_ROLE)
class CustomDbRole(Kind):
    already_exists = "DUPLICATE_ROLE_NAME"
    unique = (("projectId", "roleName"),)

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return encoded(project_id=str(inputs["projectId"]), role_name=str(inputs["roleName"]))

    def import_ids(self, live: Live) -> list[str]:
        return [f"{live.inputs['projectId']}-{live.inputs['roleName']}"]

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        if not inputs.get("actions") and not inputs.get("inheritedRoles"):
            raise Refused("INVALID_ROLE: a role needs actions or inherited roles")


@behaves("mongodbatlas:index/databaseUser:DatabaseUser")
class DatabaseUser(Kind):
    already_exists = "USER_ALREADY_EXISTS"
    unique = (("projectId", "username", "authDatabaseName"),)

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return encoded(
            auth_database_name=str(inputs["authDatabaseName"]),
            project_id=str(inputs["projectId"]),
            username=str(inputs["username"]),
        )

    def import_ids(self, live: Live) -> list[str]:
        return [f"{live.inputs['projectId']}-{live.inputs['username']}-{live.inputs['authDatabaseName']}"]

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        self._refuse(cloud, inputs)

    def refuse_update(self, cloud: Cloud, live: Live, inputs: Properties) -> None:
        super().refuse_update(cloud, live, inputs)
        if inputs["authDatabaseName"] != live.inputs["authDatabaseName"]:
            raise Refused("USERNAME_NOT_FOUND: the update goes to a user of the new database, who does not exist")
        self._refuse(cloud, inputs)

    def _refuse(self, cloud: Cloud, inputs: Properties) -> None:
        password = inputs.get("password")
        by_password = all(
            inputs.get(name) in (None, "NONE") for name in ("awsIamType", "x509Type", "oidcAuthType", "ldapAuthType")
        )
        if by_password and not password and not inputs.get("passwordWo"):
            raise Refused("MISSING_ATTRIBUTE: The required attribute password was not specified.")
        if password is not None and len(password) < 8:
            raise Refused("PASSWORD_TOO_SHORT: at least 8 characters")
        own = {role.inputs["roleName"] for role in cloud.find(_ROLE, projectId=inputs["projectId"])}
        names = [role["roleName"] for role in inputs["roles"]]
        if len(names) > 1 and own & set(names):
            raise Refused("CUSTOM_ROLE_WITH_OTHERS: a user with a custom role holds no other role beside it")


@behaves("mongodbatlas:index/projectIpAccessList:ProjectIpAccessList")
class ProjectIpAccessList(Kind):
    """Adding an entry that exists overwrites its comment: the list holds each address once."""

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return encoded(entry=self._entry(inputs), project_id=str(inputs["projectId"]))

    def import_ids(self, live: Live) -> list[str]:
        return [f"{live.inputs['projectId']}-{self._entry(live.inputs)}"]

    def _entry(self, inputs: Properties) -> str:
        return str(inputs.get("cidrBlock") or inputs.get("ipAddress") or inputs.get("awsSecurityGroup"))

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        if all(inputs.get(name) is None for name in ("cidrBlock", "ipAddress", "awsSecurityGroup")):
            raise Refused("VALIDATION_ERROR: an entry needs a cidrBlock, an ipAddress or an awsSecurityGroup")
        cloud.live.get(self.token, {}).pop(self.identify(cloud, inputs), None)

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {}
