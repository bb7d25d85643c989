"""Stack checks between the atlas section and others, and between its own parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dolmen.stackfile import Problem

from ...arguments import closest
from ...atlas import tables
from ..model.applications import Application
from ..model.atlas.access import Users
from ..model.atlas.alerts import Alerts
from ..model.atlas.auditing import Auditing
from ..model.atlas.backup import Backup
from ..model.atlas.cluster import Cluster
from ..model.atlas.connectivity import Connectivity
from ..model.atlas.project import ProjectChoice
from .guards import Guards


def applications_fit_the_connections(
    atlas__cluster: Cluster, applications: Mapping[str, Application]
) -> Iterator[Problem]:
    size = atlas__cluster.smallest_size
    if size is None:
        return
    wanted = {name: app.pool_size * app.instances for name, app in applications.items() if app.uses_atlas}
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


def iam_users_belong_to_applications(atlas__users: Users, applications: Mapping[str, Application]) -> Iterator[Problem]:
    for name in atlas__users.iam:
        if name in applications and not applications[name].uses_atlas:
            yield Problem(
                ("atlas", "users", "iam", name),
                "The application has no database, so nobody logs in there as it.",
                f"Give {name} a database, or remove this.",
            )
        elif name not in applications:
            near = closest(name, applications)
            yield Problem(
                ("atlas", "users", "iam", name),
                "There is no application of this name.",
                f"Did you mean {near}?"
                if near
                else (f"The applications are {', '.join(applications)}." if applications else "Remove it."),
            )


def an_adopted_project_keeps_its_audit_log(
    atlas__auditing: Auditing | None, atlas__project: ProjectChoice
) -> Iterator[Problem]:
    if atlas__auditing is not None and atlas__project.create is None:
        yield Problem(
            ("atlas", "auditing"),
            "An audit log is the whole project's: this one would overwrite that of an adopted project, and turn it off when "
            "the stack is destroyed.",
            "Remove auditing, and set it where the project is made; or create a project.",
        )


# ---- guards of a tier


def the_size_fits_the_tier(guards: Guards, atlas__cluster: Cluster) -> Iterator[Problem]:
    smallest, asked = tables.instance_sizes().get(guards.text("atlas-tier", "smallest")), atlas__cluster.smallest_size
    if smallest is not None and asked is not None and asked.ram_gb < smallest.ram_gb:
        scaled = atlas__cluster.autoscaling.compute is not None
        key = ("autoscaling", "compute", "minimum") if scaled else ("instanceSize",)
        yield from guards.broken("atlas-tier", "cluster", ("atlas", "cluster", *key))


def no_javascript_runs_on_the_server(guards: Guards, atlas__cluster: Cluster) -> Iterator[Problem]:
    if atlas__cluster.server_side_javascript:
        yield from guards.broken("atlas-javascript", "cluster", ("atlas", "cluster", "serverSideJavascript"))


def clients_connect_privately(guards: Guards, atlas__connectivity: Connectivity) -> Iterator[Problem]:
    if atlas__connectivity.deliberate and atlas__connectivity.ip_access_list is not None:
        yield from guards.broken("atlas-private-connectivity", "cluster", ("atlas", "connectivity", "ipAccessList"))


def there_are_backups(guards: Guards, atlas__backup: Backup, atlas__cluster: Cluster) -> Iterator[Problem]:
    size = tables.instance_sizes().get(atlas__cluster.instance_size)
    if size is not None and size.nvme and not atlas__backup.enabled:
        return  # refused in any tier
    if atlas__backup.retain_backups is False:
        yield from guards.broken("atlas-retain-backups", "cluster", ("atlas", "backup", "retainBackups"))
    if not atlas__backup.enabled:
        yield from guards.broken("atlas-backup", "cluster", ("atlas", "backup", "enabled"))
    elif not atlas__backup.continuous:
        yield from guards.broken("atlas-continuous-backup", "cluster", ("atlas", "backup", "continuous"))


def somebody_is_told(guards: Guards, atlas__alerts: Alerts | None, atlas__project: ProjectChoice) -> Iterator[Problem]:
    """A project that this stack creates has none of Atlas's default alerts; of an adopted one nothing is known."""
    if atlas__alerts is None:
        policy, role = (
            ("atlas-default-alerts", "project") if atlas__project.create else ("atlas-alert-coverage", "cluster")
        )
        yield from guards.broken(policy, role, ("atlas", "alerts"))


def data_is_not_edited_by_hand(guards: Guards, atlas__project: ProjectChoice) -> Iterator[Problem]:
    created = atlas__project.create
    if created is not None and created.data_explorer:
        yield from guards.broken("atlas-data-explorer", "project", ("atlas", "project", "create", "dataExplorer"))


CHECKS = (
    applications_fit_the_connections,
    iam_users_belong_to_applications,
    an_adopted_project_keeps_its_audit_log,
    the_size_fits_the_tier,
    no_javascript_runs_on_the_server,
    clients_connect_privately,
    there_are_backups,
    somebody_is_told,
    data_is_not_edited_by_hand,
)
