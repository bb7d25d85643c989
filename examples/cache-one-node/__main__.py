"""One Valkey node: the cheapest cache with users, TLS and encryption."""

import pulumi

from dolmen.components.cache import CacheAccess, CacheReplicationGroup

config = pulumi.Config()
access = CacheAccess("demo-cache-access", {"platform": "demo", "users": {"web": {"keys": ["web:*"]}}})
cache = CacheReplicationGroup(
    "demo-cache",
    {
        "replication_group_id": "demo-cache",
        "version": "9.0",
        "node_type": "cache.t4g.micro",
        "cluster_mode": False,
        "replicas": 0,
        "multi_az": False,
        "durability": "snapshots",
        "user_group_id": access.user_group_id,
        "vpc_id": config.require("vpcId"),
        "private_subnet_ids": config.require_object("subnetIds"),
        "client_security_group_ids": {"web": config.require("clientSecurityGroupId")},
        "snapshot_retention_days": 0,
        "engine_log": False,
        "log_retention_days": 7,
        "protect_data": False,
    },
)
pulumi.export("host", cache.endpoint)
pulumi.export("user", access.logins["web"].user_name)
pulumi.export("password", access.logins["web"].password)
