"""A cluster whose disks and snapshots a KMS key of yours encrypts."""

import pulumi

from dolmen.components.atlas import AtlasCluster, AtlasEncryptionKey, AtlasProject, atlas_provider
from dolmen.components.keys import EncryptionKey

REGION = "ap-northeast-2"

config = pulumi.Config()
opts = pulumi.ResourceOptions(providers=[atlas_provider("atlas", {"aws_secret": config.require("atlasSecret")})])
project = AtlasProject("ledger", {"organization_id": config.require("organizationId"), "protect_data": True}, opts)
key = EncryptionKey(
    "ledger", {"alias": "alias/ledger/atlas", "description": "Disks and snapshots of ledger", "protect_data": True}
)
encryption = AtlasEncryptionKey(
    "ledger", {"project_id": project.project_id, "region": REGION, "kms_key_arn": key.key_arn}, opts
)
cluster = AtlasCluster(
    "ledger",
    {
        "project_id": project.project_id,
        "cluster_name": "ledger",
        "region": REGION,
        "instance_size": "M30",
        "mongodb_version": "8.0",
        "encryption_key_ready": encryption.ready,
        "protect_data": True,
    },
    opts,
)
pulumi.export("kmsKeyArn", key.key_arn)
pulumi.export("clusterId", cluster.cluster_id)
