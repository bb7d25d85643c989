"""A cluster whose disks and snapshots a KMS key of yours encrypts."""

import pulumi

from dolmen.components.atlas.cluster import AtlasCluster
from dolmen.components.atlas.encryption_key import AtlasEncryptionKey
from dolmen.components.atlas.project import AtlasProject
from dolmen.components.atlas.provider import atlas_provider

REGION = "AP_NORTHEAST_2"

config = pulumi.Config()
opts = pulumi.ResourceOptions(providers=[atlas_provider("atlas", aws_secret=config.require("atlasSecret"))])
project = AtlasProject(
    "ledger",
    {"organization_id": config.require("organizationId"), "project_name": "ledger", "protect_data": True},
    opts,
)
key = AtlasEncryptionKey(
    "ledger", {"project_id": project.project_id, "atlas_region": REGION, "protect_data": True}, opts
)
cluster = AtlasCluster(
    "ledger",
    {
        "project_id": project.project_id,
        "cluster_name": "ledger",
        "atlas_region": REGION,
        "instance_size": "M30",
        "electable_nodes": 3,
        "mongodb_version": "8.0",
        "storage_gb": 40,
        "encryption_at_rest_provider": "AWS",
        "created_after": [key.ready],
        "protect_data": True,
    },
    opts,
)
pulumi.export("kmsKeyArn", key.kms_key_arn)
pulumi.export("clusterId", cluster.cluster_id)
