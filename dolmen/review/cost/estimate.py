"""What a stack costs a month: pure counting over the inputs of a plan.

A line has an amount and says what kind of number it is; or it depends on a use that nobody named; or nobody knows what
it costs. Nothing is ever counted as zero for want of a price.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from dolmen.engine.plan import Plan, Resource
from dolmen.knowledge.loader import type_knowledge
from dolmen.review.cost import atlas, atlas_services, aws, elasticache
from dolmen.review.cost.lines import WHOLE, Counting, Line
from dolmen.review.cost.price import NOTHING, Amount, Kind
from dolmen.review.cost.price_file import shipped
from dolmen.review.cost.prices import Prices
from dolmen.review.cost.usage import Usage, usage_of
from dolmen.review.regions import provider_region

COUNTERS: Mapping[str, Callable[[Counting], Iterator[Line]]] = {
    atlas.CLUSTER: atlas.cluster,
    atlas_services.ENDPOINT: atlas_services.endpoint,
    atlas_services.SEARCH: atlas_services.search,
    elasticache.REPLICATION_GROUP: elasticache.replication_group,
    aws.VPC_ENDPOINT: aws.vpc_endpoint,
    aws.SECRET: aws.secret,
    "aws:kms/key:Key": aws.key,
    "aws:cloudwatch/metricAlarm:MetricAlarm": aws.alarm,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": aws.composite_alarm,
    aws.LOG_GROUP: aws.log_group,
    "aws:sns/topicSubscription:TopicSubscription": aws.subscription,
}
"""One for each type whose file says `cost: priced`."""


@dataclass(frozen=True, slots=True)
class Estimate:
    lines: tuple[Line, ...]

    @property
    def priced(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.monthly is not None)

    @property
    def total(self) -> Amount:
        return sum((line.monthly for line in self.lines if line.monthly is not None), NOTHING)

    @property
    def exact(self) -> bool:
        """Whether no amount is an estimate."""
        return all(line.kind is not Kind.ESTIMATE for line in self.priced)

    @property
    def unknown(self) -> tuple[Line, ...]:
        """Lines of which nobody knows what they cost."""
        return tuple(line for line in self.lines if line.reason)

    @property
    def by_use(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.usage)


def estimate(plan: Plan, prices: Prices | None = None, usage: Usage | None = None) -> Estimate:
    """What a plan costs, by the list that Dolmen brings and the plan's own usage where no others are given."""
    prices, usage = prices or shipped(), usage or usage_of(plan)
    billed = (one for one in plan.resources if one.custom and not one.read and not one.type.startswith("pulumi:"))
    return Estimate(tuple(line for resource in billed for line in _lines(resource, plan, prices, usage)))


def _lines(resource: Resource, plan: Plan, prices: Prices, usage: Usage) -> Iterator[Line]:
    counting = Counting(resource, plan, prices, _region(resource, plan), usage)
    cost = type_knowledge(resource.type).cost
    if cost is None:
        yield counting.unknown_resource(WHOLE, "no price is known for this type of resource")
    elif cost.not_priced:
        for item, reason in cost.not_priced.items():
            yield counting.unknown_resource(item, reason)
    elif not cost.free:
        yield from COUNTERS[resource.type](counting)


def _region(resource: Resource, plan: Plan) -> str | None:
    """Where AWS bills it; Atlas's own names of regions are for its counters to read."""
    own = resource.inputs.get("region")
    if own is None or resource.package != "aws":
        return provider_region(resource, plan)
    return own if isinstance(own, str) else None
