"""ElastiCache: users, groups, parameters, replication groups."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from tests.cloud.cloud import Cloud, Live, Refused, arn, fresh, region_of
from tests.cloud.contracts import Properties
from tests.cloud.kinds.base import Kind, behaves

_USER = "aws:elasticache/user:User"
_USER_GROUP = "aws:elasticache/userGroup:UserGroup"
_PARAMETER_GROUP = "aws:elasticache/parameterGroup:ParameterGroup"
_SUBNET_GROUP = "aws:elasticache/subnetGroup:SubnetGroup"

SNAPSHOTS = "snapshots of ElastiCache"
"""A fact of the account: the names of those that exist; a final one joins them when its group goes."""
SERVICE_LINKED_ROLE = "AWSServiceRoleForElastiCache"
"""A fact of the account: `False` where it never had a cache."""
RESTRICTED = frozenset(
    ["bgrewriteaof", "bgsave", "config", "debug", "migrate", "replicaof", "save", "slaveof", "shutdown", "sync"]
)
"""Commands that ElastiCache restricts itself: naming one in an access string is an error."""
NOT_MODIFIABLE = frozenset(
    ["appendonly", "appendfsync", "save", "maxclients", "maxmemory", "replica-ignore-maxmemory", "lua-time-limit"]
)
DURABLE_FAMILIES = ("r8g", "r7g", "r6g", "m8g", "m7g", "m6g", "c8gn", "c7gn")


def version_of(text: Any) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", str(text or "")))


def canonical_access(text: str) -> str:
    """An access string as ElastiCache tells it back: commands start from `-@all` or `+@all`, long words are symbols."""
    words = {"allkeys": "~*", "allchannels": "&*", "allcommands": "+@all", "nocommands": "-@all"}
    rules = [words.get(rule, rule) for rule in text.split()]
    first = next((index for index, rule in enumerate(rules) if rule[0] in "+-"), len(rules))
    if first == len(rules) or rules[first] not in ("+@all", "-@all"):
        rules.insert(first, "-@all")
    return " ".join(rules)


@behaves(_USER)
class User(Kind):
    already_exists = "UserAlreadyExists"
    unique = (("userId",),)

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return str(inputs["userId"]).lower()

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        self._refuse(inputs)

    def refuse_update(self, cloud: Cloud, live: Live, inputs: Properties) -> None:
        super().refuse_update(cloud, live, inputs)
        self._refuse(inputs)

    def _refuse(self, inputs: Properties) -> None:
        mode = inputs.get("authenticationMode") or {}
        passwords = mode.get("passwords") or inputs.get("passwords") or []
        if mode and (inputs.get("passwords") or inputs.get("noPasswordRequired")):
            raise Refused(
                "InvalidParameterCombination: authenticationMode goes without passwords and noPasswordRequired"
            )
        if len(passwords) > 2:
            raise Refused("InvalidParameterValue: a user has at most two passwords")
        if mode.get("type") == "password" and not passwords:
            raise Refused("InvalidParameterCombination: authentication mode password needs passwords")
        for password in passwords:
            if not 16 <= len(password) <= 128 or re.search(r'[,"/@]', password):
                raise Refused('InvalidParameterValue: passwords have 16-128 printable characters without , " / @')
        if mode.get("type") == "iam" and inputs["userId"] != inputs["userName"]:
            raise Refused("InvalidParameterCombination: an IAM user's id and name must be equal")
        if not passwords and mode.get("type") is None and not inputs.get("noPasswordRequired"):
            raise Refused("InvalidParameterCombination: no authentication mode was given")
        for rule in str(inputs["accessString"]).split():
            if rule.startswith((">", "<", "#", "!")) or rule in ("reset", "nopass", "resetpass"):
                raise Refused(f"InvalidParameterValue: passwords and reset have no place in an access string ({rule})")
            if rule[0] in "+-" and rule[1:].split("|")[0].lower() in RESTRICTED:
                raise Refused(f"InvalidParameterValue: the command {rule[1:]} is restricted by the service")

    def canonical(self, inputs: dict[str, Any]) -> dict[str, Any]:
        return {
            **inputs,
            "accessString": canonical_access(str(inputs["accessString"])),
            "userId": str(inputs["userId"]).lower(),
        }

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {**super().outputs(cloud, live), "arn": arn("elasticache", f"user:{live.id}", live.inputs)}

    def refuse_delete(self, cloud: Cloud, live: Live) -> None:
        super().refuse_delete(cloud, live)
        groups = [group for group in cloud.all(_USER_GROUP) if live.id in group.inputs.get("userIds", [])]
        if live.inputs["userName"] == "default" and groups:
            raise Refused(f"DefaultUserAssociatedToUserGroup: {live.id} is the default user of {groups[0].id}")

    def deleted(self, cloud: Cloud, live: Live) -> None:
        """The user leaves all groups."""
        for group in cloud.all(_USER_GROUP):
            group.inputs["userIds"] = [user for user in group.inputs.get("userIds", []) if user != live.id]


@behaves(_USER_GROUP)
class UserGroup(Kind):
    already_exists = "UserGroupAlreadyExists"
    unique = (("userGroupId",),)

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return str(inputs["userGroupId"]).lower()

    def canonical(self, inputs: dict[str, Any]) -> dict[str, Any]:
        return {**inputs, "userGroupId": str(inputs["userGroupId"]).lower()}

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        if cloud.facts.get(SERVICE_LINKED_ROLE) is False:
            raise Refused("ServiceLinkedRoleNotFoundFault: The specified service linked role (SLR) was not found.")
        self._refuse(cloud, inputs)

    def refuse_update(self, cloud: Cloud, live: Live, inputs: Properties) -> None:
        super().refuse_update(cloud, live, inputs)
        self._refuse(cloud, inputs)

    def _refuse(self, cloud: Cloud, inputs: Properties) -> None:
        users = [user for user in cloud.all(_USER) if user.id in (inputs.get("userIds") or [])]
        names = [user.inputs["userName"] for user in users]
        if len(set(names)) < len(names):
            raise Refused("DuplicateUserName: two users of the group have the same name")
        redis = str(inputs["engine"]).lower() == "redis"
        if redis and "default" not in (*names, *(inputs.get("userIds") or [])):
            raise Refused("DefaultUserRequired: a Redis OSS user group needs a user named default")
        if len(inputs.get("userIds") or []) > 100:
            raise Refused("UserQuotaExceeded: a user group has at most 100 users")
        if not redis:
            open_users = [user.id for user in users if user.inputs.get("noPasswordRequired")]
            if open_users:
                raise Refused(f"InvalidParameterCombination: {open_users[0]} needs a password or IAM in a Valkey group")

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {**super().outputs(cloud, live), "arn": arn("elasticache", f"usergroup:{live.id}", live.inputs)}


@behaves(_SUBNET_GROUP)
class SubnetGroup(Kind):
    already_exists = "CacheSubnetGroupAlreadyExists"
    defaults: ClassVar = {"description": "Managed by Pulumi"}

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {**super().outputs(cloud, live), "arn": arn("elasticache", f"subnetgroup:{live.id}", live.inputs)}


@behaves(_PARAMETER_GROUP)
class ParameterGroup(Kind):
    already_exists = "CacheParameterGroupAlreadyExists"
    defaults: ClassVar = {"description": "Managed by Pulumi"}

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {**super().outputs(cloud, live), "arn": arn("elasticache", f"parametergroup:{live.id}", live.inputs)}

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        self._refuse(inputs)

    def refuse_update(self, cloud: Cloud, live: Live, inputs: Properties) -> None:
        super().refuse_update(cloud, live, inputs)
        self._refuse(inputs)

    def _refuse(self, inputs: Properties) -> None:
        for parameter in inputs.get("parameters") or []:
            name, value = parameter["name"], str(parameter["value"])
            if name in NOT_MODIFIABLE:
                raise Refused(f"InvalidParameterValue: The parameter {name} cannot be modified.")
            if name == "timeout" and value.isdigit() and 1 <= int(value) <= 19:
                raise Refused("InvalidParameterValue: timeout is 0 or at least 20")
            if name == "maxmemory-samples" and not 1 <= int(value) <= 64:
                raise Refused("InvalidParameterValue: maxmemory-samples is 1-64")


@behaves("aws:elasticache/replicationGroup:ReplicationGroup")
class ReplicationGroup(Kind):
    already_exists = "ReplicationGroupAlreadyExists"
    unique = (("replicationGroupId",),)

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return str(inputs["replicationGroupId"]).lower()

    # ---- the service's refusals
    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        self._refuse_seed(cloud, inputs)
        self._refuse_zones(inputs)
        self._refuse(cloud, inputs)

    def deleted(self, cloud: Cloud, live: Live) -> None:
        """A final snapshot stays, where one was asked for."""
        if name := live.inputs.get("finalSnapshotIdentifier"):
            cloud.facts.setdefault(SNAPSHOTS, []).append(name)

    def _refuse_seed(self, cloud: Cloud, inputs: Properties) -> None:
        """Only a new group is filled (CreateReplicationGroup, SnapshotArns and SnapshotName)."""
        name, files = inputs.get("snapshotName"), inputs.get("snapshotArns") or []
        if name and name not in cloud.facts.get(SNAPSHOTS, []):
            raise Refused(f"SnapshotNotFoundFault: The snapshot {name} does not exist.")
        if name and files:
            raise Refused("InvalidParameterCombination: a snapshot and RDB files exclude each other")
        if len(files) > 1 and not self.clustered(inputs):
            raise Refused("InvalidParameterCombination: one shard is filled from one RDB file")
        for file in files:
            if not re.fullmatch(r"arn:aws[a-z-]*:s3:::[^/,]+/[^,]+", file):
                raise Refused(f"InvalidParameterValue: {file} names no object of S3 without commas")

    def refuse_update(self, cloud: Cloud, live: Live, inputs: Properties) -> None:
        super().refuse_update(cloud, live, inputs)
        old = live.inputs
        moved = (old.get("engine"), inputs.get("engine")) == ("redis", "valkey")
        if moved and old.get("engineVersion") == inputs.get("engineVersion"):
            raise Refused("InvalidParameterCombination: a change of engine needs an engine version")
        if not old.get("transitEncryptionEnabled") and inputs.get("transitEncryptionMode") == "required":
            raise Refused("InvalidParameterCombination: required is allowed only after preferred")
        if (old.get("clusterMode"), inputs.get("clusterMode")) == ("disabled", "enabled"):
            raise Refused("InvalidParameterCombination: cluster mode goes through compatible")
        self._refuse(cloud, inputs)

    def _refuse(self, cloud: Cloud, inputs: Properties) -> None:
        # Cluster mode exists only with automatic failover, also of shards without a replica (CreateReplicationGroup).
        if inputs.get("automaticFailoverEnabled") and self.replicas(inputs) < 1 and not self.clustered(inputs):
            raise Refused("InvalidParameterValue: automatic failover needs at least one replica")
        if inputs.get("automaticFailoverEnabled") is not True and self.clustered(inputs):
            raise Refused("InvalidParameterCombination: cluster mode needs automatic failover")
        if (inputs.get("numNodeGroups") or 1) > 1 and not self.clustered(inputs):
            raise Refused("InvalidParameterCombination: several node groups need cluster mode")
        if inputs.get("multiAzEnabled") and len(self._subnets(cloud, inputs)) == 1:
            raise Refused("InvalidParameterValue: Multi-AZ needs subnets in two zones")
        self._refuse_users(cloud, inputs)
        self._refuse_parameters(cloud, inputs)
        self._refuse_durability(inputs)

    def _refuse_zones(self, inputs: Properties) -> None:
        """As many as nodes, all of the region, only where there is one node group; read when a group is made."""
        zones = inputs.get("preferredCacheClusterAzs")
        if zones is None:
            return
        if self.clustered(inputs):
            raise Refused("InvalidParameterCombination: PreferredCacheClusterAZs is for one node group")
        if len(zones) != self.replicas(inputs) + 1:
            raise Refused("InvalidParameterValue: the number of zones must equal the number of nodes")
        for zone in zones:
            if not re.fullmatch(re.escape(region_of(inputs)) + "[a-z]", zone):
                raise Refused(f"InvalidVPCNetworkStateFault: no subnet of the group lies in {zone}")

    def _refuse_users(self, cloud: Cloud, inputs: Properties) -> None:
        groups = inputs.get("userGroupIds") or []
        if len(groups) > 1:
            raise Refused("InvalidParameterValue: a replication group has at most one user group")
        if groups and not inputs.get("transitEncryptionEnabled"):
            raise Refused("InvalidParameterCombination: user groups need encryption in transit")
        if groups and inputs.get("authToken"):
            raise Refused("InvalidParameterCombination: a user group and an auth token exclude each other")
        group = cloud.get(_USER_GROUP, groups[0]) if groups else None
        if group and str(group.inputs["engine"]).lower() == "valkey" and inputs.get("engine") != "valkey":
            raise Refused("InvalidParameterCombination: a Valkey user group fits Valkey only")

    def _refuse_parameters(self, cloud: Cloud, inputs: Properties) -> None:
        for group in cloud.find(_PARAMETER_GROUP, name=inputs.get("parameterGroupName")):
            family = group.inputs["family"]
            wanted = f"{inputs.get('engine', 'redis')}{(version_of(inputs.get('engineVersion')) or ('',))[0]}"
            if inputs.get("engineVersion") and family not in (wanted, "redis6.x" if wanted == "redis6" else wanted):
                raise Refused(f"InvalidParameterCombination: a parameter group of {family} does not fit {wanted}")

    def _refuse_durability(self, inputs: Properties) -> None:
        if inputs.get("durability") not in ("sync", "async"):
            return
        family = str(inputs.get("nodeType", "")).split(".")[1:2]
        needed = {
            "Valkey 9.0 or newer": inputs.get("engine") == "valkey" and version_of(inputs.get("engineVersion")) >= (9,),
            "cluster mode": self.clustered(inputs),
            "Multi-AZ": bool(inputs.get("multiAzEnabled")),
            "a replica in each shard": self.replicas(inputs) >= 1,
            "encryption in transit": bool(inputs.get("transitEncryptionEnabled")),
            "a node family that supports it": bool(family) and family[0] in DURABLE_FAMILIES,
            "no data tiering": not inputs.get("dataTieringEnabled"),
        }
        for condition, met in needed.items():
            if not met:
                raise Refused(f"InvalidParameterCombination: durability needs {condition}")

    # ---- shapes
    def clustered(self, inputs: Properties) -> bool:
        if inputs.get("clusterMode"):
            return inputs["clusterMode"] == "enabled"
        return ".cluster.on" in str(inputs.get("parameterGroupName")) or inputs.get("numNodeGroups") is not None

    def replicas(self, inputs: Properties) -> int:
        if inputs.get("replicasPerNodeGroup") is not None:
            return int(inputs["replicasPerNodeGroup"])
        return int(inputs.get("numCacheClusters") or 1) - 1

    def _subnets(self, cloud: Cloud, inputs: Properties) -> list[str]:
        groups = cloud.find(_SUBNET_GROUP, name=inputs.get("subnetGroupName"))
        return groups[0].inputs["subnetIds"] if groups else []

    def remember(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {"host": fresh(6, "abcdefghijklmnopqrstuvwxyz0123456789")}

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        inputs = live.inputs
        region = region_of(inputs)
        short = re.sub(r"^([a-z]+)-([a-z])[a-z]*-(\d)$", r"\1\2\3", region)
        suffix = f"{live.id}.{live.extra['host']}.{short}.cache.amazonaws.com"
        plain_suffix = f"{live.id}.{live.extra['host']}.ng.0001.{short}.cache.amazonaws.com"
        clustered, tls = self.clustered(inputs), bool(inputs.get("transitEncryptionEnabled"))
        shards, nodes = int(inputs.get("numNodeGroups") or 1), self.replicas(inputs) + 1
        version = str(inputs.get("engineVersion") or "7.1")
        made: dict[str, Any] = {
            "arn": arn("elasticache", f"replicationgroup:{live.id}", inputs),
            "clusterEnabled": clustered,
            "engineVersionActual": version if version.count(".") > 1 else f"{version}.0",
            "tagsAll": dict(inputs.get("tags") or {}),
            "memberClusters": [
                f"{live.id}-{shard + 1:04}-{node + 1:03}" if clustered else f"{live.id}-{node + 1:03}"
                for shard in range(shards)
                for node in range(nodes)
            ],
        }
        if clustered:
            made["configurationEndpointAddress"] = f"clustercfg.{suffix}"
        else:
            made["primaryEndpointAddress"] = f"master.{suffix}" if tls else plain_suffix
            made["readerEndpointAddress"] = f"replica.{suffix}" if tls else plain_suffix.replace(".ng.", "-ro.ng.")
        return made
