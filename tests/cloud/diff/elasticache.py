"""ElastiCache's plan rules of its own.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elasticache_replication_group
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.cloud.contracts import is_unknown
from tests.cloud.diff.differences import Difference
from tests.cloud.diff.own_rules import Look, ignores, refuses, replaces, version

_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
_GLOBAL = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup"
DEFAULT_PORT = 6379
IN_TRANSIT_FROM = (7, 0, 5)
"""https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption-enable.html"""


@refuses(_GROUP)
def _replication_group(look: Look) -> Iterator[str]:
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html"""
    if look.after("multiAzEnabled") and not look.after("automaticFailoverEnabled"):
        yield "automaticFailoverEnabled must be true with multiAzEnabled"
    if look.after("automaticFailoverEnabled") and look.given("numCacheClusters") == 1:
        yield "automaticFailoverEnabled needs two cache clusters"
    if look.unknown("engineVersion"):
        yield "engineVersion must be known in a plan"
    strategy, token = look.after("authTokenUpdateStrategy"), look.after("authToken")
    if strategy and (strategy == "DELETE") == bool(token) and not look.unknown("authToken"):
        yield "authTokenUpdateStrategy DELETE goes without authToken, the other strategies with it"


@replaces(_GROUP)
def _replaced(look: Look) -> bool:
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement.html"""
    engines = (look.before("engine"), look.after("engine"))
    if look.changes("engine") and engines != ("redis", "valkey"):
        return True
    old, new = version(look.before("engineVersion")), version(look.after("engineVersion"))
    if new and new < old and engines[0] == engines[1]:
        return True
    actual = version(look.before("engineVersionActual")) or old
    if look.changes("transitEncryptionEnabled") and actual and actual < IN_TRANSIT_FROM:
        return True
    return _other_node_groups(look.before("nodeGroupConfigurations"), look.after("nodeGroupConfigurations"))


def _other_node_groups(before: Any, after: Any) -> bool:
    """Whether the ids of node groups differ, where each group has one."""
    if not isinstance(after, list) or not all(isinstance(entry, dict) for entry in after):
        return False
    old = {str(entry.get("nodeGroupId")) for entry in before or []}
    new = {entry.get("nodeGroupId") for entry in after}
    return not any(each is None or is_unknown(each) for each in new) and old != new


@ignores(_GROUP)
def _default_port(look: Look, found: Difference) -> bool:
    return found.path == "port" and found.before == DEFAULT_PORT and found.after is None


@refuses(_GLOBAL)
def _global_replication_group(look: Look) -> Iterator[str]:
    """https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elasticache_global_replication_group"""
    old, new = version(look.before("engineVersion")), version(look.after("engineVersion"))
    if look.unknown("engineVersion") or (new and new < old):
        yield "engineVersion must be known in a plan, and cannot be lowered"
    if look.changes("parameterGroupName") and not (new and new[:1] > old[:1]):
        yield "parameterGroupName changes only with a newer major version"
