"""What AWS would refuse of a replication group."""

import re
from collections.abc import Iterator, Mapping, Sequence

import pulumi

from ..arguments import Problem, between, given_or, known
from ..keys import kms_key_problems
from . import replication_group_arguments as defaults
from . import tables
from .alarms import alarm_problems
from .autoscaling import autoscaling_problems
from .parameters import parameter_problems
from .replication_group_arguments import CacheReplicationGroupArgs
from .seed import seed_problems
from .topology import Topology, topology_problems
from .windows import window_problems
from .zones import zone_problems

MOST_SNAPSHOT_RETENTION_DAYS = 35
HIGHEST_PORT = 65535
LOG_RETENTIONS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)  # fmt: skip
"""Days for which CloudWatch keeps logs.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""


def problems(args: CacheReplicationGroupArgs) -> Iterator[Problem]:
    """What ElastiCache and CloudWatch would refuse; nothing about what is not known yet."""
    topology = topology_of(args)
    maintenance = known(given_or(args.get("maintenance_window"), defaults.MAINTENANCE_WINDOW))
    snapshot = known(given_or(args.get("snapshot_window"), defaults.SNAPSHOT_WINDOW))
    retention = known(given_or(args.get("snapshot_retention_days"), defaults.SNAPSHOT_RETENTION_DAYS))
    log_retention = known(args.get("log_retention_days"))
    yield from replication_group_id_problems(known(args.get("replication_group_id")))
    yield from topology_problems(topology)
    yield from _subnet_problems(known(args.get("private_subnet_ids")), topology.multi_az)
    zones = known(args.get("preferred_zones"))
    yield from zone_problems(None if zones is None else [*map(known, zones)], topology)
    yield from between(("port",), known(args.get("port")), 1, HIGHEST_PORT)
    yield from window_problems(maintenance, snapshot, retention)
    yield from between(("snapshot_retention_days",), retention, 0, MOST_SNAPSHOT_RETENTION_DAYS)
    yield from seed_problems(known(args.get("seed_snapshot")), known(args.get("seed_rdb")), topology.cluster_mode)
    if log_retention is not None and log_retention not in LOG_RETENTIONS:
        days = ", ".join(map(str, LOG_RETENTIONS))
        yield Problem(("log_retention_days",), f"One of {days} is expected here.", "Write one of these.")
    yield from kms_key_problems(known(args.get("kms_key_arn")), None, ("kms_key_arn",))
    yield from kms_key_problems(known(args.get("log_kms_key_arn")), None, ("log_kms_key_arn",))
    yield from parameter_problems(effective_parameters(given_or(args.get("parameters"), {})), topology)
    if (autoscaling := known(args.get("autoscaling"))) is not None:
        for one in autoscaling_problems(autoscaling, topology):
            yield Problem(("autoscaling", *one.argument), one.rule, one.remedy)
    if (alarms := known(args.get("alarms"))) is not None:
        yield from (Problem(("alarms", *found.argument), found.rule, found.remedy) for found in alarm_problems(alarms))


def topology_of(args: CacheReplicationGroupArgs) -> Topology:
    """What the group is made of, as far as it is known."""
    return Topology(
        engine=known(given_or(args.get("engine"), defaults.ENGINE)),
        version=known(args.get("version")),
        node_type=known(args.get("node_type")),
        cluster_mode=known(args.get("cluster_mode")),
        shards=known(given_or(args.get("shards"), defaults.SHARDS)),
        replicas=known(given_or(args.get("replicas"), defaults.REPLICAS)),
        multi_az=known(given_or(args.get("multi_az"), defaults.MULTI_AZ)),
        durability=known(args.get("durability")),
    )


def effective_parameters(given: Mapping[str, str]) -> dict[str, str]:
    """Dolmen's defaults under the caller's own, sorted by name."""
    return dict(sorted({**tables.default_parameters(), **given}.items()))


def replication_group_id_problems(identifier: str | None) -> Iterator[Problem]:
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html"""
    if identifier is not None and (not re.fullmatch(r"[a-z](-?[a-z0-9])*", identifier) or len(identifier) > 40):
        yield Problem(
            ("replication_group_id",),
            "A replication group id has 1 to 40 lower-case letters, digits and single hyphens, begins with a letter and "
            "does not end with a hyphen.",
            "Write an id such as chat-prod-cache.",
        )


def _subnet_problems(subnet_ids: Sequence[pulumi.Input[str]] | None, multi_az: bool | None) -> Iterator[Problem]:
    """Only where the list is known; whether two subnets lie in two zones, their ids do not tell."""
    if subnet_ids is None:
        return
    for index, subnet in enumerate(subnet_ids):
        if isinstance(subnet, str) and subnet in [known(earlier) for earlier in subnet_ids[:index]]:
            yield Problem(
                ("private_subnet_ids", index), "This entry stands in the list twice.", "Remove one of the two."
            )
    if len(subnet_ids) < (2 if multi_az else 1):
        yield Problem(
            ("private_subnet_ids",),
            "Multi-AZ needs subnets in at least two zones." if multi_az else "A cache lies in at least one subnet.",
            "Name one private subnet of each zone.",
        )
