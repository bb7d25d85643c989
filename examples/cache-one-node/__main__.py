"""One Valkey node: the cheapest cache with users, TLS and encryption."""

import pulumi

from dolmen.components.cache.access import CacheAccess
from dolmen.components.cache.access_string import application
from dolmen.components.cache.replication_group import CacheReplicationGroup

config = pulumi.Config()
access = CacheAccess(
    "demo",
    {
        "platform": "demo",
        "engine": "valkey",
        "users": {"web": {"access_string": application(keys=["web:*"], channels=["web:*"])}},
    },
)
cache = CacheReplicationGroup(
    "demo",
    {
        "replication_group_id": "demo-cache",
        "engine": "valkey",
        "engine_version": "9.0",
        "node_type": "cache.t4g.micro",
        "cluster_mode": False,
        "replicas": 0,
        "multi_az": False,
        "durability": "snapshots",
        "user_group_id": access.user_group_id,
        "vpc_id": config.require("vpcId"),
        "subnet_ids": config.require_object("subnetIds"),
        "client_security_group_ids": [config.require("clientSecurityGroupId")],
        "maintenance_window": "sun:17:00-sun:18:00",
        "snapshot_window": "19:00-20:00",
        "snapshot_retention_days": 0,
        "final_snapshot": False,
        "auto_minor_version_upgrade": False,
        "apply_immediately": True,
        "slow_log": True,
        "engine_log": False,
        "log_retention_days": 7,
        "protect_data": False,
    },
)
pulumi.export("host", cache.endpoint)
pulumi.export("user", access.logins["web"].user_name)
pulumi.export("password", access.logins["web"].password)
