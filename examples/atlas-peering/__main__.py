"""A cluster in a project that exists already, peered with the VPC."""

import pulumi

from dolmen.components.atlas import AtlasCluster, AtlasNetworkContainer, AtlasPeering, AtlasProject, atlas_provider

REGION = "ap-northeast-2"
ATLAS_CIDR = "192.168.248.0/21"

config = pulumi.Config()
opts = pulumi.ResourceOptions(providers=[atlas_provider("atlas", {})])  # from the environment
project = AtlasProject("shop", {"adopt": config.require("projectId"), "protect_data": True}, opts)
container = AtlasNetworkContainer(
    "shop", {"project_id": project.project_id, "region": REGION, "atlas_cidr": ATLAS_CIDR}, opts
)
cluster = AtlasCluster(
    "shop",
    {
        "project_id": project.project_id,
        "cluster_name": "shop",
        "region": REGION,
        "instance_size": "M20",
        "mongodb_version": "8.0",
        "network_container_id": container.container_id,  # or Atlas makes one with a range of its own choice
        "protect_data": True,
    },
    opts,
)
peering = AtlasPeering(
    "shop",
    {
        "project_id": project.project_id,
        "container_id": container.container_id,
        "atlas_cidr": ATLAS_CIDR,
        "cluster_name": cluster.cluster_name,
        "region": REGION,
        "vpc_id": config.require("vpcId"),
        "vpc_cidrs": config.require_object("vpcCidrs"),
        "route_table_ids": config.require_object("routeTableIds"),
    },
    opts,
)
pulumi.export("connectionString", peering.srv_connection_string)
pulumi.export("expectedEntries", peering.expected_entries)
