"""ElastiCache: encryption, authentication, versions, logs."""

from __future__ import annotations

from collections.abc import Iterator

from .framework.policy import Settings, resource_policy, words
from .framework.resources import Resource
from .framework.tables import components, table
from .framework.values import UNKNOWN, version_numbers
from .resource_types import ANY_CACHE, CACHE_CLUSTER, CACHES, NODE_BASED_CACHES, REPLICATION_GROUP, SERVERLESS_CACHE


def engine(cache: Resource) -> str:
    """`redis` is what ElastiCache takes a replication group for that says nothing."""
    return cache.known("engine").lower() or "redis"


def snapshots_exist(cache: Resource) -> bool:
    return not (cache.type == CACHE_CLUSTER and engine(cache) == "memcached")


def in_group(cache: Resource) -> bool:
    """A single cluster that is a further replica of a replication group has the group's settings."""
    return cache.given("replicationGroupId") and cache.type == CACHE_CLUSTER


@resource_policy("elasticache-tls", *NODE_BASED_CACHES, severity="high", enforcement="always")
@words(
    title="A cache takes TLS connections only.",
    rationale='Passwords, keys and values cross the network. "preferred" still takes connections without TLS.',
    remedy="Set transitEncryptionEnabled: true and transitEncryptionMode: required.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption.html",
)
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


@resource_policy("elasticache-encrypted-at-rest", *NODE_BASED_CACHES, severity="high", enforcement="always")
@words(
    title="A cache encrypts what it stores.",
    rationale="Snapshots, swap and the durability log hold the data. Redis OSS is encrypted only when that is switched on.",
    remedy="Set atRestEncryptionEnabled: true; it can only be set when the cache is made.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html",
)
def encrypted_at_rest(cache: Resource, settings: Settings) -> Iterator[str]:
    """Valkey is encrypted unless that is switched off; Redis OSS only if it is switched on."""
    if cache.type == CACHE_CLUSTER:
        if engine(cache) != "memcached" and not in_group(cache):
            yield "A single Redis cluster cannot encrypt its snapshots and disks."
        return
    if cache.flag("atRestEncryptionEnabled", default=engine(cache) == "valkey") is False:
        yield "atRestEncryptionEnabled is off: snapshots and swap are stored in the clear."


@resource_policy("elasticache-own-key", *CACHES, severity="low", enforcement="advice-in-production")
@words(
    title="A production cache is encrypted with a key of yours.",
    rationale="Only a key of your own can be disabled, audited and given a policy.",
    remedy="Give kmsKeyId; it can only be set when the cache is made.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html",
)
def own_key(cache: Resource, settings: Settings) -> Iterator[str]:
    if not cache.given("kmsKeyId"):
        yield "kmsKeyId is absent: a key that AWS owns encrypts it, which nobody here can disable or audit."


@resource_policy("elasticache-authentication", *CACHES, severity="critical", enforcement="always")
@words(
    title="A cache asks who connects.",
    rationale="Without a user group or token, whoever reaches the port reads and deletes everything.",
    remedy="Give the replication group userGroupIds (CacheAccess makes the group).",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html",
)
def authentication(cache: Resource, settings: Settings) -> Iterator[str]:
    if cache.type == SERVERLESS_CACHE:
        if not cache.given("userGroupId"):
            yield "userGroupId is absent: whoever reaches the cache may do everything, without a password."
    elif not cache.given("userGroupIds") and not cache.given("authToken"):
        yield "There is no user group: whoever reaches the cache may do everything, without a password."


@resource_policy("elasticache-users-not-token", REPLICATION_GROUP, severity="medium", enforcement="beyond-development")
@words(
    title="A cache knows its users apart.",
    rationale="A token is one password with every right for everybody, and moving from it to users locks clients out.",
    remedy="Give userGroupIds instead of authToken.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html",
)
def users_not_token(cache: Resource, settings: Settings) -> Iterator[str]:
    if cache.given("authToken"):
        yield "authToken is one password for everybody, with every right."


@resource_policy("elasticache-minor-upgrades", *NODE_BASED_CACHES, severity="medium", enforcement="beyond-development")
@words(
    title="Somebody raises a cache's minor version.",
    rationale="Patches close holes. AWS installs them, or a version in the program is raised by hand: with both, AWS's upgrade reads as a downgrade, which replaces the cache.",
    remedy="Leave autoMinorVersionUpgrade on, or write engineVersion and raise it.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement.html",
)
def minor_upgrades(cache: Resource, settings: Settings) -> Iterator[str]:
    """On unless switched off. With a version in the program an upgrade by AWS reads as a downgrade, which replaces the
    cache: then the version is raised by hand, and `elasticache-supported-version` watches it."""
    off = cache.flag("autoMinorVersionUpgrade", default=True) is False
    if off and not cache.given("engineVersion") and not in_group(cache):
        yield "Neither does AWS install patches nor does the program name a version: it stays as old as it is."


@resource_policy("elasticache-supported-version", *ANY_CACHE, severity="high", enforcement="beyond-development")
@words(
    title="A cache's engine gets security fixes.",
    rationale="Versions beyond their end of life have holes that are known and stay open.",
    remedy="Raise engineVersion.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/extended-support.html",
)
def supported_version(cache: Resource, settings: Settings) -> Iterator[str]:
    key = "majorEngineVersion" if cache.type == SERVERLESS_CACHE else "engineVersion"
    version = cache.known(key)
    oldest = {**components()["cacheEngines"], **table("elasticache")["oldestSupported"]}.get(engine(cache))
    numbers = version_numbers(version)
    if version and oldest and numbers < version_numbers(oldest)[: len(numbers)]:
        yield f"{engine(cache)} {version} gets no more security fixes; {oldest} and later do."


@resource_policy("elasticache-logs", REPLICATION_GROUP, severity="low", enforcement="production")
@words(
    title="A cache delivers its slow log and its engine log.",
    rationale="Without them nobody can say afterwards what made it slow, or who was refused.",
    remedy="Give logDeliveryConfigurations for slow-log and engine-log; in a stack file, remove slowLog: false and engineLog: false.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Log_Delivery.html",
)
def logs(cache: Resource, settings: Settings) -> Iterator[str]:
    if cache.raw("logDeliveryConfigurations") is UNKNOWN:
        return
    delivered = {one.known("logType") for one in cache.views("logDeliveryConfigurations") if one.given("destination")}
    missing = sorted({"slow-log", "engine-log"} - delivered)
    if missing:
        yield f"The {' and the '.join(missing)} {'is' if len(missing) == 1 else 'are'} delivered nowhere."


@resource_policy("elasticache-replication-group", CACHE_CLUSTER, severity="medium", enforcement="beyond-development")
@words(
    title="A cache is a replication group, not a single cluster.",
    rationale="A single Redis cluster has neither TLS nor users nor failover.",
    remedy="Use aws.elasticache.ReplicationGroup; one node is enough for development.",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.html",
)
def replication_group(cache: Resource, settings: Settings) -> Iterator[str]:
    if engine(cache) != "memcached" and not in_group(cache):
        yield "A single cluster has neither TLS nor users nor failover."
