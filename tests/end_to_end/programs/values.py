"""Values of every shape."""

import enum

import pulumi
import pulumi_aws as aws
import pulumi_mongodbatlas as atlas
import pulumi_random as random


class Kind(enum.StrEnum):
    ONE = "one"


random.RandomPet("keepers", keepers={"empty": "", "unicode": "é😀", "newline": "a\nb", "enum": Kind.ONE, "none": None})
random.RandomPet("no-keepers", keepers={})
random.RandomPet("none", prefix=None, keepers=None)
random.RandomShuffle("empty-list", inputs=[])
random.RandomInteger("negative", min=-5, max=2**40)
random.RandomPassword("numbers", length=16.0, min_lower=0, special=False)
aws.cloudwatch.MetricAlarm(
    "typed",
    name="typed",
    comparison_operator="GreaterThanThreshold",
    evaluation_periods=1,
    metric_queries=[
        aws.cloudwatch.MetricAlarmMetricQueryArgs(id="e", expression="m * 2", label="x", return_data=True),
        {
            "id": "m",
            "metric": {"metric_name": "CPU", "namespace": "N", "period": 60, "stat": "Sum", "dimensions": {"A": "b"}},
        },
    ],
    threshold=0.1,
)
aws.cloudwatch.MetricAlarm(
    "floats",
    name="floats",
    comparison_operator="LessThanThreshold",
    evaluation_periods=2,
    threshold=1e21,
    metric_name="m",
    namespace="n",
    period=60,
    statistic="Average",
    dimensions={"a_key": "b", "CamelKey": "c", "a.b": "d"},
)
aws.iam.Role(
    "json",
    name="json",
    assume_role_policy='{"Version":"2012-10-17","Statement":[]}',
    tags={"snake_key": "1", "aws:x": ""},
)
project = atlas.Project(
    "project", org_id="5f0000000000000000000001", name="p", tags={"a": "b"}, limits=[{"name": "x", "value": 1}]
)
atlas.AdvancedCluster(
    "cluster",
    project_id=project.id,
    name="c",
    cluster_type="REPLICASET",
    backup_enabled=True,
    replication_specs=pulumi.Output.from_input(
        [
            atlas.AdvancedClusterReplicationSpecArgs(
                region_configs=[
                    atlas.AdvancedClusterReplicationSpecRegionConfigArgs(
                        priority=7,
                        provider_name="AWS",
                        region_name="EU_WEST_1",
                        electable_specs={"instance_size": "M10", "node_count": 3, "disk_size_gb": 10.5},
                    )
                ]
            )
        ]
    ),
    labels={"team": "a"},
)
aws.lambda_.Function(
    "code",
    name="code",
    role="arn:aws:iam::123456789012:role/r",
    runtime="python3.12",
    handler="a.b",
    code=pulumi.AssetArchive({"a.py": pulumi.StringAsset("print(1)"), "d": pulumi.FileArchive(".")}),
    environment={"variables": {"A_KEY": "b", "unknown": project.id, "secret": pulumi.Output.secret("s")}},
)
pulumi.export("list", [1, 1.5, True, None, {"a": None, "b": []}])
pulumi.export("text", "é")
pulumi.export("none", None)
