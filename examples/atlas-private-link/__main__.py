"""A production cluster behind a private endpoint, with one application, backups and alerts."""

import pulumi

from dolmen.components.atlas.alerts import AtlasAlerts
from dolmen.components.atlas.backup_schedule import AtlasBackupSchedule
from dolmen.components.atlas.cluster import AtlasCluster
from dolmen.components.atlas.database_access import AtlasDatabaseAccess
from dolmen.components.atlas.private_link import AtlasPrivateLink
from dolmen.components.atlas.project import AtlasProject
from dolmen.components.atlas.provider import atlas_provider

REGION = "AP_NORTHEAST_2"

config = pulumi.Config()
opts = pulumi.ResourceOptions(providers=[atlas_provider("atlas", aws_secret=config.require("atlasSecret"))])
project = AtlasProject(
    "shop",
    {
        "organization_id": config.require("organizationId"),
        "project_name": "shop",
        "maintenance_day_of_week": 1,  # Sunday
        "maintenance_hour_of_day": 18,  # UTC
        "protect_data": True,
    },
    opts,
)
cluster = AtlasCluster(
    "shop",
    {
        "project_id": project.project_id,
        "cluster_name": "shop",
        "atlas_region": REGION,
        "instance_size": "M30",
        "electable_nodes": 3,
        "mongodb_version": "8.0",
        "storage_gb": 100,
        "minimum_instance_size": "M30",
        "maximum_instance_size": "M50",
        "protect_data": True,
    },
    opts,
)
link = AtlasPrivateLink(
    "shop",
    {
        "project_id": project.project_id,
        "cluster_name": cluster.cluster_name,
        "atlas_region": REGION,
        "vpc_id": config.require("vpcId"),
        "subnet_ids": config.require_object("subnetIds"),
        "client_security_group_ids": [config.require("clientSecurityGroupId")],
    },
    opts,
)
schedule = AtlasBackupSchedule(
    "shop",
    {
        "project_id": project.project_id,
        "cluster_name": cluster.cluster_name,
        "restore_window_days": 1,
        "hourly_interval": 6,
        "hourly_retention_days": 2,
        "daily_retention_days": 7,
        "weekly_retention_weeks": 4,
        "monthly_retention_months": 12,
    },
    opts,
)
AtlasAlerts(
    "shop",
    {
        "project_id": project.project_id,
        "alerts": [
            {
                "name": "cpu",
                "severity": "WARNING",
                "metric": "NORMALIZED_SYSTEM_CPU_USER",
                "operator": "GREATER_THAN",
                "threshold": 80.0,
                "units": "RAW",
            },
            {"name": "host-down", "severity": "CRITICAL", "event": "HOST_DOWN"},
        ],
        "email_addresses": ["ops@company.com"],
        "pager_duty_service_key": config.require_secret("pagerDutyServiceKey"),
    },
    opts,
)
web = AtlasDatabaseAccess(
    "shop-web",
    {
        "project_id": project.project_id,
        "cluster_name": cluster.cluster_name,
        "user_prefix": "shop-web",
        "application": "web",
        "database": "web",
        # The second generation of passwords exists; clients still read the first.
        "generation": 2,
        "active_generation": 1,
        "connection_string": link.srv_connection_string,
    },
    opts,
)
pulumi.export("uri", web.uri)
pulumi.export("backups", schedule.description)
