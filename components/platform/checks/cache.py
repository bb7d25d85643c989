"""Rules between the cache section and others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from dolmen.stackfile import Problem

from ..arguments.cache import RESERVED_LOGINS
from ..model.applications import Application
from ..model.cache import Cache
from ..model.cache_access import shared_keys
from ..model.stack import CACHE_PAGER_DUTY_KEY, Tier
from .rule import Rule


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


def production_keeps_its_guards(tier: Tier, cache: Cache) -> Iterator[Problem]:
    """What production demands of a cache, unless the file says why not."""
    if tier is not Tier.PRODUCTION:
        return
    relaxed = cache.relaxations
    if not cache.multi_az and relaxed.single_zone is None:
        yield _guard("multiAz", "In production another zone takes over.", "Write multiAz: true", "singleZone")
    if cache.snapshots.retention_days < 7 and relaxed.short_snapshot_retention is None:
        yield _guard(
            "snapshots.retentionDays",
            "In production snapshots are kept for at least 7 days.",
            "Write retentionDays: 7 or more",
            "shortSnapshotRetention",
        )
    if cache.snapshots.final is False and relaxed.no_final_snapshot is None:
        yield _guard(
            "snapshots.final", "In production a deleted cache leaves a snapshot.", "Remove final", "noFinalSnapshot"
        )
    if cache.node_type.startswith(("cache.t3.", "cache.t4g.")) and relaxed.burstable_nodes is None:
        yield _guard(
            "nodeType",
            "Burstable nodes slow down under lasting load, so production has none.",
            "Choose an m7g or r7g node",
            "burstableNodes",
        )
    reserved = cache.effective_parameters["reserved-memory-percent"]
    if reserved.isdigit() and not 20 <= int(reserved) <= 30 and relaxed.memory_share is None:
        yield _guard(
            "parameters.reserved-memory-percent",
            "In production keys take 70 to 80 % of a node's memory; the rest is for snapshots and failover.",
            "Write 20 to 30",
            "memoryShare",
        )
    if not (cache.logs.slow_log and cache.logs.engine_log) and relaxed.no_logs is None:
        key = "logs.slowLog" if not cache.logs.slow_log else "logs.engineLog"
        yield _guard(key, "Production keeps the slow log and the engine log.", "Write true", "noLogs")


def _guard(key: str, rule: str, remedy: str, relaxation: str) -> Problem:
    return Problem(
        ("cache", *key.split(".")), rule, f"{remedy}, or give the reason under cache.relaxations.{relaxation}."
    )


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
    production_keeps_its_guards,
    a_paged_platform_has_the_key,
)
