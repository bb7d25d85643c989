"""What a stack asks of Atlas's components: their own arguments, from the stack file and other components' outputs.

Each function works on a stack with unknown parts, too: `CHECKS` asks the components what they would refuse. Ways to the
cluster have a module of their own (`atlas_connectivity`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import pulumi
from pydantic.alias_generators import to_camel

from .. import keys, names, nights
from ..arguments import given_or, known
from ..atlas import (
    AtlasAlert,
    AtlasAlertsArgs,
    AtlasAuditingArgs,
    AtlasBackupScheduleArgs,
    AtlasClusterArgs,
    AtlasClusterRegion,
    AtlasDatabaseAccessArgs,
    AtlasEncryptionKeyArgs,
    AtlasMonthlySnapshots,
    AtlasProjectArgs,
    AtlasProviderArgs,
    alert_limits,
    auditing,
    backup_schedule,
    cluster_limits,
    database_access,
    encryption_key,
    project,
    provider,
)
from ..atlas.standing_alerts import THRESHOLDS, standing_alerts, threshold_problems
from ..keys import EncryptionKeyArgs
from . import atlas_connectivity, key
from .asked import OTHERS, REGION, ComponentCheck, each_application, named, section
from .model.atlas.alerts import CustomAlert
from .model.atlas.backup import MonthlySnapshots
from .model.atlas.cluster import ClusterRegion
from .parts import AtlasPart, atlas_part
from .secret_values import SecretOf

Input = pulumi.Input[str]


def provider_args(stack: AtlasPart) -> AtlasProviderArgs:
    return {"aws_secret": stack.atlas.credentials.aws_secret}


def project_args(stack: AtlasPart) -> AtlasProjectArgs:
    asked = stack.atlas.project.create
    if asked is None:
        return {"adopt": stack.atlas.project.adopt, "protect_data": stack.production}
    window, (day, hour) = asked.maintenance, nights.atlas_maintenance(stack.region) or (None, None)
    hours = window.protected_hours
    return {
        "organization_id": asked.organization_id,
        "project_name": names.project(stack.name) if asked.project_name is None else asked.project_name,
        "maintenance": {
            "day": given_or(window.day, day),
            "hour": given_or(window.hour, hour),
            "auto_defer": window.auto_defer,
            "protected_hours": None if hours is None else {"start": hours.start, "end": hours.end},
        },
        "limits": asked.limits,
        "data_explorer": asked.data_explorer,
        "extended_storage_sizes": asked.extended_storage_sizes,
        "protect_data": stack.production,
        "tags": dict(stack.tags),
    }


def creates_key(stack: AtlasPart) -> bool:
    """Whether a key is made for disks and snapshots."""
    return key.creates(stack.atlas.encryption_key)


def created_key_args(stack: AtlasPart, policy: pulumi.Input[str]) -> EncryptionKeyArgs:
    """The key that is made for disks and snapshots, where one is."""
    description = f"MongoDB Atlas of {stack.name}: disks and snapshots"
    return key.created_key_args(stack, stack.atlas.encryption_key, description, "atlas", policy=policy)


def encryption_key_args(
    stack: AtlasPart, *, project_id: Input, created_key_arn: Input | None
) -> AtlasEncryptionKeyArgs | None:
    asked = stack.atlas.encryption_key
    key_arn = asked.adopt if asked is not None and created_key_arn is None else created_key_arn
    if key_arn is None:
        return None
    return {"project_id": project_id, "region": stack.region, "kms_key_arn": key_arn, "tags": dict(stack.tags)}


def cluster_args(
    stack: AtlasPart, *, project_id: Input, network_container_id: Input | None, encryption_key_ready: Input | None
) -> AtlasClusterArgs:
    asked, backup = stack.atlas.cluster, stack.atlas.backup
    compute, regions = asked.autoscaling.compute, known(asked.regions)
    return {
        "project_id": project_id,
        "cluster_name": _cluster_name(stack),
        "region": stack.region if regions is None else None,
        "regions": None if regions is None else [_region(one) for one in regions],
        "instance_size": asked.instance_size,
        "electable_nodes": asked.electable_nodes,
        "mongodb_version": asked.mongodb_version,
        "storage_gb": asked.storage_gb,
        "provisioned_iops": asked.provisioned_iops,
        "read_only_nodes": asked.read_only_nodes,
        "analytics_nodes": asked.analytics_nodes,
        "analytics_instance_size": asked.analytics_instance_size,
        "autoscaling": {
            "storage": asked.autoscaling.storage,
            "compute": None if compute is None else {"minimum": compute.minimum, "maximum": compute.maximum},
        },
        "minimum_tls": asked.minimum_tls,
        "server_side_javascript": asked.server_side_javascript,
        "oplog_hours": asked.oplog_hours,
        "backups": backup.enabled,
        "continuous_backup": backup.enabled and backup.continuous,
        "retain_backups": backup.retain_backups,
        "network_container_id": network_container_id,
        "encryption_key_ready": encryption_key_ready,
        "protect_data": stack.production,
        "tags": dict(stack.tags),
    }


def _region(asked: ClusterRegion) -> AtlasClusterRegion:
    return {
        "region": asked.region,
        "electable_nodes": asked.electable_nodes,
        "read_only_nodes": asked.read_only_nodes,
        "analytics_nodes": asked.analytics_nodes,
    }


def _cluster_name(stack: AtlasPart) -> str:
    asked = stack.atlas.cluster.name
    return names.cluster(stack.name) if asked is None else asked


# ---- backups and alerts


def backup_schedule_args(
    stack: AtlasPart, *, project_id: Input, cluster_name: Input, zone_id: Input
) -> AtlasBackupScheduleArgs | None:
    asked = stack.atlas.backup
    if not asked.enabled:
        return None
    hourly, daily, weekly, yearly = asked.hourly, asked.daily, asked.weekly, asked.yearly
    return {
        "project_id": project_id,
        "cluster_name": cluster_name,
        "instance_size": stack.atlas.cluster.instance_size,
        "hour": asked.hour,
        "minute": asked.minute,
        "continuous": asked.continuous,
        "restore_window_days": asked.restore_window_days,
        "hourly": None if hourly is None else {"every": hourly.every, "keep_days": hourly.keep_days},
        "daily": None if daily is None else {"keep_days": daily.keep_days},
        "weekly": None if weekly is None else {"day": weekly.day, "keep_weeks": weekly.keep_weeks},
        "monthly": None if asked.monthly is None else _monthly(asked.monthly),
        "yearly": None if yearly is None else {"month": yearly.month, "keep_years": yearly.keep_years},
        "copies": [{"region": copy.region, "kinds": copy.kinds, "oplogs": copy.oplogs} for copy in asked.copies],
        "zone_id": zone_id if asked.copies else None,
        "cluster_regions": [stack.region, *(one.region for one in known(stack.atlas.cluster.regions) or ())],
    }


def _monthly(asked: MonthlySnapshots) -> AtlasMonthlySnapshots:
    return {
        "day": backup_schedule.LAST_DAY_OF_MONTH if asked.day == "last" else asked.day,
        "keep_months": asked.keep_months,
    }


def alerts_args(stack: AtlasPart, *, project_id: Input, secret: SecretOf) -> AtlasAlertsArgs | None:
    asked = stack.atlas.alerts
    if asked is None:
        return None
    pager_duty, opsgenie, datadog = asked.pager_duty, asked.opsgenie, asked.datadog
    teams, webhook = asked.microsoft_teams, asked.webhook
    return {
        "project_id": project_id,
        "alerts": {**_standing(stack), **{f"custom-{name}": alert for name, alert in custom_alerts(stack).items()}},
        "email": asked.email,
        "slack_channel": None if asked.slack is None else asked.slack.channel,
        "slack_token": None if asked.slack is None else secret(asked.slack.token),
        "pager_duty_service_key": None if pager_duty is None else secret(pager_duty.key),
        "pager_duty_region": None if pager_duty is None else pager_duty.region,
        "opsgenie_api_key": None if opsgenie is None else secret(opsgenie.key),
        "opsgenie_region": None if opsgenie is None else opsgenie.region,
        "datadog_api_key": None if datadog is None else secret(datadog.key),
        "datadog_region": None if datadog is None else datadog.region,
        "microsoft_teams_webhook_url": None if teams is None else secret(teams.url),
        "webhook_url": None if webhook is None else secret(webhook.url),
        "webhook_secret": None if webhook is None or webhook.secret is None else secret(webhook.secret),
    }


def _standing(stack: AtlasPart) -> dict[str, AtlasAlert]:
    return standing_alerts(
        thresholds(stack),
        cluster_name=_cluster_name(stack),
        backups=stack.atlas.backup.enabled,
        production=stack.production,
    )


def thresholds(stack: AtlasPart) -> Mapping[str, int]:
    """What the stack says of where the standing alerts begin."""
    asked = stack.atlas.alerts
    chosen = {} if asked is None else {word: getattr(asked.thresholds, word) for word in THRESHOLDS}
    return {word: value for word, value in chosen.items() if value is not None}


def custom_alerts(stack: AtlasPart) -> dict[str, AtlasAlert]:
    """The stack's own alerts, by the names that it gives them."""
    asked = stack.atlas.alerts
    return {} if asked is None else {name: _custom(alert) for name, alert in asked.custom.items()}


def _custom(asked: CustomAlert) -> AtlasAlert:
    return {
        "metric": asked.metric,
        "event": asked.event,
        "above": asked.above,
        "below": asked.below,
        "units": asked.units,
        "severity": asked.severity,
        "matchers": [
            {"field": matcher.field, "operator": matcher.operator, "value": matcher.value} for matcher in asked.matchers
        ],
    }


def auditing_args(stack: AtlasPart, *, project_id: Input) -> AtlasAuditingArgs | None:
    asked = stack.atlas.auditing
    if asked is None:
        return None
    own = asked.filter is not None
    return {
        "project_id": project_id,
        "filter": json.dumps(asked.filter, separators=(",", ":")) if own else None,
        "machine_users": None if own else named(stack, names.database_users_of_applications),
        "authorization_successes": asked.authorization_successes,
    }


# ---- applications


def database_access_args(
    stack: AtlasPart, application: str, *, project_id: Input, cluster_name: Input, connection_string: Input
) -> AtlasDatabaseAccessArgs:
    asked, users = stack.applications[application], stack.atlas.users
    return {
        "project_id": project_id,
        "cluster_name": cluster_name,
        "platform": stack.name,
        "application": application,
        "database": stack.databases[application],
        "generation": asked.credentials.generation,
        "active": asked.credentials.active,
        "connection_string": connection_string,
        # An ARN may hold a person's address, which no name shows.
        "iam": {f"iam-{names.digest(arn)}": arn for arn in users.iam.get(application, ())},
        "operations": users.operations,
        "read_only": users.read_only,
    }


# ---- what the components would refuse


def _project_of(stack: AtlasPart) -> AtlasProjectArgs | None:
    choice = stack.atlas.project
    return project_args(stack) if (choice.create is None) != (choice.adopt is None) else None


def _cluster_of(stack: AtlasPart) -> AtlasClusterArgs:
    return cluster_args(stack, project_id=OTHERS, network_container_id=None, encryption_key_ready=None)


def _created_key_of(stack: AtlasPart) -> EncryptionKeyArgs | None:
    return created_key_args(stack, OTHERS) if creates_key(stack) else None


def _alerts_of(stack: AtlasPart) -> AtlasAlertsArgs | None:
    """With the stack's own alerts under the names that it gives them. The others are right, if their thresholds are."""
    args = alerts_args(stack, project_id=OTHERS, secret=lambda _: OTHERS)
    return None if args is None else {**args, "alerts": {**_standing(stack), **custom_alerts(stack)}}


def _database_access_of(stack: AtlasPart, application: str) -> AtlasDatabaseAccessArgs:
    return database_access_args(stack, application, project_id=OTHERS, cluster_name=OTHERS, connection_string=OTHERS)


CHECKS: tuple[ComponentCheck[Any], ...] = (
    ComponentCheck(section(atlas_part, "atlas", "credentials", args=provider_args), provider.problems),
    ComponentCheck(
        section(atlas_part, "atlas", "project", "create", args=_project_of),
        project.problems,
        {"adopt": ("/", "atlas", "project", "adopt")},
    ),
    ComponentCheck(
        section(atlas_part, "atlas", "cluster", args=_cluster_of),
        cluster_limits.problems,
        {
            "cluster_name": ("name",),
            "region": REGION,
            "backups": ("/", "atlas", "backup", "enabled"),
            "continuous_backup": ("/", "atlas", "backup", "continuous"),
        },
    ),
    *atlas_connectivity.CHECKS,
    ComponentCheck(
        section(
            atlas_part,
            "atlas",
            "backup",
            args=partial(backup_schedule_args, project_id=OTHERS, cluster_name=OTHERS, zone_id=OTHERS),
        ),
        backup_schedule.problems,
    ),
    ComponentCheck(
        section(atlas_part, "atlas", "alerts", args=_alerts_of),
        alert_limits.problems,
        {
            "alerts": ("custom",),
            "slack_channel": ("slack", "channel"),
            **{f"{key}_region": (to_camel(key), "region") for key in ("pager_duty", "opsgenie", "datadog")},
        },
    ),
    ComponentCheck(section(atlas_part, "atlas", "alerts", "thresholds", args=thresholds), threshold_problems),
    ComponentCheck(
        section(atlas_part, "atlas", "auditing", args=partial(auditing_args, project_id=OTHERS)), auditing.problems
    ),
    ComponentCheck(section(atlas_part, "atlas", "encryptionKey", args=_created_key_of), keys.problems),
    ComponentCheck(
        section(
            atlas_part,
            "atlas",
            "encryptionKey",
            args=partial(encryption_key_args, project_id=OTHERS, created_key_arn=None),
        ),
        encryption_key.problems,
        {"region": REGION, "kms_key_arn": ("adopt",)},
    ),
    ComponentCheck(
        each_application(atlas_part, args=_database_access_of),
        database_access.problems,
        {"generation": ("credentials", "generation"), "active": ("credentials", "active")},
    ),
)
