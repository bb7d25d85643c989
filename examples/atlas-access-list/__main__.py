"""The smallest cluster, for development, reached from one NAT gateway."""

import pulumi

from dolmen.components.atlas import AtlasCluster, AtlasIpAccessList, AtlasProject, atlas_provider

config = pulumi.Config()
opts = pulumi.ResourceOptions(providers=[atlas_provider("atlas", {})])  # from the environment
project = AtlasProject(
    "sketch",
    {"organization_id": config.require("organizationId"), "protect_data": False},
    opts,
)
AtlasIpAccessList("office", {"project_id": project.project_id, "entries": config.require_object("gateways")}, opts)
cluster = AtlasCluster(
    "sketch",
    {
        "project_id": project.project_id,
        "cluster_name": "sketch",
        "region": "ap-northeast-2",
        "instance_size": "M10",
        "mongodb_version": "8.0",
        "backups": False,
        "protect_data": False,
    },
    opts,
)
pulumi.export("connectionString", cluster.srv_connection_string)
