"""What the preview of a creation refuses although Check accepts it: rules that providers apply when they plan.

Those of single properties come from the provider schemas (`planModifiers`), those of combinations from the services' own
documentation. A value that the plan had to make up waits; one that only the cloud gives is what the provider takes it for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dolmen.engine.plan import Unknown
from dolmen.knowledge.provider_schema import TypeSchema, type_schema
from dolmen.review.refusals import values
from dolmen.review.refusals.formats import FORMATS
from dolmen.review.refusals.model import Moment, Refusal, RefusalKind

_GENERATED = 26
"""Digits that the provider appends to a prefix: https://registry.terraform.io/providers/hashicorp/aws (name_prefix)"""


def refusals_at_creation(type: str, inputs: Mapping[str, Any], *, at_apply: bool = False) -> tuple[Refusal, ...]:
    """What a preview says against creating it, where Check has nothing against it.

    With `at_apply`, what only the apply says: of values that are not known before.
    """
    schema = type_schema(type)
    if schema is None:
        return ()
    found = dict.fromkeys(_refused(schema, _Values(inputs)))
    if not at_apply:
        return tuple(found)
    later = dict.fromkeys(_refused(schema, _Values(inputs, at_apply=True)))
    return tuple(Refusal(one.path, one.kind, one.rule, one.remedy, Moment.APPLY) for one in later if one not in found)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Values:
    """Inputs as a provider reads them when it plans."""

    inputs: Mapping[str, Any]
    at_apply: bool = False

    def given(self, name: str) -> bool:
        return values.shown(self.inputs.get(name)) is not None

    def unknown(self, name: str) -> bool:
        return isinstance(values.shown(self.inputs.get(name)), Unknown)

    def made_up(self, name: str) -> bool:
        value = self.inputs.get(name)
        return values.waits(value) and not self.unknown(name)

    def text(self, name: str) -> str:
        """Empty where it is not given or not known."""
        found = values.text(self._known(name))
        return found if isinstance(found, str) else ""

    def filled(self, name: str) -> bool:
        """Whether it is a text that is not empty; at apply, an output is one."""
        return bool(self.text(name)) or (self.at_apply and self.unknown(name))

    def true(self, name: str) -> bool:
        return values.boolean(self._known(name), from_text=True) is True

    def number(self, name: str) -> float | None:
        found = values.number(self._known(name))
        return found if isinstance(found, int | float) else None

    def _known(self, name: str) -> Any:
        value = self.inputs.get(name)
        return None if values.waits(value) else values.shown(value)


Rule = Callable[[_Values], Iterator[Refusal]]


def _refused(schema: TypeSchema, inputs: _Values) -> Iterator[Refusal]:
    for path in schema.planned:
        yield from _planned(path, schema.properties[path].plan_modifiers, inputs)
    if schema.type in COMBINATIONS:
        yield from COMBINATIONS[schema.type](inputs)


def _planned(path: str, modifiers: tuple[str, ...], inputs: _Values) -> Iterator[Refusal]:
    if "updateOnly" in modifiers and inputs.given(path):
        rule = "it can be given only to what exists already"
        yield Refusal(path, RefusalKind.UPDATE_ONLY, rule, f"Leave {path} out until it exists.", Moment.CREATION)
    if "requestOnlyRequiredOnCreate" in modifiers and not inputs.given(path) and not inputs.given(_ALONE):
        rule = "it is required when it is created"
        yield Refusal(path, RefusalKind.MISSING_AT_CREATION, rule, f"Give {path}.", Moment.CREATION)


_ALONE = "withoutInitialSecret"
"""A service account without a first secret needs no end of its life.

Source: https://www.pulumi.com/registry/packages/mongodbatlas/api-docs/serviceaccount
"""


def _combination(path: str, rule: str, remedy: str, moment: Moment = Moment.ALWAYS) -> Refusal:
    return Refusal(path, RefusalKind.COMBINATION, rule, remedy, moment)


def _alarm(inputs: _Values) -> Iterator[Refusal]:
    """Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"""
    if inputs.given("evaluationCriteria"):
        return
    if not inputs.given("comparisonOperator"):
        yield _combination("comparisonOperator", "an alarm needs it", "Give comparisonOperator.")
    # The provider takes a number that is not known yet for 0.
    zero = inputs.unknown("evaluationPeriods") and not inputs.at_apply
    if zero or not inputs.given("evaluationPeriods") or inputs.number("evaluationPeriods") == 0:
        rule = "an alarm needs it, and the preview needs its value" if zero else "an alarm needs it"
        yield _combination("evaluationPeriods", rule, "Give evaluationPeriods a number that is known.")
    if inputs.given("metricName") and not any(map(inputs.given, ("statistic", "extendedStatistic"))):
        rule = "an alarm of one metric needs statistic or extendedStatistic beside it"
        yield _combination("metricName", rule, "Give statistic or extendedStatistic.")


def _replication_group(inputs: _Values) -> Iterator[Refusal]:
    """Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html"""
    failover = inputs.true("automaticFailoverEnabled")
    waits = inputs.made_up("automaticFailoverEnabled") or (
        inputs.at_apply and inputs.unknown("automaticFailoverEnabled")
    )
    if inputs.true("multiAzEnabled") and not failover and not waits:
        unknown = inputs.unknown("automaticFailoverEnabled")
        rule = f"it needs automaticFailoverEnabled{', and the preview needs its value' if unknown else ''}"
        yield _combination("multiAzEnabled", rule, "Set automaticFailoverEnabled to true.")
    clusters = inputs.number("numCacheClusters")
    if failover and clusters is not None and clusters < 2:
        rule = "it needs at least 2 numCacheClusters"
        yield _combination("automaticFailoverEnabled", rule, "Give numCacheClusters 2 or more.")
    strategy = inputs.text("authTokenUpdateStrategy")
    if strategy in ("SET", "ROTATE") and not any(map(inputs.given, ("authToken", "authTokenWo"))):
        rule = f"`{strategy}` needs an authToken"
        yield _combination("authTokenUpdateStrategy", rule, "Give authToken, or leave authTokenUpdateStrategy out.")


def _cache_cluster(inputs: _Values) -> Iterator[Refusal]:
    """Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheCluster.html"""
    engine, nodes = inputs.text("engine"), inputs.number("numCacheNodes")
    if engine == "memcached" and inputs.filled("finalSnapshotIdentifier"):
        rule = "Memcached has no snapshots"
        yield _combination("finalSnapshotIdentifier", rule, "Leave finalSnapshotIdentifier out.")
    if inputs.text("azMode") == "cross-az" and nodes == 1:
        yield _combination("azMode", "`cross-az` needs more than one of numCacheNodes", "Give numCacheNodes 2 or more.")
    if engine == "redis" and nodes is not None and nodes > 1:
        yield _combination("numCacheNodes", "Redis has one node here", "Give numCacheNodes 1.")
    version, fits = inputs.text("engineVersion"), _VERSIONS.get(engine)
    if version and fits is not None and not fits(version):
        rule = f"it is no version of {engine}"
        yield _combination("engineVersion", rule, "Give a version such as 1.6.22 (memcached), 7.1 or 5.0.6 (redis).")


_VERSIONS: Mapping[str, Callable[[str], bool]] = {
    "memcached": lambda text: re.fullmatch(r"[1-9]\d*(\.\d+){2}", text, re.ASCII) is not None,
    "redis": FORMATS["elasticacheVersion"].fits,
    "valkey": FORMATS["elasticacheVersion"].fits,
}


def _global_replication_group(inputs: _Values) -> Iterator[Refusal]:
    """Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyGlobalReplicationGroup.html"""
    if inputs.filled("parameterGroupName") and not inputs.given("engineVersion"):
        rule = "it goes only with a new major engineVersion"
        remedy = "Give engineVersion too, or leave parameterGroupName out."
        yield _combination("parameterGroupName", rule, remedy, Moment.CREATION)


def _topic(inputs: _Values) -> Iterator[Refusal]:
    """Source: https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html"""
    if inputs.made_up("fifoTopic"):
        return
    fifo, decided = inputs.true("fifoTopic"), not (inputs.at_apply and inputs.unknown("fifoTopic"))
    if not fifo and decided:
        for name in ("archivePolicy", "fifoThroughputScope"):
            if inputs.filled(name):
                yield _combination(name, "it is for FIFO topics", f"Leave {name} out, or set fifoTopic to true.")
        if inputs.true("contentBasedDeduplication"):
            remedy = "Leave contentBasedDeduplication out, or set fifoTopic to true."
            yield _combination("contentBasedDeduplication", "it is for FIFO topics", remedy)
    if not inputs.unknown("fifoTopic"):
        yield from _topic_name(inputs, fifo=fifo)


def _topic_name(inputs: _Values, *, fifo: bool) -> Iterator[Refusal]:
    path = "name" if inputs.text("name") else "namePrefix"
    name = inputs.text("name") or inputs.text("namePrefix")
    if path == "namePrefix":
        name += ("0" * _GENERATED + (".fifo" if fifo else "")) if name else ""
    if name and not re.fullmatch(r"[\w-]{1,251}\.fifo" if fifo else r"[\w-]{1,256}", name, re.ASCII):
        rule = "a FIFO topic's name ends in .fifo" if fifo else "a topic's name has letters, digits, `_` and `-`"
        yield _combination(path, f"{rule}, and at most 256 characters", f"Give {path} another value.", Moment.CREATION)


def _subscription(inputs: _Values) -> Iterator[Refusal]:
    """Source: https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering-scope.html"""
    waits = inputs.made_up("filterPolicy") or (inputs.at_apply and inputs.unknown("filterPolicy"))
    if inputs.given("filterPolicyScope") and not inputs.text("filterPolicy") and not waits:
        unknown = inputs.unknown("filterPolicy")
        rule = f"it needs a filterPolicy{', and the preview needs its value' if unknown else ''}"
        yield _combination("filterPolicyScope", rule, "Give filterPolicy, or leave filterPolicyScope out.")


COMBINATIONS: Mapping[str, Rule] = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": _alarm,
    "aws:elasticache/cluster:Cluster": _cache_cluster,
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": _global_replication_group,
    "aws:elasticache/replicationGroup:ReplicationGroup": _replication_group,
    "aws:sns/topic:Topic": _topic,
    "aws:sns/topicSubscription:TopicSubscription": _subscription,
}
