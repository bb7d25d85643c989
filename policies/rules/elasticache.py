"""ElastiCache: replication groups, single clusters, serverless caches."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .framework.resources import Resource
from .framework.rule import Settings, resource_rule
from .framework.values import UNKNOWN
from .types import CACHE_CLUSTER, REPLICATION_GROUP, SERVERLESS_CACHE


def engine(cache: Resource) -> str:
    """`redis` is what ElastiCache takes a replication group for that says nothing."""
    return cache.known("engine").lower() or "redis"


def snapshots_exist(cache: Resource) -> bool:
    return not (cache.type == CACHE_CLUSTER and engine(cache) == "memcached")


def in_group(cache: Resource) -> bool:
    """A single cluster that is a further replica of a replication group has the group's settings."""
    return cache.given("replicationGroupId") and cache.type == CACHE_CLUSTER


@resource_rule("elasticache-tls", REPLICATION_GROUP, CACHE_CLUSTER)
def tls(cache: Resource, settings: Settings) -> Iterator[str]:
    """A serverless cache takes TLS only."""
    if in_group(cache):
        return
    if cache.type == CACHE_CLUSTER and engine(cache) != "memcached":
        yield "A single Redis cluster cannot encrypt connections at all."
    elif cache.flag("transitEncryptionEnabled", default=False) is False:
        yield "transitEncryptionEnabled is off: passwords and keys cross the network in the clear."
    if cache.known("transitEncryptionMode").lower() == "preferred":
        yield "transitEncryptionMode is preferred: connections without TLS are still taken."


@resource_rule("elasticache-encrypted-at-rest", REPLICATION_GROUP, CACHE_CLUSTER)
def encrypted_at_rest(cache: Resource, settings: Settings) -> Iterator[str]:
    """Valkey is encrypted unless that is switched off; Redis OSS only if it is switched on."""
    if cache.type == CACHE_CLUSTER:
        if engine(cache) != "memcached" and not in_group(cache):
            yield "A single Redis cluster cannot encrypt its snapshots and disks."
        return
    if cache.flag("atRestEncryptionEnabled", default=engine(cache) == "valkey") is False:
        yield "atRestEncryptionEnabled is off: snapshots and swap are stored in the clear."


@resource_rule("elasticache-own-key", REPLICATION_GROUP, SERVERLESS_CACHE)
def own_key(cache: Resource, settings: Settings) -> Iterator[str]:
    if not cache.given("kmsKeyId"):
        yield "kmsKeyId is absent: a key that AWS owns encrypts it, which nobody here can disable or audit."


@resource_rule("elasticache-authentication", REPLICATION_GROUP, SERVERLESS_CACHE)
def authentication(cache: Resource, settings: Settings) -> Iterator[str]:
    if cache.type == SERVERLESS_CACHE:
        if not cache.given("userGroupId"):
            yield "userGroupId is absent: whoever reaches the cache may do everything, without a password."
    elif not cache.given("userGroupIds") and not cache.given("authToken"):
        yield "There is no user group: whoever reaches the cache may do everything, without a password."


@resource_rule("elasticache-users-not-token", REPLICATION_GROUP)
def users_not_token(cache: Resource, settings: Settings) -> Iterator[str]:
    if cache.given("authToken"):
        yield "authToken is one password for everybody, with every right."


@resource_rule("elasticache-automatic-failover", REPLICATION_GROUP)
def automatic_failover(cache: Resource, settings: Settings) -> Iterator[str]:
    if cache.flag("automaticFailoverEnabled", default=False) is False:
        yield "automaticFailoverEnabled is off: when the primary fails, somebody has to promote a replica by hand."


@resource_rule("elasticache-multi-az", REPLICATION_GROUP, CACHE_CLUSTER)
def multi_az(cache: Resource, settings: Settings) -> Iterator[str]:
    if cache.type == CACHE_CLUSTER:
        several = engine(cache) == "memcached" and (cache.number("numCacheNodes", default=1) or 1) > 1
        if several and cache.known("azMode") != "cross-az":
            yield "azMode is not cross-az: one zone's failure takes every node."
        return
    if cache.flag("multiAzEnabled", default=False) is False:
        yield "multiAzEnabled is off: all nodes may stand in one zone, and fail with it."


@resource_rule("elasticache-replicas", REPLICATION_GROUP)
def replicas(cache: Resource, settings: Settings) -> Iterator[str]:
    if cache.given("globalReplicationGroupId"):
        return
    shards = cache.views("nodeGroupConfigurations")
    if any(shard.number("replicaCount", default=0) == 0 for shard in shards):
        yield "A shard has no replica: its keys are gone with its node."
    elif not shards and cache.raw("nodeGroupConfigurations") is not UNKNOWN:
        per_shard = cache.number("replicasPerNodeGroup")
        nodes = cache.number("numCacheClusters")
        known = cache.raw("replicasPerNodeGroup") is not UNKNOWN and cache.raw("numCacheClusters") is not UNKNOWN
        if known and (per_shard or 0) < 1 and (nodes or 1) < 2:
            yield "There is no replica: the keys are gone with the node."


@resource_rule("elasticache-backup", REPLICATION_GROUP, CACHE_CLUSTER, SERVERLESS_CACHE)
def backup(cache: Resource, settings: Settings) -> Iterator[str]:
    if not snapshots_exist(cache) or in_group(cache) or engine(cache) == "memcached":
        return
    days = cache.number("snapshotRetentionLimit", default=0)
    minimum = settings.number("minimumDays", cache)
    if days is not None and days < minimum:
        kept = "No snapshots are taken" if days == 0 else f"Snapshots are kept for {days:g} days"
        yield f"{kept}: at least {minimum:g} days here."


@resource_rule("elasticache-final-snapshot", REPLICATION_GROUP, CACHE_CLUSTER)
def final_snapshot(cache: Resource, settings: Settings) -> Iterator[str]:
    if snapshots_exist(cache) and not in_group(cache) and not cache.given("finalSnapshotIdentifier"):
        yield "finalSnapshotIdentifier is absent: deleting the cache keeps nothing of it."


@resource_rule("elasticache-minor-upgrades", REPLICATION_GROUP, CACHE_CLUSTER)
def minor_upgrades(cache: Resource, settings: Settings) -> Iterator[str]:
    """On unless switched off. With a version in the program an upgrade by AWS reads as a downgrade, which replaces the
    cache: then the version is raised by hand, and `elasticache-supported-version` watches it."""
    off = cache.flag("autoMinorVersionUpgrade", default=True) is False
    if off and not cache.given("engineVersion") and not in_group(cache):
        yield "Neither does AWS install patches nor does the program name a version: it stays as old as it is."


@resource_rule("elasticache-supported-version", REPLICATION_GROUP, CACHE_CLUSTER, SERVERLESS_CACHE)
def supported_version(cache: Resource, settings: Settings) -> Iterator[str]:
    key = "majorEngineVersion" if cache.type == SERVERLESS_CACHE else "engineVersion"
    version = cache.known(key)
    oldest = settings.tables("elasticache")["oldestVersions"].get(engine(cache))
    if version and oldest and _numbers(version) < _numbers(str(oldest))[: len(_numbers(version))]:
        yield f"{engine(cache)} {version} gets no more security fixes; {oldest} and later do."


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:2])


@resource_rule("elasticache-subnet-group", REPLICATION_GROUP, CACHE_CLUSTER, SERVERLESS_CACHE)
def subnet_group(cache: Resource, settings: Settings) -> Iterator[str]:
    if in_group(cache) or cache.given("globalReplicationGroupId"):
        return
    if cache.type == SERVERLESS_CACHE:
        if not cache.given("subnetIds"):
            yield "subnetIds is absent: the cache stands in the account's default VPC."
    elif not cache.given("subnetGroupName"):
        yield "subnetGroupName is absent: the cache stands in the default VPC, whose subnets are public."
    elif cache.peek("subnetGroupName").lower() == "default":
        yield "This is the default subnet group, whose subnets are public."


@resource_rule("elasticache-security-group", REPLICATION_GROUP, CACHE_CLUSTER, SERVERLESS_CACHE)
def security_group(cache: Resource, settings: Settings) -> Iterator[str]:
    if not cache.given("securityGroupIds") and not in_group(cache):
        yield "securityGroupIds is absent: the VPC's default group decides who reaches the cache."


@resource_rule("elasticache-logs", REPLICATION_GROUP)
def logs(cache: Resource, settings: Settings) -> Iterator[str]:
    if cache.raw("logDeliveryConfigurations") is UNKNOWN:
        return
    delivered = {one.known("logType") for one in cache.views("logDeliveryConfigurations") if one.given("destination")}
    missing = sorted({"slow-log", "engine-log"} - delivered)
    if missing:
        yield f"The {' and the '.join(missing)} {'is' if len(missing) == 1 else 'are'} delivered nowhere."


@resource_rule("elasticache-durability", REPLICATION_GROUP)
def durability(cache: Resource, settings: Settings) -> Iterator[str]:
    """Only where the engine can: Valkey 9.0 in cluster mode, and only for a choice that was written down."""
    if cache.known("durability").lower() == "disabled":
        yield "durability is disabled: a failure loses every write since the last snapshot."


@resource_rule("elasticache-replication-group", CACHE_CLUSTER)
def replication_group(cache: Resource, settings: Settings) -> Iterator[str]:
    if engine(cache) != "memcached" and not in_group(cache):
        yield "A single cluster has neither TLS nor users nor failover."
