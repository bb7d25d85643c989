"""The smallest cluster, for development, reached from one NAT gateway."""

import pulumi

from dolmen.components.atlas.access_list import AtlasIpAccessList
from dolmen.components.atlas.cluster import AtlasCluster
from dolmen.components.atlas.project import AtlasProject
from dolmen.components.atlas.provider import atlas_provider

config = pulumi.Config()
opts = pulumi.ResourceOptions(providers=[atlas_provider("atlas", aws_secret=None)])  # from the environment
project = AtlasProject(
    "sketch",
    {"organization_id": config.require("organizationId"), "project_name": "sketch", "protect_data": False},
    opts,
)
AtlasIpAccessList("office", {"project_id": project.project_id, "entries": config.require_object("gateways")}, opts)
cluster = AtlasCluster(
    "sketch",
    {
        "project_id": project.project_id,
        "cluster_name": "sketch",
        "atlas_region": "AP_NORTHEAST_2",
        "instance_size": "M10",
        "electable_nodes": 3,
        "mongodb_version": "8.0",
        "storage_gb": 10,
        "continuous_backup": False,
        "backups": False,
        "protect_data": False,
    },
    opts,
)
pulumi.export("connectionString", cluster.srv_connection_string)
