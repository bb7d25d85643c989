"""Atlas: projects and what is set once per project."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, ClassVar

from tests.cloud.cloud import Cloud, Live, Refused, fresh
from tests.cloud.contracts import Properties
from tests.cloud.kinds.base import Kind, behaves, encoded


@behaves("mongodbatlas:index/project:Project")
class Project(Kind):
    already_exists = "GROUP_ALREADY_EXISTS"
    unique = (("orgId", "name"),)

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return fresh(24)

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        self._refuse(inputs)

    def refuse_update(self, cloud: Cloud, live: Live, inputs: Properties) -> None:
        super().refuse_update(cloud, live, inputs)
        self._refuse(inputs)

    def _refuse(self, inputs: Properties) -> None:
        if inputs.get("regionUsageRestrictions") is not None:
            raise Refused("INVALID_ATTRIBUTE: regionUsageRestrictions is for Atlas for Government only")

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        clusters = cloud.find("mongodbatlas:index/advancedCluster:AdvancedCluster", projectId=live.id)
        return {**super().outputs(cloud, live), "clusterCount": len(clusters), "created": "2026-01-01T00:00:00Z"}


class ProjectSetting(Kind):
    """Something that every project has one of: creating it overwrites it, deleting it resets it."""

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return str(inputs["projectId"])

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        cloud.live.get(self.token, {}).pop(self.identify(cloud, inputs), None)

    def apply(self, cloud: Cloud, live: Live, inputs: dict[str, Any]) -> None:
        """An update goes to the project in the resource's id, whatever `projectId` says by then."""
        live.inputs = {**inputs, "projectId": live.inputs["projectId"]}


@behaves("mongodbatlas:index/maintenanceWindow:MaintenanceWindow")
class MaintenanceWindow(ProjectSetting):
    pass


@behaves("mongodbatlas:index/auditing:Auditing")
class Auditing(ProjectSetting):
    """Of a filter, Atlas checks that it is JSON and nothing else."""

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        self._refuse(inputs)

    def refuse_update(self, cloud: Cloud, live: Live, inputs: Properties) -> None:
        super().refuse_update(cloud, live, inputs)
        self._refuse(inputs)

    def _refuse(self, inputs: Properties) -> None:
        try:
            json.loads(inputs.get("auditFilter") or "{}")
        except ValueError:
            raise Refused("INVALID_JSON_ATTRIBUTE: auditFilter is no JSON") from None

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {**super().outputs(cloud, live), "configurationType": "FILTER_JSON"}


@behaves("mongodbatlas:index/encryptionAtRest:EncryptionAtRest")
class EncryptionAtRest(ProjectSetting):
    """Atlas uses the key at once: the role must be authorized before."""

    def refuse_delete(self, cloud: Cloud, live: Live) -> None:
        super().refuse_delete(cloud, live)
        for cluster in cloud.find("mongodbatlas:index/advancedCluster:AdvancedCluster", projectId=live.id):
            if cluster.inputs.get("encryptionAtRestProvider") not in (None, "NONE"):
                raise Refused(f"CANNOT_DISABLE_ENCRYPTION_AT_REST: cluster {cluster.inputs['name']} uses it")


_SETUP = "mongodbatlas:index/cloudProviderAccessSetup:CloudProviderAccessSetup"


@behaves(_SETUP)
class CloudProviderAccessSetup(Kind):
    def remember(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {"role": fresh(24), "external": f"{fresh(8)}-{fresh(4)}-{fresh(4)}-{fresh(4)}-{fresh(12)}"}

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return encoded(id=fresh(24), project_id=str(inputs["projectId"]), provider_name=str(inputs["providerName"]))

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        aws = {
            "atlasAwsAccountArn": "arn:aws:iam::536727724300:root",
            "atlasAssumedRoleExternalId": live.extra["external"],
        }
        return {
            **super().outputs(cloud, live),
            "roleId": live.extra["role"],
            "awsConfigs": [aws],
            "createdDate": "2026-01-01T00:00:00Z",
        }


@behaves("mongodbatlas:index/cloudProviderAccessAuthorization:CloudProviderAccessAuthorization")
class CloudProviderAccessAuthorization(Kind):
    """Atlas assumes the role when it is authorized: the role's trust must name Atlas's external id by then."""

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return encoded(id=str(inputs["roleId"]), project_id=str(inputs["projectId"]))

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        setup = next((live for live in cloud.all(_SETUP) if live.extra["role"] == inputs["roleId"]), None)
        wanted = (inputs.get("aws") or {}).get("iamAssumedRoleArn")
        for role in cloud.all("aws:iam/role:Role"):
            ours = cloud.kind(role.type).outputs(cloud, role)["arn"] == wanted
            if setup and ours and setup.extra["external"] not in str(role.inputs.get("assumeRolePolicy")):
                raise Refused("CANNOT_ASSUME_ROLE: the role's trust policy lacks Atlas's external id")
        cloud.live.get(self.token, {}).pop(self.identify(cloud, inputs), None)


INTEGRATION = "mongodbatlas:index/thirdPartyIntegration:ThirdPartyIntegration"
EVERYBODY = ("0.0.0.0/0", "::/0")


@behaves(INTEGRATION)
class ThirdPartyIntegration(Kind):
    """A project has one of each type. Its own id is not told by the resource, only by the list of the project's."""

    already_exists = "INTEGRATION_ALREADY_CONFIGURED"
    unique = (("projectId", "type"),)
    needed: ClassVar = {
        "PAGER_DUTY": ("serviceKey",),
        "DATADOG": ("apiKey",),
        "OPS_GENIE": ("apiKey",),
        "WEBHOOK": ("url",),
        "MICROSOFT_TEAMS": ("microsoftTeamsWebhookUrl",),
        "PROMETHEUS": ("userName", "password", "serviceDiscovery", "enabled"),
    }

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return encoded(project_id=str(inputs["projectId"]), type=str(inputs["type"]))

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        self._refuse(cloud, inputs)

    def refuse_update(self, cloud: Cloud, live: Live, inputs: Properties) -> None:
        super().refuse_update(cloud, live, inputs)
        self._refuse(cloud, inputs)

    def _refuse(self, cloud: Cloud, inputs: Properties) -> None:
        for name in self.needed.get(str(inputs["type"]), ()):
            if inputs.get(name) in (None, ""):
                raise Refused(f"INTEGRATION_FIELDS_INVALID: {inputs['type']} needs {name}")
        open_list = "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList"
        if inputs["type"] == "PROMETHEUS":
            for entry in cloud.find(open_list, projectId=inputs["projectId"]):
                if entry.inputs.get("cidrBlock") in EVERYBODY:
                    raise Refused("PROMETHEUS_INTEGRATION_ACCESS_LIST: the access list lets everybody in")

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {name: value for name, value in super().outputs(cloud, live).items() if name not in live.inputs}


@behaves("mongodbatlas:index/alertConfiguration:AlertConfiguration")
class AlertConfiguration(Kind):
    """Atlas takes a second configuration that equals the first: nothing in it must be unique."""

    needed: ClassVar = {
        "PAGER_DUTY": ("serviceKey",),
        "SLACK": ("apiToken", "channelName"),
        "OPS_GENIE": ("opsGenieApiKey",),
        "DATADOG": ("datadogApiKey",),
        "EMAIL": ("emailAddress",),
        "WEBHOOK": ("webhookUrl",),
        "MICROSOFT_TEAMS": ("microsoftTeamsWebhookUrl",),
        "VICTOR_OPS": ("victorOpsApiKey",),
    }

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        self._refuse(cloud, inputs)

    def refuse_update(self, cloud: Cloud, live: Live, inputs: Properties) -> None:
        super().refuse_update(cloud, live, inputs)
        self._refuse(cloud, inputs)

    def _refuse(self, cloud: Cloud, inputs: Properties) -> None:
        for problem in self._problems(cloud, inputs):
            raise Refused(problem)

    def _problems(self, cloud: Cloud, inputs: Properties) -> Iterator[str]:
        metric = inputs["eventType"] == "OUTSIDE_METRIC_THRESHOLD"
        if metric and not (inputs.get("metricThresholdConfig") or {}).get("metricName"):
            yield "MISSING_METRIC_THRESHOLD: OUTSIDE_METRIC_THRESHOLD needs metricThresholdConfig"
        if not metric and inputs.get("metricThresholdConfig"):
            yield "INVALID_ATTRIBUTE: metricThresholdConfig goes with OUTSIDE_METRIC_THRESHOLD only"
        if metric and any(matcher["fieldName"] == "CLUSTER_NAME" for matcher in inputs.get("matchers") or []):
            yield "INVALID_MATCHER_FIELD: CLUSTER_NAME is no field of OUTSIDE_METRIC_THRESHOLD"
        if not inputs["notifications"]:
            yield "MISSING_NOTIFICATIONS: at least one notification is needed"
        for notification in inputs["notifications"]:
            kind = notification["typeName"]
            integration = notification.get("integrationId")
            if integration and integration not in [one.extra["unique"] for one in cloud.all(INTEGRATION)]:
                yield f"INTEGRATION_NOT_FOUND: there is no integration {integration}"
            if not integration:
                for name in self.needed.get(kind, ()):
                    if not notification.get(name):
                        yield f"MISSING_ATTRIBUTE: a {kind} notification needs {name}"
            if kind in ("PAGER_DUTY", "OPS_GENIE", "VICTOR_OPS") and notification.get("intervalMin"):
                yield f"INVALID_ATTRIBUTE: intervalMin is not for {kind}"
            if kind not in ("GROUP", "ORG", "USER", "TEAM"):
                for name in ("emailEnabled", "smsEnabled"):
                    if notification.get(name):
                        yield f"INVALID_ATTRIBUTE: {name} is not for {kind}"

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        made = {"alertConfigurationId": live.extra["unique"], "created": "2026-01-01T00:00:00Z"}
        return {**super().outputs(cloud, live), **made, "updated": "2026-01-01T00:00:00Z"}
