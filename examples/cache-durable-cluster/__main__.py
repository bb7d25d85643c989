"""Two to four shards in several zones, at most ten seconds of writes lost, two applications, a key and alarms."""

import pulumi

from dolmen.components.cache import CacheAccess, CacheAlarmTopics, CacheReplicationGroup, access_string
from dolmen.components.keys import EncryptionKey

config = pulumi.Config()
key = EncryptionKey(
    "shop-cache-key", {"alias": "alias/shop/cache", "description": "Data of the shop's cache", "protect_data": True}
)
access = CacheAccess(
    "shop-cache-access",
    {
        "platform": "shop",
        "users": {
            # The second generation of passwords exists, clients still read the first: both log in.
            "web": {"keys": ["web:*"], "generation": 2, "active": 1},
            "orders": {
                "keys": ["orders:*", "bull:*"],
                "channels": ["orders:*"],
                "commands": ["role"],
                "authentication": "iam",
            },
            "exporter": {"access_string": access_string.EXPORTER},
        },
    },
)
topics = CacheAlarmTopics("shop-cache-alarms", {"platform": "shop", "email": [config.require("email")]})
cache = CacheReplicationGroup(
    "shop-cache",
    {
        "replication_group_id": "shop-cache",
        "version": "9.0",
        "node_type": "cache.r7g.large",
        "cluster_mode": True,
        "shards": 2,  # at the beginning
        "autoscaling": {"shards": {"minimum": 2, "maximum": 4, "memory_percent": 70}},
        # Of a cache that is made, or that another change replaces; one that lives is left alone.
        "seed_snapshot": config.get("seedSnapshot"),
        "durability": "async",
        "parameters": {"maxmemory-policy": "noeviction"},
        "user_group_id": access.user_group_id,
        "vpc_id": config.require("vpcId"),
        "private_subnet_ids": config.require_object("subnetIds"),
        "client_security_group_ids": {"web": config.require("clientSecurityGroupId")},
        "kms_key_arn": key.key_arn,
        "maintenance_window": "sun:02:00-sun:03:00",
        "snapshot_window": "04:00-05:00",
        "snapshot_retention_days": 14,
        "log_retention_days": 90,
        "alarms": {
            "warnings_topic_arn": topics.warnings_topic_arn,
            "severe_topic_arn": topics.severe_topic_arn,
        },
        "protect_data": True,
    },
)
pulumi.export("host", cache.endpoint)
pulumi.export("passwords", access.passwords)
