"""From the stack's configuration to the arguments of Atlas's components. Pure: no Pulumi, no I/O.

Every function gives what the configuration knows; project ids, the cluster's name as an output, connection strings and
third-party keys come from the platform that joins the components.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict

from ...atlas import catalogue
from ..model.atlas.alerts import CustomAlert, Thresholds
from ..model.atlas.project import DAYS
from ..model.stack import StackConfig

LAST_DAY_OF_MONTH = 40


class ProjectArguments(TypedDict):
    adopt_project_id: NotRequired[str]
    organization_id: NotRequired[str]
    project_name: NotRequired[str]
    maintenance_day_of_week: NotRequired[int]
    maintenance_hour_of_day: NotRequired[int]
    maintenance_auto_defer: NotRequired[bool]
    limits: NotRequired[dict[str, int]]
    data_explorer_enabled: NotRequired[bool]
    extended_storage_sizes: NotRequired[bool]
    protect_data: bool
    tags: NotRequired[dict[str, str]]


class ClusterArguments(TypedDict):
    cluster_name: str
    atlas_region: str
    instance_size: str
    electable_nodes: int
    mongodb_version: str
    storage_gb: NotRequired[int]
    volume_type: str
    provisioned_iops: NotRequired[int]
    read_only_nodes: int
    analytics_nodes: int
    storage_autoscaling: bool
    minimum_instance_size: NotRequired[str]
    maximum_instance_size: NotRequired[str]
    minimum_tls_protocol: str
    javascript_enabled: bool
    oplog_minimum_hours: NotRequired[int]
    backups: bool
    continuous_backup: bool
    encryption_at_rest_provider: str
    protect_data: bool
    tags: dict[str, str]


class PrivateLinkArguments(TypedDict):
    atlas_region: str
    vpc_id: str
    subnet_ids: list[str]
    client_security_group_ids: list[str]
    tags: dict[str, str]


class NetworkContainerArguments(TypedDict):
    atlas_region: str
    atlas_cidr: str


class PeeringArguments(TypedDict):
    atlas_cidr: str
    aws_region: str
    aws_account_id: NotRequired[str]
    vpc_id: str
    vpc_cidrs: list[str]
    route_table_ids: list[str]
    client_security_group_ids: NotRequired[list[str]]
    tags: dict[str, str]


class AccessListArguments(TypedDict):
    entries: list[str]


class BackupScheduleArguments(TypedDict):
    hour_of_day: int
    minute_of_hour: int
    restore_window_days: NotRequired[int]
    hourly_interval: NotRequired[int]
    hourly_retention_days: NotRequired[int]
    daily_retention_days: NotRequired[int]
    weekly_day: NotRequired[int]
    weekly_retention_weeks: NotRequired[int]
    monthly_day: NotRequired[int]
    monthly_retention_months: NotRequired[int]
    yearly_month: NotRequired[int]
    yearly_retention_years: NotRequired[int]


class MatcherArguments(TypedDict):
    field: str
    operator: str
    value: str


class AlertArguments(TypedDict):
    """The shape of `components.atlas.alerts.AlertDefinition`."""

    name: str
    severity: str
    event: NotRequired[str]
    metric: NotRequired[str]
    operator: NotRequired[str]
    threshold: NotRequired[float]
    units: NotRequired[str]
    matchers: NotRequired[list[MatcherArguments]]


class AlertsArguments(TypedDict):
    alerts: list[AlertArguments]
    email_addresses: list[str]
    slack_channel: NotRequired[str]


class EncryptionKeyArguments(TypedDict):
    atlas_region: str
    kms_key_arn: NotRequired[str]
    protect_data: bool
    tags: dict[str, str]


class DatabaseAccessArguments(TypedDict):
    user_prefix: str
    application: str
    database: str
    generation: int
    active_generation: int
    iam_principals: list[str]
    operations_user: bool
    read_only_user: bool


def aws_secret(stack: StackConfig) -> str | None:
    """The secret that holds Atlas's key, or `None` for the environment."""
    return stack.atlas.credentials.aws_secret


def cluster_name(stack: StackConfig) -> str:
    return stack.atlas.cluster.name or stack.name


def atlas_region(stack: StackConfig) -> str:
    return catalogue.atlas_regions()[stack.region]


def project(stack: StackConfig) -> ProjectArguments:
    choice = stack.atlas.project
    if choice.create is None:
        return {"adopt_project_id": choice.adopt or "", "protect_data": stack.production}
    created = choice.create
    return {
        "organization_id": created.organization_id,
        "project_name": created.project_name or stack.name,
        "maintenance_day_of_week": DAYS.index(created.maintenance.day) + 1,  # Atlas: Sunday is 1
        "maintenance_hour_of_day": created.maintenance.hour,
        "maintenance_auto_defer": created.maintenance.auto_defer,
        "limits": dict(created.limits),
        "data_explorer_enabled": created.data_explorer,
        "extended_storage_sizes": created.extended_storage_sizes,
        "protect_data": stack.production,
        "tags": dict(stack.tags),
    }


def cluster(stack: StackConfig) -> ClusterArguments:
    asked, backup = stack.atlas.cluster, stack.atlas.backup
    provisioned = asked.size.nvme or asked.provisioned_iops is not None
    arguments: ClusterArguments = {
        "cluster_name": cluster_name(stack),
        "atlas_region": atlas_region(stack),
        "instance_size": asked.instance_size,
        "electable_nodes": asked.electable_nodes,
        "mongodb_version": asked.mongodb_version,
        "volume_type": "PROVISIONED" if provisioned else "STANDARD",
        "read_only_nodes": asked.read_only_nodes,
        "analytics_nodes": asked.analytics_nodes,
        "storage_autoscaling": asked.storage_autoscaling,
        "minimum_tls_protocol": asked.minimum_tls,
        "javascript_enabled": asked.server_side_javascript,
        "backups": backup.enabled,
        "continuous_backup": backup.enabled and backup.continuous,
        "encryption_at_rest_provider": "NONE" if stack.atlas.encryption_key is None else "AWS",
        "protect_data": stack.production,
        "tags": dict(stack.tags),
    }
    if not asked.size.nvme:
        arguments["storage_gb"] = asked.storage_gb or asked.size.default_storage_gb
    if asked.provisioned_iops is not None:
        arguments["provisioned_iops"] = asked.provisioned_iops
    if asked.oplog_hours is not None:
        arguments["oplog_minimum_hours"] = asked.oplog_hours
    if (compute := asked.autoscaling.compute) is not None:
        arguments["minimum_instance_size"] = compute.minimum
        arguments["maximum_instance_size"] = compute.maximum
    return arguments


def private_link(stack: StackConfig) -> PrivateLinkArguments | None:
    if stack.atlas.connectivity.private_link is None:
        return None
    return {
        "atlas_region": atlas_region(stack),
        "vpc_id": stack.network.vpc_id,
        "subnet_ids": list(stack.network.private_subnet_ids),
        "client_security_group_ids": list(stack.network.client_security_group_ids),
        "tags": dict(stack.tags),
    }


def network_container(stack: StackConfig) -> NetworkContainerArguments | None:
    peering = stack.atlas.connectivity.peering
    return None if peering is None else {"atlas_region": atlas_region(stack), "atlas_cidr": peering.atlas_cidr}


def peering(stack: StackConfig) -> PeeringArguments | None:
    asked, network = stack.atlas.connectivity.peering, stack.network
    if asked is None:
        return None
    arguments: PeeringArguments = {
        "atlas_cidr": asked.atlas_cidr,
        "aws_region": stack.region,
        "vpc_id": network.vpc_id,
        "vpc_cidrs": list(network.vpc_cidrs),
        "route_table_ids": list(network.route_table_ids),
        "tags": dict(stack.tags),
    }
    if asked.aws_account_id is not None:
        arguments["aws_account_id"] = asked.aws_account_id
    if asked.access == "securityGroups":
        arguments["client_security_group_ids"] = list(network.client_security_group_ids)
    return arguments


def access_list(stack: StackConfig) -> AccessListArguments | None:
    connectivity = stack.atlas.connectivity
    return None if connectivity.ip_access_list is None else {"entries": list(connectivity.access_list)}


def backup_schedule(stack: StackConfig) -> BackupScheduleArguments | None:
    backup = stack.atlas.backup
    if not backup.enabled:
        return None
    arguments: BackupScheduleArguments = {"hour_of_day": backup.hour, "minute_of_hour": backup.minute}
    if backup.continuous:
        arguments["restore_window_days"] = backup.restore_window_days
    if backup.hourly is not None:
        arguments["hourly_interval"] = backup.hourly.every
        arguments["hourly_retention_days"] = backup.hourly.keep_days
    if backup.daily is not None:
        arguments["daily_retention_days"] = backup.daily.keep_days
    if backup.weekly is not None:
        arguments["weekly_day"] = DAYS.index(backup.weekly.day) or 7  # Atlas: Monday is 1 here, Sunday 7
        arguments["weekly_retention_weeks"] = backup.weekly.keep_weeks
    if backup.monthly is not None:
        arguments["monthly_day"] = LAST_DAY_OF_MONTH if backup.monthly.day == "last" else backup.monthly.day
        arguments["monthly_retention_months"] = backup.monthly.keep_months
    if backup.yearly is not None:
        arguments["yearly_month"] = backup.yearly.month
        arguments["yearly_retention_years"] = backup.yearly.keep_years
    return arguments


def alerts(stack: StackConfig) -> AlertsArguments | None:
    asked = stack.atlas.alerts
    if asked is None:
        return None
    name = cluster_name(stack)
    definitions = _everywhere(asked.thresholds, stack.atlas.backup.enabled)
    if stack.production:
        definitions += _in_production(asked.thresholds, name, stack.atlas.backup.enabled)
    definitions += [_custom(f"custom-{key}", alert) for key, alert in asked.custom.items()]
    arguments: AlertsArguments = {"alerts": definitions, "email_addresses": list(asked.email)}
    if asked.slack is not None:
        channel = asked.slack.channel
        arguments["slack_channel"] = channel if channel.startswith("#") else f"#{channel}"
    return arguments


def wakes_pager_duty(stack: StackConfig) -> bool:
    return stack.atlas.alerts is not None and stack.atlas.alerts.pager_duty is not None


def _above(name: str, severity: str, metric: str, threshold: float, units: str = "RAW") -> AlertArguments:
    return {
        "name": name,
        "severity": severity,
        "metric": metric,
        "operator": "GREATER_THAN",
        "threshold": float(threshold),
        "units": units,
    }


def _everywhere(thresholds: Thresholds, backups: bool) -> list[AlertArguments]:
    found = [
        _above("cpu", "WARNING", "NORMALIZED_SYSTEM_CPU_USER", thresholds.cpu_percent),
        _above("connections", "ERROR", "CONNECTIONS_PERCENT", thresholds.connections_percent),
        _above("storage", "ERROR", "DISK_PARTITION_SPACE_USED_DATA", thresholds.storage_percent),
        _above(
            "replication-lag", "WARNING", "OPLOG_SLAVE_LAG_MASTER_TIME", thresholds.replication_lag_seconds, "SECONDS"
        ),
    ]
    if backups:
        found.append({"name": "backup-failed", "severity": "ERROR", "event": "CPS_SNAPSHOT_FAILED"})
        found.append(
            {"name": "backup-fallback-failed", "severity": "CRITICAL", "event": "CPS_SNAPSHOT_FALLBACK_FAILED"}
        )
    return found


def _in_production(thresholds: Thresholds, cluster: str, backups: bool) -> list[AlertArguments]:
    this_cluster: list[MatcherArguments] = [{"field": "CLUSTER_NAME", "operator": "EQUALS", "value": cluster}]
    found: list[AlertArguments] = [
        {"name": "no-primary", "severity": "CRITICAL", "event": "NO_PRIMARY", "matchers": this_cluster},
        {
            "name": "oplog-window",
            "severity": "ERROR",
            "event": "REPLICATION_OPLOG_WINDOW_RUNNING_OUT",
            "operator": "LESS_THAN",
            "threshold": float(thresholds.oplog_window_hours),
            "units": "HOURS",
            "matchers": this_cluster,
        },
        {"name": "host-down", "severity": "CRITICAL", "event": "HOST_DOWN"},
    ]
    if backups:
        found.append(
            {
                "name": "snapshot-behind",
                "severity": "ERROR",
                "event": "CPS_SNAPSHOT_BEHIND",
                "operator": "GREATER_THAN",
                "threshold": float(thresholds.snapshot_behind_hours),
                "units": "HOURS",
            }
        )
    return found


def _custom(name: str, alert: CustomAlert) -> AlertArguments:
    definition: AlertArguments = {"name": name, "severity": alert.severity}
    if alert.metric is not None:
        definition["metric"] = alert.metric
    if alert.event is not None:
        definition["event"] = alert.event
    threshold = alert.below if alert.above is None else alert.above
    if threshold is not None:
        definition["operator"] = "LESS_THAN" if alert.above is None else "GREATER_THAN"
        definition["threshold"] = threshold
        definition["units"] = alert.resolved_units or "RAW"
    if alert.matchers:
        definition["matchers"] = [
            {"field": matcher.field, "operator": matcher.operator, "value": matcher.value} for matcher in alert.matchers
        ]
    return definition


def encryption_key(stack: StackConfig) -> EncryptionKeyArguments | None:
    asked = stack.atlas.encryption_key
    if asked is None:
        return None
    arguments: EncryptionKeyArguments = {
        "atlas_region": atlas_region(stack),
        "protect_data": stack.production,
        "tags": dict(stack.tags),
    }
    if asked.adopt is not None:
        arguments["kms_key_arn"] = asked.adopt
    return arguments


def database_access(stack: StackConfig, application: str) -> DatabaseAccessArguments:
    asked, users = stack.applications[application], stack.atlas.users
    return {
        "user_prefix": f"{stack.name}-{application}",
        "application": application,
        "database": asked.database,
        "generation": asked.credentials.generation,
        "active_generation": asked.credentials.active,
        "iam_principals": list(users.iam.get(application, ())),
        "operations_user": users.operations,
        "read_only_user": users.read_only,
    }
