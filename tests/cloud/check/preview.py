"""What the Create of a preview refuses although Check accepts it: rules that a provider states for its plan.

Those of single properties come from the constraint data (`planModifiers`), those of combinations from the services'
documentation. What only the service can say is not here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from tests.cloud.check import relations
from tests.cloud.check.formats import engine_version
from tests.cloud.check.relations import Inputs
from tests.cloud.check.rules import TypeRules
from tests.cloud.wire import UNKNOWN

PreviewKind = Literal["combination", "missing-at-creation", "update-only"]


@dataclass(frozen=True)
class PreviewProblem:
    """One thing for which the preview of a creation fails."""

    kind: PreviewKind
    reason: str


def problems(rules: TypeRules, inputs: Inputs) -> Iterator[PreviewProblem]:
    """Everything that the preview refuses of inputs that Check accepted and that are converted."""
    for name, known in rules.properties.items():
        if known.update_only and inputs.get(name) is not None:
            yield PreviewProblem("update-only", f"{name} can be given only to what exists already")
        if known.required_at_creation and inputs.get(name) is None and not inputs.get("withoutInitialSecret"):
            yield PreviewProblem("missing-at-creation", f"{name} must be given when it is created")
    stated = _COMBINATIONS.get(rules.token)
    if stated:
        for reason in stated(inputs):
            yield PreviewProblem("combination", reason)


def _known(inputs: Inputs, name: str) -> object:
    """The value of a property; None where it isn't given or isn't known."""
    value = inputs.get(name)
    return None if value == UNKNOWN else value


def _alarm(inputs: Inputs) -> Iterator[str]:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"""
    if inputs.get("evaluationCriteria") is not None:
        return
    if inputs.get("comparisonOperator") is None:
        yield "an alarm needs a comparisonOperator"
    if _known(inputs, "evaluationPeriods") is None:  # the provider reads an unknown number as 0
        yield "an alarm needs evaluationPeriods"
    if inputs.get("metricName") is not None and not any(
        relations.given(inputs, ["statistic", "extendedStatistic", "metricQueries"])
    ):
        yield "an alarm of one metric needs a statistic or an extendedStatistic"


def _replication_group(inputs: Inputs) -> Iterator[str]:
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html"""
    failover = _known(inputs, "automaticFailoverEnabled")
    if _known(inputs, "multiAzEnabled") is True and failover is not True:
        yield "multiAzEnabled needs automaticFailoverEnabled, which must be known"
    clusters = _known(inputs, "numCacheClusters")
    if failover is True and isinstance(clusters, int) and clusters < 2:
        yield "automaticFailoverEnabled needs at least two numCacheClusters"
    strategy = _known(inputs, "authTokenUpdateStrategy")
    if strategy in ("SET", "ROTATE") and not any(relations.given(inputs, ["authToken", "authTokenWo"])):
        yield f"authTokenUpdateStrategy {strategy} needs an authToken"


def _cache_cluster(inputs: Inputs) -> Iterator[str]:
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheCluster.html"""
    engine, nodes, version = (_known(inputs, name) for name in ("engine", "numCacheNodes", "engineVersion"))
    if engine == "memcached" and _known(inputs, "finalSnapshotIdentifier"):
        yield "Memcached has no snapshots, so no finalSnapshotIdentifier"
    if _known(inputs, "azMode") == "cross-az" and nodes == 1:
        yield "azMode cross-az needs more than one of numCacheNodes"
    if engine == "redis" and isinstance(nodes, int) and nodes > 1:
        yield "Redis has one of numCacheNodes"
    fits = {"memcached": _memcached_version, "redis": engine_version}.get(str(engine))
    if fits and isinstance(version, str) and not fits(version):
        yield f"{version} is no version of {engine}"


def _memcached_version(text: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+){2}", text) is not None


def _global_replication_group(inputs: Inputs) -> Iterator[str]:
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyGlobalReplicationGroup.html"""
    if _known(inputs, "parameterGroupName") and inputs.get("engineVersion") is None:
        yield "parameterGroupName goes only with a new major engineVersion"


def _topic(inputs: Inputs) -> Iterator[str]:
    """https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html"""
    fifo, name = inputs.get("fifoTopic"), _known(inputs, "name")
    if fifo in (None, False):
        for only_fifo in ("archivePolicy", "contentBasedDeduplication", "fifoThroughputScope"):
            if _known(inputs, only_fifo):
                yield f"{only_fifo} is for FIFO topics"
    if isinstance(name, str) and fifo != UNKNOWN:
        pattern = r"[\w-]{1,251}\.fifo" if fifo else r"[\w-]{1,256}"
        if not re.fullmatch(pattern, name, re.ASCII):
            yield f"{name} is no name of a {'FIFO ' if fifo else ''}topic"


_COMBINATIONS: dict[str, Callable[[Inputs], Iterator[str]]] = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": _alarm,
    "aws:elasticache/cluster:Cluster": _cache_cluster,
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": _global_replication_group,
    "aws:elasticache/replicationGroup:ReplicationGroup": _replication_group,
    "aws:sns/topic:Topic": _topic,
}
