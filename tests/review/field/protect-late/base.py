import pulumi_aws as aws
import pulumi_mongodbatlas as atlas

aws.elasticache.ReplicationGroup(
    "cache",
    description="c",
    replication_group_id="shop-cache",
    engine="valkey",
    engine_version="8.0",
    node_type="cache.t4g.small",
    num_cache_clusters=2,
    automatic_failover_enabled=True,
    at_rest_encryption_enabled=False,
)
atlas.Project("p", org_id="5f0000000000000000000001", name="shop")
