"""A cluster in a project that exists already, peered with the VPC."""

import pulumi

from dolmen.components.atlas.cluster import AtlasCluster
from dolmen.components.atlas.network_container import AtlasNetworkContainer
from dolmen.components.atlas.peering import AtlasPeering
from dolmen.components.atlas.project import AtlasProject
from dolmen.components.atlas.provider import atlas_provider

REGION = "AP_NORTHEAST_2"

config = pulumi.Config()
opts = pulumi.ResourceOptions(providers=[atlas_provider("atlas", aws_secret=None)])  # from the environment
project = AtlasProject("shop", {"adopt_project_id": config.require("projectId"), "protect_data": True}, opts)
container = AtlasNetworkContainer(
    "shop",
    {"project_id": project.project_id, "atlas_region": REGION, "atlas_cidr": "192.168.248.0/21"},
    opts,
)
cluster = AtlasCluster(
    "shop",
    {
        "project_id": project.project_id,
        "cluster_name": "shop",
        "atlas_region": REGION,
        "instance_size": "M20",
        "electable_nodes": 3,
        "mongodb_version": "8.0",
        "storage_gb": 20,
        "created_after": [container.container_id],  # or Atlas makes a container with a range of its own choice
        "protect_data": True,
    },
    opts,
)
peering = AtlasPeering(
    "shop",
    {
        "project_id": project.project_id,
        "container_id": container.container_id,
        "atlas_cidr": container.atlas_cidr,
        "cluster_name": cluster.cluster_name,
        "aws_region": "ap-northeast-2",
        "vpc_id": config.require("vpcId"),
        "vpc_cidrs": config.require_object("vpcCidrs"),
        "route_table_ids": config.require_object("routeTableIds"),
    },
    opts,
)
pulumi.export("connectionString", peering.srv_connection_string)
pulumi.export("expectedEntries", peering.expected_entries)
