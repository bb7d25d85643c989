import pulumi
import pulumi_aws as aws


class Shop(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("acme:index:Shop", name, None, opts)
        o = pulumi.ResourceOptions(parent=self)
        aws.elasticache.ReplicationGroup(
            name + "-cache",
            description="c",
            replication_group_id="shop-cache",
            engine="valkey",
            engine_version="8.0",
            node_type="cache.t4g.small",
            num_cache_clusters=2,
            automatic_failover_enabled=True,
            opts=o,
        )
        self.register_outputs({})


Shop("store", pulumi.ResourceOptions(aliases=[pulumi.Alias(name="shop")]))
