import pulumi_aws as aws


def group(**k):
    d = {
        "description": "cache",
        "replication_group_id": "shop-cache",
        "engine": "redis",
        "engine_version": "7.1",
        "node_type": "cache.t4g.small",
        "num_cache_clusters": 2,
        "automatic_failover_enabled": True,
        "multi_az_enabled": True,
        "parameter_group_name": "default.redis7",
        "transit_encryption_enabled": True,
        "at_rest_encryption_enabled": True,
        "apply_immediately": True,
    }
    d.update(k)
    return aws.elasticache.ReplicationGroup("cache", **{a: b for a, b in d.items() if b is not None})


group(user_group_ids=["shop-users"])
