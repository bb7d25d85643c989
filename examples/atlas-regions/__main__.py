"""A cluster over three regions, any of which may be lost, with a private endpoint in each."""

import pulumi
import pulumi_aws as aws

from dolmen.components.atlas import AtlasCluster, AtlasPrivateLink, AtlasProject, atlas_provider

HOME, *OTHERS = REGIONS = ["ap-northeast-2", "ap-northeast-1", "ap-southeast-1"]

config = pulumi.Config()
atlas = atlas_provider("atlas", {})  # from the environment
project = AtlasProject(
    "shop", {"adopt": config.require("projectId"), "protect_data": True}, pulumi.ResourceOptions(providers=[atlas])
)
cluster = AtlasCluster(
    "shop",
    {
        "project_id": project.project_id,
        "cluster_name": "shop",
        "regions": [
            {"region": REGIONS[0], "electable_nodes": 2, "analytics_nodes": 1},  # the primary lives here
            {"region": REGIONS[1], "electable_nodes": 2},
            {"region": REGIONS[2], "electable_nodes": 1, "read_only_nodes": 1},
        ],
        "instance_size": "M30",
        "analytics_instance_size": "M40",
        "mongodb_version": "8.0",
        "protect_data": True,
    },
    pulumi.ResourceOptions(providers=[atlas]),
)


def door(region: str) -> dict[str, object]:
    """A region's VPC, private subnets and clients, from the configuration."""
    given = config.require_object("doors")[region]
    return {
        "project_id": project.project_id,
        "region": region,
        "vpc_id": given["vpc"],
        "subnet_ids": given["subnets"],
        "client_security_group_ids": given["clients"],
    }


connected: list[pulumi.Input[str]] = []
for region in OTHERS:
    there = aws.Provider(region, region=region)
    link = AtlasPrivateLink(f"shop-{region}", door(region), pulumi.ResourceOptions(providers=[atlas, there]))
    connected.append(link.connected_endpoint_id)
link = AtlasPrivateLink(
    "shop",
    # Atlas gives a connection string only once each region has its endpoint.
    {**door(HOME), "cluster_name": cluster.cluster_name, "other_endpoints": connected},
    pulumi.ResourceOptions(providers=[atlas]),
)
pulumi.export("connectionString", link.srv_connection_string)
pulumi.export("survives", cluster.survives)
