import pulumi_aws as aws

pg = aws.elasticache.ParameterGroup(
    "pg", family="redis7", parameters=[{"name": "maxmemory-policy", "value": "noeviction"}]
)
aws.elasticache.ReplicationGroup(
    "cache",
    description="c",
    replication_group_id="shop-cache",
    engine="redis",
    engine_version="7.1",
    node_type="cache.t4g.small",
    num_cache_clusters=2,
    automatic_failover_enabled=True,
    parameter_group_name=pg.name,
    apply_immediately=True,
    transit_encryption_enabled=True,
)
