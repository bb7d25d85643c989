"""Stack checks between the cache section and others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from dolmen.stackfile import Problem

from ...cache import tables
from ...cache.access_string import SAFE
from ...cache.cluster_clients import cluster_client_problems
from ...cache.topology import MOST_NODES
from ...keys import kms_key_problems
from ..cache import EXPORTER, OPERATIONS
from ..model.applications import Application
from ..model.cache import Cache
from ..model.cache.topology import ClusterMode
from ..model.cache_access import shared_keys
from .guards import Guards


def keys_belong_to_one_application(applications: Mapping[str, Application]) -> Iterator[Problem]:
    for name, pattern, earlier, taken in shared_keys(applications):
        given = "cacheKeys" if applications[name].cache_access_string is None else "cacheAccessString"
        yield Problem(
            ("applications", name, given),
            f"{pattern} meets {taken}, which belongs to {earlier}.",
            f"Give each application a prefix of its own, or write cacheSharesKeysWith: [{earlier}].",
            value=pattern,
        )


def clients_of_a_cluster_can_connect(applications: Mapping[str, Application], cache: Cache) -> Iterator[Problem]:
    """Only the stack knows both; what is wrong with the string itself is said where it stands."""
    if not isinstance(cache.cluster_mode, ClusterMode):
        return
    for name, application in applications.items():
        for rule, remedy in cluster_client_problems(application.cache_access_string or SAFE):
            shown = application.shown_access_string()
            yield Problem(("applications", name, "cacheAccessString"), rule, remedy, value=shown)


def keys_are_shared_with_applications_that_exist(applications: Mapping[str, Application]) -> Iterator[Problem]:
    for name, application in applications.items():
        for index, other in enumerate(application.cache_shares_keys_with):
            if other not in applications or other == name:
                near = get_close_matches(other, [known for known in applications if known != name], 1, 0.6)
                yield Problem(
                    ("applications", name, "cacheSharesKeysWith", index),
                    "Keys are shared with another application of this platform.",
                    f"Did you mean {near[0]}?" if near else "Remove it, or add the application.",
                )


def no_application_takes_the_platforms_own_login(
    applications: Mapping[str, Application], cache: Cache
) -> Iterator[Problem]:
    del cache
    for name in applications:
        if name in (EXPORTER, OPERATIONS):
            yield Problem(
                ("applications", name),
                f"The cache has a user {name} of the platform's own.",
                "Give the application another name.",
            )


def adopted_keys_lie_in_the_region(region: str, cache: Cache) -> Iterator[Problem]:
    """The form of an ARN is the components' to judge; only the stack knows the region."""
    for place, key in (
        (("encryptionKey",), cache.encryption_key),
        (("logs", "encryptionKey"), cache.logs.encryption_key),
        (("alarms", "encryptionKey"), None if cache.alarms is None else cache.alarms.encryption_key),
    ):
        if key is not None and not any(kms_key_problems(key.adopt, None, ())):
            for problem in kms_key_problems(key.adopt, region, ()):
                yield Problem(("cache", *place, "adopt"), problem.rule, problem.remedy)


def preferred_zones_are_those_of_the_subnets(
    region: str, network__subnet_zones: tuple[str, ...] | None, cache: Cache
) -> Iterator[Problem]:
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html"""
    for index, zone in enumerate(cache.preferred_zones or ()):
        if network__subnet_zones is not None and zone not in network__subnet_zones:
            listed = ", ".join(network__subnet_zones)
            yield Problem(
                ("cache", "preferredZones", index),
                f"No subnet of the platform lies in this zone: they lie in {listed}.",
                "Write one of these, or add a subnet.",
            )
        elif network__subnet_zones is None and not zone.startswith(region):
            yield Problem(
                ("cache", "preferredZones", index),
                f"This is no availability zone of {region}, where the platform is.",
                f"Write a zone such as {region}a.",
            )


def the_cache_survives_failures_and_mistakes(guards: Guards, cache: Cache) -> Iterator[Problem]:
    reserved = cache.effective_parameters["reserved-memory-percent"]
    node = tables.node_types().get(cache.node_type)
    burstable = node is not None and node.burstable
    lowest, highest = (guards.number("elasticache-reserved-memory", name) for name in ("lowest", "highest"))
    for policy, broken, key in (
        ("elasticache-multi-az", not cache.multi_az, "multiAz"),
        (
            "elasticache-backup",
            cache.snapshots.retention_days < guards.number("elasticache-backup", "minimumDays"),
            "snapshots.retentionDays",
        ),
        ("elasticache-final-snapshot", cache.snapshots.final is False, "snapshots.final"),
        ("elasticache-burstable-nodes", burstable, "nodeType"),
        (
            "elasticache-reserved-memory",
            reserved.isdigit() and not lowest <= int(reserved) <= highest,
            "parameters.reserved-memory-percent",
        ),
        ("elasticache-alarms", cache.alarms is None, "alarms"),
        ("elasticache-logs", not cache.logs.slow_log, "logs.slowLog"),
        ("elasticache-logs", cache.logs.slow_log and not cache.logs.engine_log, "logs.engineLog"),
        (
            "elasticache-node-quota",
            guards.number("elasticache-node-quota", "mostNodes") < cache.nodes <= MOST_NODES,
            "clusterMode.shards",
        ),
    ):
        if broken:
            # The parameter group has a name of its own.
            role = "cache*" if policy == "elasticache-reserved-memory" else "cache"
            yield from guards.broken(policy, role, ("cache", *key.split(".")))


CHECKS = (
    clients_of_a_cluster_can_connect,
    keys_belong_to_one_application,
    keys_are_shared_with_applications_that_exist,
    no_application_takes_the_platforms_own_login,
    adopted_keys_lie_in_the_region,
    preferred_zones_are_those_of_the_subnets,
    the_cache_survives_failures_and_mistakes,
)
