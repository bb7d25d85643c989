"""Atlas: clusters and their backups."""

from __future__ import annotations

import re
from typing import Any

from tests.cloud.cloud import Cloud, Live, Refused, fresh
from tests.cloud.contracts import Properties, at
from tests.cloud.kinds.atlas_network import missing_containers
from tests.cloud.kinds.atlas_strings import connection_strings
from tests.cloud.kinds.base import Kind, behaves, encoded

_CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
_SCHEDULE = "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule"
_ENCRYPTION = "mongodbatlas:index/encryptionAtRest:EncryptionAtRest"

DAYS = {"days": 1, "weeks": 7, "months": 31, "years": 366}


def _version(text: Any) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", str(text or "8.0")))


@behaves(_CLUSTER)
class AdvancedCluster(Kind):
    already_exists = "DUPLICATE_CLUSTER_NAME"
    unique = (("projectId", "name"),)

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return encoded(cluster_id=fresh(24), cluster_name=str(inputs["name"]), project_id=str(inputs["projectId"]))

    def import_ids(self, live: Live) -> list[str]:
        return [f"{live.inputs['projectId']}-{live.inputs['name']}"]

    def refuse_values(self, inputs: Properties) -> None:
        super().refuse_values(inputs)
        if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?", str(inputs["name"])):
            raise Refused(
                f"INVALID_CLUSTER_NAME: 1-64 letters, digits and hyphens, no hyphen at an end: {inputs['name']}"
            )

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        self._refuse(cloud, inputs)

    def refuse_update(self, cloud: Cloud, live: Live, inputs: Properties) -> None:
        super().refuse_update(cloud, live, inputs)
        if _version(inputs.get("mongoDbMajorVersion")) < _version(live.inputs.get("mongoDbMajorVersion")):
            raise Refused("CANNOT_DOWNGRADE_CLUSTER: a cluster's MongoDB version does not go back")
        self._refuse(cloud, inputs)

    def _refuse(self, cloud: Cloud, inputs: Properties) -> None:
        nodes = sum(
            int(count) for count in at(inputs, "replicationSpecs.regionConfigs.electableSpecs.nodeCount")
        ) // max(1, len(inputs["replicationSpecs"]))
        if nodes not in (3, 5, 7):
            raise Refused(f"INVALID_CLUSTER_CONFIGURATION: electable nodes are 3, 5 or 7, not {nodes}")
        for spec in inputs["replicationSpecs"]:
            _refuse_regions(spec["regionConfigs"])
        if inputs.get("pitEnabled") and not inputs.get("backupEnabled"):
            raise Refused("CANNOT_ENABLE_PIT_WITHOUT_BACKUP: continuous backup needs cloud backup")
        encrypted = inputs.get("encryptionAtRestProvider") not in (None, "NONE")
        if encrypted and not cloud.get(_ENCRYPTION, str(inputs["projectId"])):
            raise Refused("ENCRYPTION_AT_REST_PROVIDER_NOT_CONFIGURED: set it up for the project first")

    def refuse_delete(self, cloud: Cloud, live: Live) -> None:
        super().refuse_delete(cloud, live)
        if live.inputs.get("terminationProtectionEnabled"):
            raise Refused("CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED")

    def deleted(self, cloud: Cloud, live: Live) -> None:
        """The backup schedule goes with its cluster."""
        names = {"projectId": live.inputs["projectId"], "clusterName": live.inputs["name"]}
        for schedule in cloud.find(_SCHEDULE, **names):
            del cloud.live[_SCHEDULE][schedule.id]

    def remember(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        host = fresh(5, "abcdefghijklmnopqrstuvwxyz0123456789")
        containers = missing_containers(cloud, live.inputs)
        return {"cluster": fresh(24), "zone": fresh(24), "host": host, "containers": containers}

    def apply(self, cloud: Cloud, live: Live, inputs: dict[str, Any]) -> None:
        """A new region gets a container, unless it has one."""
        super().apply(cloud, live, inputs)
        live.extra["containers"] |= missing_containers(cloud, inputs)

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {
            **super().outputs(cloud, live),
            "clusterId": live.extra["cluster"],
            "replicationSpecs": [{**spec, "zoneId": live.extra["zone"]} for spec in live.inputs["replicationSpecs"]],
            "stateName": "IDLE",
            "createDate": "2026-01-01T00:00:00Z",
            "mongoDbVersion": f"{live.inputs.get('mongoDbMajorVersion', '8.0')}.4",
            "connectionStrings": connection_strings(cloud, live),
        }


def _refuse_regions(configs: list[Properties]) -> None:
    """What Atlas says of `priority`: 7 and down for regions in order, 0 for one without electable nodes; one size for
    electable and read-only nodes. https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-createcluster
    """
    names = [config.get("regionName") for config in configs]
    if len(set(names)) != len(names):
        raise Refused(f"DUPLICATE_REGION_CONFIGS: each region stands once: {names}")
    electable = [config for config in configs if _count(config, "electableSpecs")]
    if [int(config["priority"]) for config in electable] != list(range(7, 7 - len(electable), -1)):
        raise Refused("INVALID_REGION_PRIORITIES: electable regions have the priorities 7, 6, 5… in their order")
    if configs[: len(electable)] != electable or any(int(config["priority"]) for config in configs[len(electable) :]):
        raise Refused("INVALID_REGION_PRIORITIES: regions without electable nodes come last, with priority 0")
    for kinds in (("electableSpecs", "readOnlySpecs"), ("analyticsSpecs",)):
        sizes = {config[kind].get("instanceSize") for config in configs for kind in kinds if _count(config, kind)}
        if len(sizes) > 1:
            raise Refused(f"INSTANCE_SIZE_MUST_MATCH: {' and '.join(kinds)} have one size: {sizes}")
    if any(not sum(_count(config, kind) for kind in _NODES) for config in configs):
        raise Refused("INVALID_CLUSTER_CONFIGURATION: a region has at least one node")


_NODES = ("electableSpecs", "readOnlySpecs", "analyticsSpecs")


def _count(config: Properties, kind: str) -> int:
    return int((config.get(kind) or {}).get("nodeCount") or 0)


@behaves(_SCHEDULE)
class CloudBackupSchedule(Kind):
    """Every cluster with backups has one schedule: creating it overwrites it."""

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return encoded(cluster_name=str(inputs["clusterName"]), project_id=str(inputs["projectId"]))

    def import_ids(self, live: Live) -> list[str]:
        return [f"{live.inputs['projectId']}-{live.inputs['clusterName']}"]

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        self._refuse(cloud, inputs)
        cloud.live.get(self.token, {}).pop(self.identify(cloud, inputs), None)

    def refuse_update(self, cloud: Cloud, live: Live, inputs: Properties) -> None:
        super().refuse_update(cloud, live, inputs)
        self._refuse(cloud, inputs)

    def apply(self, cloud: Cloud, live: Live, inputs: dict[str, Any]) -> None:
        """The update goes to the cluster in the resource's id, whatever `clusterName` says by then."""
        live.inputs = {**inputs, "clusterName": live.inputs["clusterName"]}

    def _refuse(self, cloud: Cloud, inputs: Properties) -> None:
        named = {"projectId": inputs["projectId"], "name": inputs["clusterName"]}
        cluster = next(iter(cloud.find(_CLUSTER, **named)), None)
        if cluster and not cluster.inputs.get("backupEnabled"):
            raise Refused("BACKUPS_NOT_ENABLED: the cluster has no cloud backup")
        zones = [cluster.extra["zone"]] if cluster else []
        for copy in inputs.get("copySettings") or []:
            if copy.get("zoneId") not in zones:
                raise Refused(f"INVALID_ZONE_ID: the cluster has no zone {copy.get('zoneId')}")
            if not copy.get("frequencies"):
                raise Refused("COPY_SETTINGS_NEED_FREQUENCIES: a copy setting names what is copied")
            if copy.get("shouldCopyOplogs") and cluster and not cluster.inputs.get("pitEnabled"):
                raise Refused("CANNOT_COPY_OPLOGS_WITHOUT_PIT: there is no oplog to copy")
        hourly = inputs.get("policyItemHourly")
        if cluster and cluster.inputs.get("pitEnabled") and not hourly:
            raise Refused("PIT_NEEDS_HOURLY_POLICY: continuous cloud backup needs an hourly policy item")
        window = inputs.get("restoreWindowDays")
        if hourly and window and int(window) > _days(hourly):
            raise Refused("RESTORE_WINDOW_TOO_LONG: the restore window exceeds the retention of hourly snapshots")
        previous = 0
        for name in (
            "policyItemHourly",
            "policyItemDaily",
            "policyItemWeeklies",
            "policyItemMonthlies",
            "policyItemYearlies",
        ):
            items = list(at(inputs, name))
            for days in map(_days, items):
                if days < previous:
                    raise Refused(f"INVALID_RETENTION: {name} is kept for less time than a more frequent item")
            previous = max([previous, *map(_days, items)])

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        made = super().outputs(cloud, live)
        return {**made, "nextSnapshot": "2026-01-02T03:00:00Z"}


def _days(item: Properties) -> int:
    return int(item["retentionValue"]) * DAYS[str(item["retentionUnit"])]
