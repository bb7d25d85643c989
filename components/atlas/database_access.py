"""Who may do what in one application's database."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_mongodbatlas as mongodbatlas
import pulumi_random as random

from .uri import application_uri

PASSWORD_LENGTH = 40
PASSWORD_SPECIAL = "-_.~!*+=^%@:/?#"  # noqa: S105  not a password, but what one is made of
"""Characters that a careless URI breaks on are in it on purpose: what works in a test works with every password."""


class AtlasDatabaseAccessArgs(TypedDict):
    project_id: pulumi.Input[str]
    """The Atlas project."""
    cluster_name: pulumi.Input[str]
    """The cluster that the users are confined to, as an output of the cluster."""
    user_prefix: pulumi.Input[str]
    """Begins the names of the role and the users; unique in the project, such as `chat-prod-chat-app`."""
    application: pulumi.Input[str]
    """The application's name, which clients report to the server (`appName`)."""
    database: pulumi.Input[str]
    """The application's database: all that its role can read and write."""
    generation: int
    """The newest generation of passwords. Odd ones belong to user a, even ones to user b."""
    active_generation: int
    """The generation that the outputs hand on: `generation`, or the one before."""
    connection_string: pulumi.Input[str]
    """Atlas's connection string of the application's network, without credentials."""
    iam_principals: NotRequired[list[str]]
    """ARNs of IAM roles and users that may log in as the application. Default: none."""
    operations_user: NotRequired[bool]
    """Whether there is a user for indexes, statistics and the profiler. Default: yes."""
    read_only_user: NotRequired[bool]
    """Whether there is a user that only reads. Default: no."""


class AtlasDatabaseAccess(pulumi.ComponentResource):
    """The application's role, its two users that take turns, and the users beside them.

    The role inherits `readWrite` on one database and nothing else. A user with a custom role can hold no built-in one
    beside it, so the operations user has the built-in `dbAdmin` of that database: indexes with their statistics, the
    profiler and what it recorded, validation, and also dropping collections, but no document. The read-only user has
    the built-in `read`.

    Slot a holds the largest odd generation up to `generation`, slot b the largest even one: raising the generation
    changes the user that no client uses."""

    username: pulumi.Output[str]
    """The user of the active generation."""
    password: pulumi.Output[str]
    """Its password, secret and not percent-encoded."""
    uri: pulumi.Output[str]
    """The URI with that login, secret."""
    uri_without_credentials: pulumi.Output[str]
    """The same URI without a login."""
    role_name: pulumi.Output[str]
    """The application's role."""
    operations_username: pulumi.Output[str]
    """The operations user; empty where there is none."""
    operations_password: pulumi.Output[str]
    """Its password, secret; empty where there is none."""
    operations_uri: pulumi.Output[str]
    """The URI with the operations user's login, secret; empty where there is none."""
    read_only_username: pulumi.Output[str]
    """The read-only user; empty where there is none."""
    read_only_password: pulumi.Output[str]
    """Its password, secret; empty where there is none."""
    read_only_uri: pulumi.Output[str]
    """The URI with the read-only user's login, secret; empty where there is none."""

    def __init__(self, name: str, args: AtlasDatabaseAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("dolmen:index:AtlasDatabaseAccess", name, {}, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        self._args = args
        generation, active = args["generation"], args["active_generation"]
        if not 1 <= active <= generation <= active + 1:
            raise ValueError(f"{name}: the active generation is {generation} or {generation - 1}, and at least 1.")
        prefix = pulumi.Output.from_input(args["user_prefix"])
        role = mongodbatlas.CustomDbRole(
            f"{name}-role",
            project_id=args["project_id"],
            role_name=prefix,
            actions=[],
            inherited_roles=[{"role_name": "readWrite", "database_name": args["database"]}],
            opts=self._child,
        )
        own: mongodbatlas.DatabaseUserRoleArgsDict = {"role_name": role.role_name, "database_name": "admin"}
        users = {
            slot: self._user(f"{name}-{slot}", pulumi.Output.concat(prefix, "-", slot), own, {"generation": str(held)})
            for slot, held in slots(generation).items()
        }
        user, password = users[slot_of(active)]
        for principal in args.get("iam_principals", []):
            self._iam_user(f"{name}-iam-{principal.rpartition(':')[2].replace('/', '-')}", principal, own)
        operations = self._built_in(name, "operations", "dbAdmin", args.get("operations_user", True))
        reader = self._built_in(name, "read-only", "read", args.get("read_only_user", False))
        parts = {
            "connection_string": args["connection_string"],
            "database": args["database"],
            "application": args["application"],
        }
        self.username, self.password, self.role_name = user, password, role.role_name
        self.uri = _uri(parts, user, password)
        self.operations_uri, self.read_only_uri = _uri(parts, *operations), _uri(parts, *reader)
        self.uri_without_credentials = pulumi.Output.all(**parts).apply(lambda given: application_uri(**given))
        self.operations_username, self.operations_password = operations
        self.read_only_username, self.read_only_password = reader
        self.register_outputs(
            {
                "username": self.username,
                "password": self.password,
                "uri": self.uri,
                "uriWithoutCredentials": self.uri_without_credentials,
                "roleName": self.role_name,
                "operationsUsername": self.operations_username,
                "operationsPassword": self.operations_password,
                "operationsUri": self.operations_uri,
                "readOnlyUsername": self.read_only_username,
                "readOnlyPassword": self.read_only_password,
                "readOnlyUri": self.read_only_uri,
            }
        )

    def _built_in(
        self, name: str, purpose: str, role: str, wanted: bool
    ) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
        if not wanted:
            return pulumi.Output.from_input(""), pulumi.Output.secret("")
        username = pulumi.Output.concat(self._args["user_prefix"], "-", purpose)
        return self._user(
            f"{name}-{purpose}",
            username,
            {"role_name": role, "database_name": self._args["database"]},
            {"generation": "1"},
        )

    def _user(
        self,
        name: str,
        username: pulumi.Output[str],
        role: mongodbatlas.DatabaseUserRoleArgsDict,
        keepers: Mapping[str, str],
    ) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
        """A user with a password of its own. The outputs are the user's, so that who takes them waits for the user."""
        password = random.RandomPassword(
            f"{name}-password",
            length=PASSWORD_LENGTH,
            min_lower=4,
            min_upper=4,
            min_numeric=4,
            min_special=2,
            special=True,
            override_special=PASSWORD_SPECIAL,
            keepers=keepers,
            opts=self._child,
        )
        user = mongodbatlas.DatabaseUser(
            f"{name}-user",
            project_id=self._args["project_id"],
            username=username,
            password=password.result,
            auth_database_name="admin",
            roles=[role],
            scopes=[{"name": self._args["cluster_name"], "type": "CLUSTER"}],
            aws_iam_type="NONE",
            ldap_auth_type="NONE",
            oidc_auth_type="NONE",
            x509_type="NONE",
            opts=self._child,
        )
        given: Any = pulumi.Output.all(password.result, user.id)
        return user.username, pulumi.Output.secret(given.apply(lambda values: values[0]))

    def _iam_user(self, name: str, principal: str, role: mongodbatlas.DatabaseUserRoleArgsDict) -> None:
        mongodbatlas.DatabaseUser(
            name,
            project_id=self._args["project_id"],
            username=principal,
            auth_database_name="$external",
            roles=[role],
            scopes=[{"name": self._args["cluster_name"], "type": "CLUSTER"}],
            aws_iam_type="ROLE" if ":role/" in principal else "USER",
            ldap_auth_type="NONE",
            oidc_auth_type="NONE",
            x509_type="NONE",
            opts=self._child,
        )


def _uri(
    parts: Mapping[str, pulumi.Input[str]], user: pulumi.Output[str], password: pulumi.Output[str]
) -> pulumi.Output[str]:
    given: Any = pulumi.Output.all(**parts, user=user, password=password)
    return pulumi.Output.secret(given.apply(lambda values: application_uri(**values) if values["user"] else ""))


def slot_of(generation: int) -> str:
    """The user that holds a generation: a the odd ones, b the even ones."""
    return "a" if generation % 2 else "b"


def slots(generation: int) -> dict[str, int]:
    """The users that exist and the generation that each holds: the newest and, from the second on, the one before."""
    return {slot_of(held): held for held in (generation, generation - 1) if held >= 1}
