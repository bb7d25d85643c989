"""Two shards in several zones, at most ten seconds of writes lost, two applications, a key and alarms."""

import pulumi

from dolmen.components.cache.access import CacheAccess
from dolmen.components.cache.access_string import EXPORTER, application
from dolmen.components.cache.alarms import CacheAlarms
from dolmen.components.cache.encryption_key import CacheEncryptionKey
from dolmen.components.cache.replication_group import CacheReplicationGroup

NODE, SHARDS, REPLICAS, DURABILITY = "cache.r7g.large", 2, 1, "async"

config = pulumi.Config()
key = CacheEncryptionKey("shop", {"platform": "shop", "deletion_window_days": 30, "protect_data": True})
access = CacheAccess(
    "shop",
    {
        "platform": "shop",
        "engine": "valkey",
        "users": {
            # The second generation of passwords exists, clients still read the first: both log in.
            "web": {"access_string": application(["web:*"], ["web:*"]), "generation": 2, "active": 1},
            "orders": {"access_string": application(["orders:*", "bull:*"], ["orders:*"], ["role"]), "iam": True},
            "exporter": {"access_string": EXPORTER},
        },
    },
)
cache = CacheReplicationGroup(
    "shop",
    {
        "replication_group_id": "shop-cache",
        "engine": "valkey",
        "engine_version": "9.0",
        "node_type": NODE,
        "cluster_mode": True,
        "shards": SHARDS,
        "replicas": REPLICAS,
        "multi_az": True,
        "durability": DURABILITY,
        "parameters": {"maxmemory-policy": "noeviction"},
        "user_group_id": access.user_group_id,
        "vpc_id": config.require("vpcId"),
        "subnet_ids": config.require_object("subnetIds"),
        "client_security_group_ids": [config.require("clientSecurityGroupId")],
        "kms_key_arn": key.key_arn,
        "log_kms_key_arn": key.key_arn,
        "maintenance_window": "sun:02:00-sun:03:00",
        "snapshot_window": "04:00-05:00",
        "snapshot_retention_days": 14,
        "final_snapshot": True,
        "auto_minor_version_upgrade": False,
        "apply_immediately": True,
        "slow_log": True,
        "engine_log": True,
        "log_retention_days": 90,
        "protect_data": True,
    },
)
CacheAlarms(
    "shop",
    {
        "platform": "shop",
        "replication_group_id": cache.replication_group_id,
        "node_type": NODE,
        "cluster_mode": True,
        "shards": SHARDS,
        "replicas": REPLICAS,
        "durability": DURABILITY,
        "kms_key_arn": key.key_arn,
        "email": [config.require("email")],
    },
)
pulumi.export("host", cache.endpoint)
pulumi.export("passwords", access.passwords)
