"""Rules between the atlas section and others, and between its own parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network

from dolmen.stackfile import Problem

from ...atlas import catalogue
from ..messages import closest
from ..model.applications import Application
from ..model.atlas import Atlas, addresses
from ..model.atlas.alerts import Alerts
from ..model.atlas.backup import Backup
from ..model.atlas.cluster import Cluster
from ..model.atlas.connectivity import Connectivity
from ..model.atlas.project import ProjectChoice
from ..model.network import Network
from ..model.stack import PAGER_DUTY_KEY, SLACK_TOKEN
from .rule import Rule

_SMALLEST_IN_PRODUCTION_GB = 4
"""Memory of M20."""


def atlas_serves_the_region(region: str) -> Iterator[Problem]:
    regions = catalogue.atlas_regions()
    if region not in regions:
        separate = region.startswith(("cn-", "us-gov-"))
        near = closest(region, regions)
        yield Problem(
            ("aws:region",),
            "AWS China and GovCloud belong to separate Atlas services, which this platform does not serve."
            if separate
            else "Atlas has no dedicated clusters in this region of AWS.",
            f"Did you mean {near}?" if near and not separate else "Choose a region such as ap-northeast-2.",
        )


def backups_fit_the_instance_size(atlas__cluster: Cluster, atlas__backup: Backup) -> Iterator[Problem]:
    size = atlas__cluster.size
    if size.nvme and not atlas__backup.enabled:
        yield Problem(
            ("atlas", "backup", "enabled"),
            "Clusters on local NVMe disks always have backups.",
            "Remove enabled: false, or choose a size without NVMe.",
        )
    hourly = atlas__backup.hourly
    if atlas__backup.enabled and hourly is not None and hourly.every not in size.hourly_intervals:
        allowed = " or ".join(map(str, size.hourly_intervals))
        yield Problem(
            ("atlas", "backup", "hourly", "every"),
            f"Atlas takes hourly snapshots of {size.name} every {allowed} hours.",
            f"Write every: {allowed}, or choose a size without NVMe.",
        )


def peered_networks_do_not_overlap(network: Network, atlas__connectivity: Connectivity) -> Iterator[Problem]:
    peering = atlas__connectivity.peering
    if peering is None or len(atlas__connectivity.chosen) > 1:
        return
    atlas_network = IPv4Network(peering.atlas_cidr)
    vpc = [IPv4Network(cidr) for cidr in network.vpc_cidrs]
    if overlap := addresses.overlapping(atlas_network, vpc):
        which = "primary" if overlap == vpc[0] else "secondary"
        free = addresses.free_range(atlas_network.prefixlen, [*vpc, *addresses.RESERVED_BY_AWS])
        yield Problem(
            ("atlas", "connectivity", "peering", "atlasCidr"),
            f"Peered networks cannot overlap, and this range overlaps the VPC's {which} range {overlap}.",
            f"Write a free range, such as {free}." if free else "Choose a range outside the VPC.",
        )
    for index, cidr in enumerate(vpc):
        if not any(cidr.subnet_of(private) for private in addresses.PEERABLE):
            yield Problem(
                ("network", "vpcCidrs", index),
                "Atlas peers with private ranges only: this one would be an entry from the internet in its access list.",
                "Choose privateLink, or a VPC in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
            )
    if not network.route_table_ids:
        yield Problem(
            ("network", "routeTableIds"),
            "Peering needs a route to Atlas in the route table of every client subnet.",
            "List the route tables of the private subnets.",
        )


def vpc_ranges_have_the_size_that_aws_allows(network: Network) -> Iterator[Problem]:
    """https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"""
    for index, cidr in enumerate(network.vpc_cidrs):
        if not 16 <= IPv4Network(cidr).prefixlen <= 28:
            yield Problem(
                ("network", "vpcCidrs", index),
                "A range of a VPC has a prefix of /16 to /28.",
                "List the ranges as `aws ec2 describe-vpcs` shows them.",
            )


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
    wanted = {name: app.pool_size * app.instances for name, app in applications.items()}
    total = sum(wanted.values())
    if total > size.connections:
        largest = max(wanted, key=lambda name: wanted[name])
        fits = next(
            (s.name for s in catalogue.instance_sizes().values() if s.family == size.family and s.connections >= total),
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


def encryption_key_lies_in_the_region(region: str, atlas: Atlas) -> Iterator[Problem]:
    key = atlas.encryption_key
    if key is not None and key.adopt is not None and key.adopt.split(":")[3] != region:
        yield Problem(
            ("atlas", "encryptionKey", "adopt"),
            f"The key lies in the region of the cluster ({region}).",
            "Create the key there, or write create: true.",
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
        size.ram_gb < _SMALLEST_IN_PRODUCTION_GB,
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
        atlas__cluster.server_side_javascript,
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
        created is not None and created.data_explorer,
        ("atlas", "project", "create", "dataExplorer"),
        "Production's data is not read and changed in Atlas's web console.",
        "Remove dataExplorer.",
    )


RULES: tuple[Rule, ...] = (
    atlas_serves_the_region,
    backups_fit_the_instance_size,
    peered_networks_do_not_overlap,
    vpc_ranges_have_the_size_that_aws_allows,
    alerts_have_their_secret_keys,
    applications_fit_the_connections,
    iam_users_belong_to_applications,
    encryption_key_lies_in_the_region,
    production_has_a_size_that_carries_load,
    production_runs_no_javascript,
    production_has_no_public_entry,
    production_has_backups,
    production_tells_somebody,
    production_data_is_not_edited_by_hand,
)
