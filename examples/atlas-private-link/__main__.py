"""A production cluster behind a private endpoint, with one application, backups and alerts."""

import pulumi

from dolmen.components.atlas import (
    AtlasAlerts,
    AtlasAuditing,
    AtlasBackupSchedule,
    AtlasCluster,
    AtlasDatabaseAccess,
    AtlasLogExport,
    AtlasPrivateLink,
    AtlasProject,
    AtlasPrometheus,
    atlas_provider,
    standing_alerts,
)

REGION = "ap-northeast-2"

config = pulumi.Config()
opts = pulumi.ResourceOptions(providers=[atlas_provider("atlas", {"aws_secret": config.require("atlasSecret")})])
project = AtlasProject(
    "shop",
    {
        "organization_id": config.require("organizationId"),
        "maintenance": {"day": "sunday", "hour": 18},  # UTC
        "protect_data": True,
    },
    opts,
)
cluster = AtlasCluster(
    "shop",
    {
        "project_id": project.project_id,
        "cluster_name": "shop",
        "region": REGION,
        "instance_size": "M30",
        "mongodb_version": "8.0",
        "storage_gb": 100,
        "autoscaling": {"compute": {"minimum": "M30", "maximum": "M50"}},
        "protect_data": True,
    },
    opts,
)
link = AtlasPrivateLink(
    "shop",
    {
        "project_id": project.project_id,
        "cluster_name": cluster.cluster_name,
        "region": REGION,
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
        "hourly": {"every": 6},
        "daily": {"keep_days": 7},
        "weekly": {},
        "monthly": {},
    },
    opts,
)
AtlasAlerts(
    "shop",
    {
        "project_id": project.project_id,
        "alerts": {
            **standing_alerts({"cpu_percent": 70}, cluster_name="shop", backups=True, production=True),
            "queues": {"metric": "GLOBAL_LOCK_CURRENT_QUEUE_TOTAL", "above": 100, "severity": "ERROR"},
        },
        "email": ["ops@company.com"],
        "pager_duty_service_key": config.require_secret("pagerDutyServiceKey"),
    },
    opts,
)
AtlasAuditing("shop", {"project_id": project.project_id, "machine_users": "^shop_web_[ab]$"}, opts)
AtlasLogExport(
    "shop", {"project_id": project.project_id, "datadog_api_key": config.require_secret("pagerDutyServiceKey")}, opts
)
prometheus = AtlasPrometheus("shop", {"project_id": project.project_id, "user_name": "shop_prometheus"}, opts)
web = AtlasDatabaseAccess(
    "shop-web",
    {
        "project_id": project.project_id,
        "cluster_name": cluster.cluster_name,
        "platform": "shop",
        "application": "web",
        "database": "web",
        # The second generation of passwords exists; clients still read the first.
        "generation": 2,
        "active": 1,
        "connection_string": link.srv_connection_string,
    },
    opts,
)
pulumi.export("uri", web.uri)
pulumi.export("prometheusPassword", prometheus.password)
pulumi.export("backups", schedule.description)
