"""What a platform costs a month: counted from list prices, and silent about nothing."""

from __future__ import annotations

from typing import Any

import pytest

from dolmen.engine.plan import Unknown
from dolmen.review.cost.estimate import Estimate, estimate
from dolmen.review.cost.prices import table
from dolmen.review.report.build import Pair, stack_review
from dolmen.review.report.words import cost_cell
from tests.review.plans import CACHE, CLUSTER, ENDPOINT, SECRET, cache_inputs, cluster_inputs, plan, resource

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


def of(token: str, inputs: dict[str, Any], region: str = "us-east-1") -> Estimate:
    return estimate(plan(resource(token, "it", inputs), region=region))


def test_a_cluster_is_priced_by_size_and_nodes() -> None:
    three = of(CLUSTER, cluster_inputs("M30")).total
    assert three.low == pytest.approx(0.54 * 730), "the list price is that of three nodes"
    inputs = cluster_inputs("M30")
    inputs["replicationSpecs"][0]["regionConfigs"][0]["electableSpecs"]["nodeCount"] = 5
    assert of(CLUSTER, inputs).total.low == pytest.approx(0.54 * 730 * 5 / 3)


def test_a_customer_key_costs_its_uplift() -> None:
    plain, keyed = (
        of(CLUSTER, cluster_inputs("M30", **extra)).total.low for extra in ({}, {"encryptionAtRestProvider": "AWS"})
    )
    assert keyed == pytest.approx(plain * 1.15)


def test_a_cache_is_priced_by_engine_shards_and_replicas() -> None:
    assert of(CACHE, cache_inputs(numNodeGroups=2, replicasPerNodeGroup=1)).total.low == pytest.approx(4 * 0.1752 * 730)
    assert of(CACHE, cache_inputs(engine="redis")).total.low == pytest.approx(2 * 0.219 * 730)


@pytest.mark.parametrize(
    ("token", "inputs", "region"),
    [
        (CLUSTER, cluster_inputs("M400"), "us-east-1"),
        (CACHE, cache_inputs(), "ap-northeast-2"),
        (CACHE, cache_inputs(nodeType=Unknown()), "us-east-1"),
        (CACHE, cache_inputs(numNodeGroups=Unknown()), "us-east-1"),
        ("aws:rds/instance:Instance", {}, "us-east-1"),
    ],
)
def test_what_is_not_known_is_not_priced_and_never_zero(token: str, inputs: dict[str, Any], region: str) -> None:
    found = of(token, inputs, region)
    assert found.not_priced and not any(line.monthly for line in found.priced), (
        "an unknown price must not look like none"
    )
    assert all(line.reason for line in found.not_priced)


def test_a_total_with_gaps_says_at_least() -> None:
    one = stack_review(Pair(None, plan(resource(SECRET, "s", {}), resource("aws:rds/instance:Instance", "db", {}))))
    assert cost_cell(one) == "≥ 0.40"


def test_a_private_endpoint_costs_on_both_sides() -> None:
    vpc_endpoint = {"vpcEndpointType": "Interface", "subnetIds": ["a", "b", "c"]}
    assert of(ENDPOINT, {"region": "us-east-1"}).total.low == pytest.approx(0.045 * 730)
    assert of("aws:ec2/vpcEndpoint:VpcEndpoint", vpc_endpoint).total.low == pytest.approx(3 * 0.01 * 730)


def test_usage_is_listed_apart_with_its_assumption() -> None:
    found = of(SECRET, {})
    assert found.total.low == pytest.approx(0.40)
    assert [line.usage for line in found.by_use] == ["0.05 USD per 10,000 calls; depends on how often it is read"]


def test_an_alarm_on_several_metrics_costs_each() -> None:
    queries = [{"id": "a", "metric": {}}, {"id": "b", "metric": {}}, {"id": "c", "expression": "a+b"}]
    assert of(ALARM, {"metricQueries": queries}).total.low == pytest.approx(0.20)
    assert of(ALARM, {"metricName": "x"}).total.low == pytest.approx(0.10)


def test_every_price_says_where_and_when_it_was_read() -> None:
    for (item, region), price in table().prices.items():
        assert price.source and price.date.startswith("20"), f"{item} in {region} has no source"
        assert price.amount.low > 0, f"{item} in {region} costs nothing: then it belongs to the free types"


def test_a_resize_shows_before_and_after() -> None:
    base, head = (plan(resource(CLUSTER, "db", cluster_inputs(size))) for size in ("M20", "M30"))
    one = stack_review(Pair(base, head))
    assert one.cost.changed[0].before is not None
    assert cost_cell(one) == "146 → 394"
