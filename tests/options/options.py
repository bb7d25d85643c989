"""What a stack file may choose, as changes of a right one, and which choices a rule keeps apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

Settings = dict[str, Any]
Change = Callable[[Settings], None] | None
Context = tuple[str, str, str]
"""Tier, door to the cluster, kind of cache; `none`: the platform has no such part."""

KEY = "arn:aws:kms:ap-northeast-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
EXISTING_ROLE = "shop-task"
SNAPSHOT = "automatic.shop-2026-11-30-20-00"
"""One that exists already, for a new cache to be filled from."""
ROLE = "arn:aws:iam::123456789012:role/search"
DOORS: Mapping[str, Mapping[str, Any]] = {
    "privateLink": {"privateLink": {}},
    "peering": {"peering": {}},
    "ipAccessList": {"ipAccessList": ["203.0.113.10/32"]},
}
CACHES: Mapping[str, Mapping[str, Any]] = {
    "valkey-sharded": {"engine": "valkey", "version": "9.0", "clusterMode": {"shards": 2, "replicasPerShard": 1}},
    "valkey": {"engine": "valkey", "version": "8.1", "clusterMode": "disabled", "replicas": 1},
    "redis": {"engine": "redis", "version": "7.1", "clusterMode": "disabled", "replicas": 1},
}


NONE = "none"


def _base(tier: str, door: str, cache: str) -> Settings:
    made: Settings = {
        "aws:region": "ap-northeast-2",
        "aws:allowedAccountIds": ["123456789012"],
        "dolmen:tier": tier,
        "dolmen:name": "shop",
        "dolmen:network": {
            "vpcId": "vpc-0a1b2c3d4e5f60718",
            "vpcCidrs": ["10.20.0.0/16"],
            "privateSubnetIds": ["subnet-0aaaaaaaaaaaaaaa1", "subnet-0aaaaaaaaaaaaaaa2"],
            "subnetZones": ["ap-northeast-2a", "ap-northeast-2b"],
            "routeTableIds": ["rtb-0bbbbbbbbbbbbbbb1"] if door == "peering" else [],
            "clientSecurityGroupIds": ["sg-0ccccccccccccccc1"],
        },
        "dolmen:atlas": {
            "credentials": {"awsSecret": "dolmen/atlas-api"},
            "project": {"create": {"organizationId": "5f0000000000000000000001"}},
            "cluster": {"instanceSize": "M30", "mongodbVersion": "8.0"},
            "connectivity": dict(DOORS.get(door, {})),
            "alerts": {"email": ["ops@example.com"]},
        },
        "dolmen:cache": {"nodeType": "cache.r7g.large", "durability": "snapshots", **CACHES.get(cache, {})},
        "dolmen:applications": {"shop": {"database": "shop", "cacheKeys": "shop:*", "jwtKeys": {}}},
    }
    if door == "peering":
        made["dolmen:atlas"]["networkContainer"] = {"atlasCidr": "192.168.248.0/21"}
    for absent, section, key in ((door == NONE, "atlas", "database"), (cache == NONE, "cache", "cacheKeys")):
        if absent:
            del made[f"dolmen:{section}"], made["dolmen:applications"]["shop"][key]
    return made


_DEVELOPED = (("privateLink", "redis"), ("peering", "valkey"), ("none", "valkey-sharded"))
"""Doors and caches that stand in development too. All stand in production but the access list, which needs an acceptance
there."""
CONTEXTS: Mapping[Context, Settings] = {
    (tier, door, cache): _base(tier, door, cache)
    for tier, door, cache in product(("development", "production"), (*DOORS, NONE), (*CACHES, NONE))
    if (door != "ipAccessList" if tier == "production" else door == "ipAccessList" or (door, cache) in _DEVELOPED)
    and not door == cache == NONE
}


def _set(path: str, value: object) -> Change:
    """`atlas.cluster.storageGb`: the key below `dolmen:`."""

    def change(settings: Settings) -> None:
        *steps, last = f"dolmen:{path}".split(".")
        into = settings
        for step in steps:
            into = into.setdefault(step, {})
        into[last] = value

    return change


def _all(*changes: Change) -> Change:
    def change(settings: Settings) -> None:
        for one in changes:
            assert one is not None
            one(settings)

    return change


def _another(settings: Settings) -> None:
    asked = {"dolmen:atlas": {"database": "search", "instances": 2}, "dolmen:cache": {"cacheKeys": "search:*"}}
    uses = {key: value for part, keys in asked.items() if part in settings for key, value in keys.items()}
    settings["dolmen:applications"]["search"] = uses


_CLUSTER, _APP = "atlas.cluster", "applications.shop"
OPTIONS: Mapping[str, Mapping[str, Change]] = {
    "size": {
        "M30": None,
        "R50": _set(f"{_CLUSTER}.instanceSize", "R50"),
        "M40_NVME": _all(_set(f"{_CLUSTER}.instanceSize", "M40_NVME"), _set("atlas.backup", {"hourly": {"every": 12}})),
    },
    "electable": {"3": None, "5": _set(f"{_CLUSTER}.electableNodes", 5)},
    "readOnly": {"0": None, "2": _set(f"{_CLUSTER}.readOnlyNodes", 2)},
    "analytics": {"0": None, "1": _set(f"{_CLUSTER}.analyticsNodes", 1)},
    "disk": {
        "its own": None,
        "100 GB": _set(f"{_CLUSTER}.storageGb", 100),
        "fast": _all(_set(f"{_CLUSTER}.storageGb", 100), _set(f"{_CLUSTER}.provisionedIops", 3000)),
    },
    "growth": {
        "disk": None,
        "none": _set(f"{_CLUSTER}.autoscaling", {"storage": False}),
        "compute": _set(f"{_CLUSTER}.autoscaling", {"compute": {"minimum": "M30", "maximum": "M60"}}),
    },
    "oplog": {"Atlas's own": None, "48 h": _set(f"{_CLUSTER}.oplogHours", 48)},
    "tls": {"1.2": None, "1.3": _set(f"{_CLUSTER}.minimumTls", "TLS1_3")},
    "backup": {
        "guide's": None,
        "long": _all(
            _set("atlas.backup.restoreWindowDays", 2),
            _set("atlas.backup.yearly", {"keepYears": 3}),
            _set("atlas.backup.monthly", {"day": "last"}),
        ),
        "snapshots": _set("atlas.backup", {"continuous": False, "hourly": None}),
        "none": _set("atlas.backup", {"enabled": False}),
    },
    "diskKey": {
        "Atlas's": None,
        "made": _set("atlas.encryptionKey", {"create": True}),
        "adopted": _set("atlas.encryptionKey", {"adopt": KEY}),
    },
    "project": {
        "made": None,
        "named": _set("atlas.project.create.maintenance", {"day": "tuesday", "hour": 3, "autoDefer": False}),
        "adopted": _set("atlas.project", {"adopt": "5f0000000000000000000009"}),
    },
    "credentials": {"secret": None, "environment": _set("atlas.credentials", "environment")},
    "alerts": {
        "email": None,
        "custom": _set("atlas.alerts.custom", {"queues": {"metric": "GLOBAL_LOCK_CURRENT_QUEUE_TOTAL", "above": 100}}),
        "none": lambda settings: settings["dolmen:atlas"].pop("alerts"),
    },
    "databaseUsers": {
        "operations": None,
        "none": _set("atlas.users.operations", False),
        "all": _all(_set("atlas.users.readOnly", True), _set("atlas.users.iam", {"shop": [ROLE]})),
    },
    "durability": {
        "snapshots": None,
        "async": _set("cache.durability", "async"),
        "sync": _set("cache.durability", "sync"),
    },
    "cacheKey": {
        "AWS's": None,
        "made": _set("cache.encryptionKey", {"create": True}),
        "adopted": _set("cache.encryptionKey", {"adopt": KEY}),
    },
    "logs": {
        "both": None,
        "slow": _set("cache.logs.engineLog", False),
        "none": _all(_set("cache.logs.slowLog", False), _set("cache.logs.engineLog", False)),
    },
    "snapshots": {
        "7": None,
        "30": _all(_set("cache.snapshots.retentionDays", 30), _set("cache.snapshots.window", "20:00-21:30")),
        "0": _set("cache.snapshots.retentionDays", 0),
    },
    "seed": {
        "nothing": None,
        "snapshot": _set("cache.seed", {"snapshot": SNAPSHOT}),
        "file": _set("cache.seed", {"rdb": ["arn:aws:s3:::shop-backups/shop.rdb"]}),
    },
    "places": {"any": None, "two": _set("cache.preferredZones", ["ap-northeast-2b", "ap-northeast-2a"])},
    "scaling": {
        "none": None,
        "shards": _set("cache.autoscaling", {"shards": {"minimum": 2, "maximum": 3, "memoryPercent": 70}}),
        "replicas": _set("cache.autoscaling", {"replicas": {"minimum": 1, "maximum": 2, "cpuPercent": 60}}),
    },
    "zones": {"two": None, "one": _set("cache.multiAz", False)},
    "parameters": {
        "guide's": None,
        "own": _set("cache.parameters", {"maxmemory-policy": "noeviction", "notify-keyspace-events": "KEA"}),
    },
    "alarms": {
        "email": _set("cache.alarms.email", ["ops@example.com"]),
        "slack": _set("cache.alarms.slack", {"workspaceId": "T0123456789", "channelId": "C0123456789"}),
        "topic": _set("cache.alarms.topicArn", "arn:aws:sns:ap-northeast-2:123456789012:alarms"),
        "nobody": None,
    },
    "login": {
        "password": None,
        "iam": _set(f"{_APP}.cacheAuthentication", "iam"),
        "both": _set(f"{_APP}.cacheLogins", ["password", "iam"]),
    },
    "generation": {
        "first": None,
        "second made": _set(f"{_APP}.credentials", {"generation": 2, "active": 1}),
        "second": _set(f"{_APP}.credentials", {"generation": 2, "active": 2}),
    },
    "reader": {
        "nobody": None,
        "ecs": _set(f"{_APP}.reader", {"ecsTasks": {"as": "task"}}),
        "pods": _set(
            f"{_APP}.reader", {"eksPodIdentity": {"cluster": "k", "namespace": "shop", "serviceAccount": "shop"}}
        ),
        "lambda": _set(f"{_APP}.reader", {"lambdaFunction": {}}),
        "existing": _set(f"{_APP}.reader", {"attachToRole": EXISTING_ROLE}),
    },
    "secretsKey": {
        "AWS's": None,
        "made": _set(f"{_APP}.secrets.encryptionKey", {"create": True}),
        "adopted": _set(f"{_APP}.secrets.encryptionKey", {"adopt": KEY}),
    },
    "further": {"none": None, "generated": _set(f"{_APP}.secrets.further", {"signing": {"generated": {}}})},
    "ownLogins": {
        "nobody reads": None,
        "read": _all(
            _set("cache.exporterUser", {"reader": {"ecsTasks": {"as": "execution"}}}),
            _set("cache.operationsUser", {"credentials": {"generation": 2, "active": 1}}),
        ),
        "own key": _set("cache.secrets", {"encryptionKey": {"create": True}, "recoveryWindowDays": 30}),
    },
    "copies": {
        "none": None,
        "two": _set(
            f"{_APP}.secrets.replicas",
            {"us-west-2": {}, "eu-west-1": {"kmsKeyArn": KEY.replace("ap-northeast-2", "eu-west-1")}},
        ),
    },
    "overridden": {
        "nothing": None,
        "a description": _set("overrides", {"shop-shop-secrets-database/Secret": {"description": "Logins"}}),
    },
    "strangers": {
        "none": None,
        "another account": _set(f"{_APP}.secrets.crossAccountReaders", ["arn:aws:iam::210987654321:role/reporting"]),
    },
    "others": {
        "none": None,
        "search": _another,
    },
    "tokens": {"signed": None, "none": lambda settings: settings["dolmen:applications"]["shop"].pop("jwtKeys")},
    "tags": {"none": None, "some": _set("tags", {"team": "shop", "cost-center": "4711"})},
}
"""Option → word → change."""


_OF_ATLAS = (
    "size electable readOnly analytics disk growth oplog tls backup diskKey project credentials alerts databaseUsers"
)
_OF_CACHE = "durability cacheKey logs snapshots seed places scaling zones parameters alarms login ownLogins"


def options_of(context: Context) -> Mapping[str, Mapping[str, Change]]:
    """The options of the parts that a context has."""
    absent = [names.split() for names, kind in zip((_OF_ATLAS, _OF_CACHE), context[1:], strict=True) if kind == NONE]
    return {name: words for name, words in OPTIONS.items() if not any(name in names for names in absent)}


def fits(context: Context, some: Mapping[str, str]) -> bool:
    """Whether no rule keeps these words apart, or from this context; `some` may hold a few of the options."""
    tier, _, cache = context
    nvme = some.get("size") == "M40_NVME"
    in_production = tier == "production" and (
        some.get("backup") in ("snapshots", "none")
        or some.get("alerts") == "none"
        or some.get("alarms") == "nobody"
        or some.get("logs") in ("slow", "none")
        or some.get("snapshots") == "0"
        or some.get("zones") == "one"
    )
    lasting = some.get("durability") in ("async", "sync")
    return not (
        in_production
        or (nvme and (some.get("disk") in ("100 GB", "fast") or some.get("growth") in ("none", "compute")))
        or (nvme and (some.get("backup") in ("snapshots", "long", "none") or some.get("oplog") == "48 h"))
        or (some.get("size") == "R50" and some.get("growth") == "compute")
        or (some.get("oplog") == "48 h" and some.get("growth") == "none")
        or (lasting and (cache != "valkey-sharded" or some.get("zones") == "one"))
        or (some.get("zones") == "one" and cache == "valkey-sharded")
        or (some.get("places") == "two" and cache == "valkey-sharded")
        or (some.get("scaling") in ("shards", "replicas") and cache != "valkey-sharded")
        or (some.get("login") in ("iam", "both") and some.get("reader") == "nobody")
        or (some.get("strangers") == "another account" and some.get("secretsKey") == "AWS's")
    )
