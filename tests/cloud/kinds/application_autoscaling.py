"""Application Auto Scaling: what scales within which bounds. Nothing scales by itself here."""

from __future__ import annotations

from typing import Any

from tests.cloud.cloud import Cloud, Live, Refused, arn, fresh
from tests.cloud.contracts import Properties
from tests.cloud.kinds.base import Kind, behaves

_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
_FAMILIES = ("r7g", "r6g", "r6gd", "r5", "m7g", "m6g", "m5", "c7gn")
_SIZES = ("large", "xlarge", "2xlarge")
_METRICS = {
    "elasticache:replication-group:NodeGroups": (
        "ElastiCachePrimaryEngineCPUUtilization",
        "ElastiCacheDatabaseMemoryUsageCountedForEvictPercentage",
        "ElastiCacheDatabaseCapacityUsageCountedForEvictPercentage",
    ),
    "elasticache:replication-group:Replicas": ("ElastiCacheReplicaEngineCPUUtilization",),
}
"""https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoScaling.html and AutoScaling-Scaling-Policies-Target.html"""


@behaves("aws:appautoscaling/target:Target")
class Target(Kind):
    """Registering one that exists changes its bounds: nothing is refused for being there."""

    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return f"{inputs['resourceId']}|{inputs['scalableDimension']}"

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        self._refuse(cloud, inputs)

    def refuse_update(self, cloud: Cloud, live: Live, inputs: Properties) -> None:
        super().refuse_update(cloud, live, inputs)
        self._refuse(cloud, inputs)

    def _refuse(self, cloud: Cloud, inputs: Properties) -> None:
        if inputs["minCapacity"] > inputs["maxCapacity"]:
            raise Refused("ValidationException: the minimum capacity is above the maximum capacity")
        if inputs["serviceNamespace"] != "elasticache":
            return
        kind, _, name = str(inputs["resourceId"]).partition("/")
        group = cloud.get(_GROUP, name) if kind == "replication-group" else None
        if group is None:
            raise Refused(f"ValidationException: {inputs['resourceId']} is no replication group")
        if group.inputs.get("clusterMode") != "enabled":
            raise Refused("ValidationException: only cluster mode scales by itself")
        _, family, size = str(group.inputs["nodeType"]).split(".")
        if family not in _FAMILIES or size not in _SIZES:
            raise Refused(f"ValidationException: {group.inputs['nodeType']} does not scale by itself")

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {
            **super().outputs(cloud, live),
            "arn": arn("application-autoscaling", f"scalable-target/{fresh(12)}", live.inputs),
        }


@behaves("aws:appautoscaling/policy:Policy")
class Policy(Kind):
    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return f"{inputs['resourceId']}|{inputs['scalableDimension']}|{inputs['name']}"

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        super().refuse_create(cloud, inputs)
        self._refuse(inputs)

    def refuse_update(self, cloud: Cloud, live: Live, inputs: Properties) -> None:
        super().refuse_update(cloud, live, inputs)
        self._refuse(inputs)

    def _refuse(self, inputs: Properties) -> None:
        if inputs["serviceNamespace"] != "elasticache":
            return
        tracking = inputs.get("targetTrackingScalingPolicyConfiguration") or {}
        metric = (tracking.get("predefinedMetricSpecification") or {}).get("predefinedMetricType")
        if inputs.get("policyType") != "TargetTrackingScaling" or not tracking:
            raise Refused("ValidationException: ElastiCache follows target tracking policies")
        if metric not in _METRICS.get(str(inputs["scalableDimension"]), ()):
            raise Refused(f"ValidationException: {metric} does not scale {inputs['scalableDimension']}")
