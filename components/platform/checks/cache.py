"""Rules between the cache section and others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from dolmen.stackfile import Problem

from ...cache.catalog import node_type
from ...cache.rules import MOST_NODES
from ..arguments.cache import RESERVED_LOGINS
from ..model.applications import Application
from ..model.cache import Cache
from ..model.cache_access import shared_keys
from ..model.stack import CACHE_PAGER_DUTY_KEY
from . import Rule
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


def no_application_takes_the_platforms_own_login(applications: Mapping[str, Application]) -> Iterator[Problem]:
    for name in applications:
        if name in RESERVED_LOGINS:
            yield Problem(
                ("applications", name),
                f"The cache has a user {name} of the platform's own.",
                "Give the application another name.",
            )


def user_ids_fit(name: str, applications: Mapping[str, Application]) -> Iterator[Problem]:
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUser.html"""
    for application in applications:
        if len(f"{name}-{application}") > 40:
            yield Problem(
                ("applications", application),
                f"The cache's user id {name}-{application} would have more than 40 characters.",
                "Shorten the application's name or the platform's.",
            )


def a_user_group_holds_every_login(applications: Mapping[str, Application]) -> Iterator[Problem]:
    """100 users in a group (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html)."""
    if len(applications) + len(RESERVED_LOGINS) > 100:
        yield Problem(
            ("applications",),
            f"A user group holds 100 users, {len(RESERVED_LOGINS)} of them the platform's own, and these are "
            f"{len(applications)} applications.",
            "Spread them over two platforms.",
        )


def the_cache_survives_failures_and_mistakes(guards: Guards, cache: Cache) -> Iterator[Problem]:
    reserved = cache.effective_parameters["reserved-memory-percent"]
    lowest, highest = (guards.number("elasticache-reserved-memory", name) for name in ("lowest", "highest"))
    for policy, broken, key in (
        ("elasticache-multi-az", not cache.multi_az, "multiAz"),
        (
            "elasticache-backup",
            cache.snapshots.retention_days < guards.number("elasticache-backup", "minimumDays"),
            "snapshots.retentionDays",
        ),
        ("elasticache-final-snapshot", cache.snapshots.final is False, "snapshots.final"),
        ("elasticache-burstable-nodes", node_type(cache.node_type).burstable, "nodeType"),
        (
            "elasticache-reserved-memory",
            reserved.isdigit() and not lowest <= int(reserved) <= highest,
            "parameters.reserved-memory-percent",
        ),
        ("elasticache-logs", not cache.logs.slow_log, "logs.slowLog"),
        ("elasticache-logs", cache.logs.slow_log and not cache.logs.engine_log, "logs.engineLog"),
        (
            "elasticache-node-quota",
            guards.number("elasticache-node-quota", "mostNodes") < cache.topology.nodes <= MOST_NODES,
            "clusterMode.shards",
        ),
    ):
        if broken:
            role = (
                "cache*" if policy == "elasticache-reserved-memory" else "cache"
            )  # its parameter group has a name of its own
            yield from guards.broken(policy, role, ("cache", *key.split(".")))


def a_paged_platform_has_the_key(cache: Cache, secret_keys: frozenset[str]) -> Iterator[Problem]:
    if cache.alarms.pager_duty is not None and CACHE_PAGER_DUTY_KEY not in secret_keys:
        yield Problem(
            ("cache", "alarms", "pagerDuty"),
            "PagerDuty's integration key is a secret of its own.",
            f"Run `pulumi config set --secret dolmen:{CACHE_PAGER_DUTY_KEY}`.",
        )


RULES: tuple[Rule, ...] = (
    keys_belong_to_one_application,
    keys_are_shared_with_applications_that_exist,
    no_application_takes_the_platforms_own_login,
    user_ids_fit,
    a_user_group_holds_every_login,
    the_cache_survives_failures_and_mistakes,
    a_paged_platform_has_the_key,
)
