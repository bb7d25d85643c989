"""Rules between the atlas section and others, and between its own parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dolmen.stackfile import Problem

from ...atlas import tables
from ..messages import closest
from ..model.applications import Application
from ..model.atlas import Atlas
from ..model.atlas.alerts import Alerts
from ..model.atlas.backup import Backup
from ..model.atlas.cluster import Cluster
from ..model.atlas.connectivity import Connectivity
from ..model.atlas.project import ProjectChoice
from ..model.stack import PAGER_DUTY_KEY, SLACK_TOKEN
from . import Rule

_SMALLEST_IN_PRODUCTION_GB = 4
"""Memory of M20."""


def alerts_have_their_secret_keys(atlas__alerts: Alerts | None, secret_keys: frozenset[str]) -> Iterator[Problem]:
    if atlas__alerts is None:
        return
    for key, chosen, secret, service in (
        ("slack", atlas__alerts.slack, SLACK_TOKEN, "Slack"),
        ("pagerDuty", atlas__alerts.pager_duty, PAGER_DUTY_KEY, "PagerDuty"),
    ):
        if chosen is not None and secret not in secret_keys:
            yield Problem(
                ("atlas", "alerts", key),
                f"{service} needs its key, as a secret key of its own.",
                f"Run `pulumi config set --secret dolmen:{secret}`.",
            )


def applications_fit_the_connections(
    atlas__cluster: Cluster, applications: Mapping[str, Application]
) -> Iterator[Problem]:
    size = atlas__cluster.smallest_size
    if size is None:
        return
    wanted = {name: app.pool_size * app.instances for name, app in applications.items()}
    total = sum(wanted.values())
    if total > size.connections:
        largest = max(wanted, key=lambda name: wanted[name])
        fits = next(
            (s.name for s in tables.instance_sizes().values() if s.family == size.family and s.connections >= total),
            None,
        )
        among = "" if len(wanted) == 1 else f", most of them {largest}"
        yield Problem(
            ("applications", largest, "instances"),
            f"Pool size × instances is {total:,} connections to each node{among}; {size.name} has {size.connections:,} "
            "for clients.",
            "Lower instances or poolSize" + (f", or choose {fits}." if fits else "."),
        )


def iam_users_belong_to_applications(atlas: Atlas, applications: Mapping[str, Application]) -> Iterator[Problem]:
    for name in atlas.users.iam:
        if name not in applications:
            near = closest(name, applications)
            yield Problem(
                ("atlas", "users", "iam", name),
                "There is no application of this name.",
                f"Did you mean {near}?" if near else f"The applications are {', '.join(applications)}.",
            )


# ---- production


def _production(
    tier: str, relaxed: Mapping[str, str], rule: str, broken: bool, path: tuple[str, ...], says: str, remedy: str
) -> Iterator[Problem]:
    if tier == "production" and broken and rule not in relaxed:
        yield Problem(path, says, f'{remedy} Or allow it in writing: atlas.relaxations: {{{rule}: "<reason>"}}.')


def production_has_a_size_that_carries_load(
    tier: str, atlas__cluster: Cluster, atlas__relaxations: Mapping[str, str]
) -> Iterator[Problem]:
    size = atlas__cluster.smallest_size
    compute = atlas__cluster.autoscaling.compute
    yield from _production(
        tier,
        atlas__relaxations,
        "small-cluster",
        size is not None and size.ram_gb < _SMALLEST_IN_PRODUCTION_GB,
        ("atlas", "cluster", "autoscaling", "compute", "minimum") if compute else ("atlas", "cluster", "instanceSize"),
        "Production begins with M20: M10 has 2 GB of memory and a CPU that is throttled under load.",
        "Write M20 or larger.",
    )


def production_runs_no_javascript(
    tier: str, atlas__cluster: Cluster, atlas__relaxations: Mapping[str, str]
) -> Iterator[Problem]:
    yield from _production(
        tier,
        atlas__relaxations,
        "server-side-javascript",
        bool(atlas__cluster.server_side_javascript),
        ("atlas", "cluster", "serverSideJavascript"),
        "Production runs no JavaScript on the server: an injected query would run code there.",
        "Remove serverSideJavascript.",
    )


def production_has_no_public_entry(
    tier: str, atlas__connectivity: Connectivity, atlas__relaxations: Mapping[str, str]
) -> Iterator[Problem]:
    yield from _production(
        tier,
        atlas__relaxations,
        "public-access",
        atlas__connectivity.chosen == ("ipAccessList",),
        ("atlas", "connectivity", "ipAccessList"),
        "Production has no entry from the internet: its clients connect privately.",
        "Write privateLink: {} in its place.",
    )


def production_has_backups(
    tier: str, atlas__backup: Backup, atlas__relaxations: Mapping[str, str]
) -> Iterator[Problem]:
    yield from _production(
        tier,
        atlas__relaxations,
        "no-backup",
        not atlas__backup.enabled,
        ("atlas", "backup", "enabled"),
        "Production has backups.",
        "Remove enabled: false.",
    )
    yield from _production(
        tier,
        atlas__relaxations,
        "no-continuous-backup",
        atlas__backup.enabled and not atlas__backup.continuous,
        ("atlas", "backup", "continuous"),
        "Production can restore any second of its restore window: snapshots alone lose what came after them.",
        "Remove continuous: false.",
    )


def production_tells_somebody(
    tier: str, atlas__alerts: Alerts | None, atlas__relaxations: Mapping[str, str]
) -> Iterator[Problem]:
    yield from _production(
        tier,
        atlas__relaxations,
        "no-alerts",
        atlas__alerts is None,
        ("atlas", "alerts"),
        "Production tells somebody when it fails, and there are no alerts.",
        "Write alerts: {email: [ops@company.com]}.",
    )


def production_data_is_not_edited_by_hand(
    tier: str, atlas__project: ProjectChoice, atlas__relaxations: Mapping[str, str]
) -> Iterator[Problem]:
    created = atlas__project.create
    yield from _production(
        tier,
        atlas__relaxations,
        "data-explorer",
        created is not None and bool(created.data_explorer),
        ("atlas", "project", "create", "dataExplorer"),
        "Production's data is not read and changed in Atlas's web console.",
        "Remove dataExplorer.",
    )


RULES: tuple[Rule, ...] = (
    alerts_have_their_secret_keys,
    applications_fit_the_connections,
    iam_users_belong_to_applications,
    production_has_a_size_that_carries_load,
    production_runs_no_javascript,
    production_has_no_public_entry,
    production_has_backups,
    production_tells_somebody,
    production_data_is_not_edited_by_hand,
)
