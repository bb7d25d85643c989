"""What a platform costs a month: what is counted, what kind of number it is, and what a change adds."""

from __future__ import annotations

import copy
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rich.console import Console

from dolmen.engine.plan import Failure, FailureKind, Options, Unknown
from dolmen.knowledge.loader import known_types, type_knowledge
from dolmen.review import formats
from dolmen.review.cost.estimate import COUNTERS, Estimate, estimate
from dolmen.review.cost.price import NOTHING, Amount, Kind
from dolmen.review.formats import text as render
from dolmen.review.formats.parts.cost_table import show_cost
from dolmen.review.formats.parts.plan_json import plans_json
from dolmen.review.report import cost_words
from dolmen.review.report.build import Pair, review, stack_review
from dolmen.review.report.model import Side, StackReview, Status
from dolmen.review.report.plans import PlannedStack
from tests.review.plans import CACHE, CLUSTER, ENDPOINT, SECRET, cache_inputs, cluster_inputs, plan, resource, urn

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
LOGS = "aws:cloudwatch/logGroup:LogGroup"
VPC_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
DATABASE = "aws:rds/instance:Instance"
HOURS = 730


def of(token: str, inputs: dict[str, Any], region: str = "us-east-1", **usage: float) -> Estimate:
    config = {"shop:usage": usage} if usage else {}
    return estimate(plan(resource(token, "it", inputs), region=region, config=config))


def part(found: Estimate, name: str) -> Amount:
    return next(line.monthly for line in found.lines if line.part == name and line.monthly is not None)


def nodes(found: Estimate) -> Amount:
    return next(line.monthly for line in found.lines if line.part.endswith("nodes") and line.monthly is not None)


def cluster(size: str = "M30", region: object = "US_EAST_1", **specs: Any) -> dict[str, Any]:
    """`specs`: of the electable nodes; `config`: of the region; `more`: of the cluster."""
    config, more = specs.pop("config", {}), specs.pop("more", {})
    inputs = copy.deepcopy(cluster_inputs(size, backupEnabled=False, pitEnabled=False, **more))
    where = inputs["replicationSpecs"][0]["regionConfigs"][0]
    where["regionName"] = region
    where["electableSpecs"] |= specs
    where |= config
    return inputs


def reviewed(before: dict[str, Any] | None, after: dict[str, Any] | None, token: str = CLUSTER) -> StackReview:
    base, head = (plan(resource(token, "it", one)) if one is not None else None for one in (before, after))
    return stack_review(Pair(base, head))


# ---- clusters


def test_a_cluster_is_priced_by_size_and_nodes() -> None:
    assert nodes(of(CLUSTER, cluster())).low == pytest.approx(0.54 * HOURS), "the list price is that of three nodes"
    assert nodes(of(CLUSTER, cluster(nodeCount=5))).low == pytest.approx(0.54 * HOURS * 5 / 3)


def test_read_only_and_analytics_nodes_cost_as_much_as_others() -> None:
    more = {
        "readOnlySpecs": {"instanceSize": "M30", "nodeCount": 3},
        "analyticsSpecs": {"instanceSize": "M40", "nodeCount": 3},
    }
    assert of(CLUSTER, cluster(config=more)).total.low == pytest.approx((0.54 * 2 + 1.04) * HOURS)


def over_regions(*names: str) -> dict[str, Any]:
    """A cluster with two electable nodes in each region."""
    inputs = cluster()
    (one,) = inputs["replicationSpecs"][0]["regionConfigs"]
    configs = [{**one, "regionName": name, "electableSpecs": {"instanceSize": "M30", "nodeCount": 2}} for name in names]
    return {**inputs, "replicationSpecs": [{"regionConfigs": configs}]}


def test_each_region_of_a_cluster_is_counted_at_its_own_price_and_named() -> None:
    here, elsewhere = (of(CLUSTER, over_regions(name)).total for name in ("US_EAST_1", "AP_NORTHEAST_2"))
    both = of(CLUSTER, over_regions("US_EAST_1", "AP_NORTHEAST_2"))
    assert both.total.low == pytest.approx(here.low + elsewhere.low), "a region is left out of the bill"
    assert both.total.high == pytest.approx(here.high + elsewhere.high)
    items = [line.item for line in both.lines if "electable" in line.item]
    assert items == ["2 × M30 electable in us-east-1", "2 × M30 electable in ap-northeast-2"]


def test_a_customer_key_costs_its_uplift() -> None:
    plain, keyed = (of(CLUSTER, cluster(more=more)).total for more in ({}, {"encryptionAtRestProvider": "AWS"}))
    assert keyed.low == pytest.approx(plain.low * 1.15)


def test_auditing_costs_its_uplift_on_every_cluster() -> None:
    auditing = resource("mongodbatlas:index/auditing:Auditing", "audit", {"enabled": True})
    found = estimate(plan(resource(CLUSTER, "db", cluster()), auditing))
    assert found.total.low == pytest.approx(0.54 * HOURS * 1.10)


def test_a_disk_of_the_sizes_own_costs_nothing_more() -> None:
    assert of(CLUSTER, cluster(diskSizeGb=40)).total == of(CLUSTER, cluster()).total


def test_a_larger_disk_bills_in_full_as_in_the_published_example() -> None:
    total = of(CLUSTER, cluster(diskSizeGb=200)).total
    assert total.low <= 0.65 * HOURS <= total.high, "MongoDB's own example, M30 with 200 GB, costs 0.65 an hour"


def test_a_smaller_disk_is_never_cheaper_than_the_list() -> None:
    total = of(CLUSTER, cluster(diskSizeGb=20)).total
    assert total.low == pytest.approx(0.54 * HOURS) and total.high > total.low


def test_autoscaling_is_a_range_from_the_least_to_the_most() -> None:
    scaling = {
        "computeEnabled": True,
        "computeScaleDownEnabled": True,
        "computeMinInstanceSize": "M30",
        "computeMaxInstanceSize": "M50",
    }
    found = nodes(of(CLUSTER, cluster("M40", config={"autoScaling": scaling})))
    assert (found.low, found.high) == (pytest.approx(0.54 * HOURS), pytest.approx(2.00 * HOURS))


def test_another_region_of_atlas_is_a_wide_range_by_what_is_published() -> None:
    found = nodes(of(CLUSTER, cluster(region="AP_NORTHEAST_2")))
    assert (found.low, found.high) == (pytest.approx(0.54 * HOURS), pytest.approx(0.54 * 1.85 * HOURS))
    assert nodes(of(CLUSTER, cluster(region="SA_EAST_1"))).low == pytest.approx(0.98 * HOURS), "this one is published"


def test_either_snapshots_or_continuous_backup_is_billed() -> None:
    for continuous, text in ((True, "continuous backup"), (False, "snapshots")):
        found = of(CLUSTER, cluster(more={}) | {"backupEnabled": True, "pitEnabled": continuous})
        assert [line.item.split(",")[0] for line in found.lines if line.part == "backup"] == [text]


@pytest.mark.parametrize(("gb", "cost"), [(5, 0.0), (100, 95.0), (115, 106.25)])
def test_continuous_backup_is_billed_by_band_as_in_the_documentation(gb: float, cost: float) -> None:
    """MongoDB's worked example: 115 GB in us-east-1 cost 106.25 USD."""
    found = of(CLUSTER, cluster() | {"backupEnabled": True, "pitEnabled": True}, backupGb=gb)
    assert part(found, "backup") == Amount(cost, cost)


def test_a_private_endpoint_costs_on_both_sides_and_for_each_further_region() -> None:
    assert of(ENDPOINT, {"region": "us-east-1"}).total.low == pytest.approx(0.045 * HOURS)
    endpoint = {"vpcEndpointType": "Interface", "subnetIds": ["a", "b", "c"]}
    assert of(VPC_ENDPOINT, endpoint).total.low == pytest.approx(3 * 0.01 * HOURS)
    far = plan(resource(ENDPOINT, "e", {"region": "US_EAST_1"}), resource(CLUSTER, "db", cluster(region="EU_WEST_1")))
    assert part(estimate(far), "further regions").low == pytest.approx(0.05 * HOURS)


# ---- caches


def test_a_cache_is_priced_by_engine_shards_and_replicas() -> None:
    assert nodes(of(CACHE, cache_inputs(numNodeGroups=2))).low == pytest.approx(4 * 0.1752 * HOURS)
    assert nodes(of(CACHE, cache_inputs(engine="redis"))).low == pytest.approx(2 * 0.219 * HOURS)


def test_node_groups_that_are_listed_count_each_with_its_replicas() -> None:
    groups = [{"replicaCount": 2}, {"replicaCount": 0}, {}]
    found = of(CACHE, cache_inputs(numNodeGroups=None, nodeGroupConfigurations=groups))
    assert nodes(found).low == pytest.approx((3 + 1 + 2) * 0.1752 * HOURS)


def test_a_provider_of_its_own_says_where_a_resource_is_billed() -> None:
    provider = resource("pulumi:providers:aws", "far", {"region": "sa-east-1"})
    far = resource(CACHE, "cache", cache_inputs(), options=Options(provider=f"{provider.urn}::id"))
    assert nodes(estimate(plan(provider, far))).low == pytest.approx(2 * 0.3488 * HOURS), (
        "0.3488 in sa-east-1, by the price feed"
    )
    unknown = replace(provider, inputs={"region": Unknown()})
    assert estimate(plan(unknown, far)).unknown, "the stack's own region would give a wrong number"


def test_synchronous_durability_costs_a_share_of_the_node_and_asynchronous_nothing() -> None:
    plain, later, sync = (
        of(CACHE, cache_inputs(nodeType="cache.m7g.large", **more)).total.low
        for more in ({}, {"durability": "async"}, {"durability": "sync"})
    )
    assert plain == later, "AWS: asynchronous writes cost nothing more"
    assert sync - plain == pytest.approx(2 * 0.0228 * HOURS, rel=0.005), "the price list of us-east-1 says 0.0228"


def test_the_first_snapshot_of_a_cache_is_free() -> None:
    assert not [line for line in of(CACHE, cache_inputs(snapshotRetentionLimit=1)).lines if line.part != "nodes"]
    found = of(CACHE, cache_inputs(snapshotRetentionLimit=8), cacheGb=10)
    assert part(found, "cache snapshots").low == pytest.approx(7 * 10 * 0.085)


# ---- what stands around them


def test_usage_is_listed_apart_until_the_stack_file_names_it() -> None:
    found = of(SECRET, {})
    assert found.total.low == pytest.approx(0.40)
    assert [line.usage for line in found.by_use] == ["0.05 USD per 10,000 calls; depends on how often it is read"]
    assert of(SECRET, {}, secretReads=2_000_000).total.low == pytest.approx(0.40 + 10)


def test_what_several_resources_use_is_shared_among_them() -> None:
    groups = [resource(LOGS, name, {}) for name in "abcd"]
    assert estimate(plan(*groups, config={"shop:usage": {"logGb": 10}})).total.low == pytest.approx(10 * 0.50)


def test_logs_are_assumed_and_the_assumption_is_said() -> None:
    (line,) = of(LOGS, {}).lines
    assert line.monthly == Amount(0, 0.50) and "assumed" in line.rule and "0–1 GB" in line.item


def test_an_alarm_on_several_metrics_costs_each_and_a_fine_one_more() -> None:
    queries = [{"id": "a", "metric": {}}, {"id": "b", "metric": {}}, {"id": "c", "expression": "a+b"}]
    assert of(ALARM, {"metricQueries": queries}).total.low == pytest.approx(0.20)
    assert of(ALARM, {"metricName": "x", "period": 60}).total.low == pytest.approx(0.10)
    assert of(ALARM, {"metricName": "x", "period": 10}).total.low == pytest.approx(0.30)


def test_a_foreign_usage_is_not_taken_for_ours() -> None:
    for said in ("much", {"logGb": "many"}, {"logGb": -3}, {"logGb": True}, 7):
        assert estimate(plan(resource(LOGS, "l", {}), config={"shop:usage": said})).total == Amount(0, 0.50)


# ---- what nobody knows


@pytest.mark.parametrize(
    ("token", "inputs", "region"),
    [
        (CLUSTER, cluster("M30_GEN_2"), "us-east-1"),
        (CLUSTER, cluster(config={"providerName": "AZURE"}), "us-east-1"),
        (CLUSTER, cluster(instanceSize=Unknown()), "us-east-1"),
        (CLUSTER, cluster(nodeCount=Unknown()), "us-east-1"),
        (CLUSTER, cluster(region=Unknown()), "us-east-1"),
        (CACHE, cache_inputs(), "mars-north-1"),
        (CACHE, cache_inputs(engine="redis", nodeType="cache.r8g.large"), "us-east-1"),
        (CACHE, cache_inputs(nodeType=Unknown()), "us-east-1"),
        (CACHE, cache_inputs(numNodeGroups=Unknown()), "us-east-1"),
        (CACHE, cache_inputs(numNodeGroups=-2), "us-east-1"),
        (CACHE, cache_inputs(numNodeGroups=1e300), "us-east-1"),
        (CACHE, cache_inputs(nodeGroupConfigurations=[{"replicaCount": Unknown()}], numNodeGroups=None), "us-east-1"),
        (CACHE, cache_inputs(region=Unknown()), "us-east-1"),
        (VPC_ENDPOINT, {"vpcEndpointType": "Interface"}, "us-east-1"),
        (DATABASE, {}, "us-east-1"),
    ],
)
def test_what_is_not_known_is_not_priced_and_never_zero(token: str, inputs: dict[str, Any], region: str) -> None:
    found = of(token, inputs, region)
    assert found.unknown and not any(line.monthly for line in found.priced), "an unknown price must not look like none"
    assert all(line.reason for line in found.unknown)


def test_provisioned_iops_have_no_price_and_are_not_left_out() -> None:
    found = of(CLUSTER, cluster(diskIops=4000, ebsVolumeType="PROVISIONED"))
    assert [line.part for line in found.unknown] == ["electable IOPS"]


def test_the_uplift_of_an_unknown_price_is_unknown() -> None:
    found = of(CLUSTER, cluster("M30_GEN_2", more={"encryptionAtRestProvider": "AWS"}))
    assert {line.part for line in found.unknown} == {"electable nodes", "customer key"}


def test_every_type_whose_file_says_priced_is_counted() -> None:
    priced = {
        one for one in known_types() if (cost := type_knowledge(one).cost) and not cost.free and not cost.not_priced
    }
    assert priced == set(COUNTERS), "an estimate would end in a traceback, or never count a type"


# ---- a change


def test_a_resize_shows_before_and_after() -> None:
    one = reviewed(cluster("M20"), cluster("M30"))
    assert cost_words.cell(one) == "146 → 394"
    assert cost_words.sentence(one.cost) == (
        "146 → 394, +248: 3 × M20 electable → 3 × M30 electable +248; not priced: data transfer"
    )


def test_two_sizes_of_one_region_are_wrong_by_as_much() -> None:
    before, after = (cluster(size, "AP_NORTHEAST_2") for size in ("M20", "M30"))
    more = reviewed(before, after).cost.difference
    assert more is not None and (more.low, more.high) == (
        pytest.approx(0.34 * HOURS),
        pytest.approx(0.34 * 1.85 * HOURS),
    )


def test_two_regions_that_are_estimated_alike_are_not_the_same() -> None:
    more = reviewed(cluster(region="AP_NORTHEAST_2"), cluster(region="AP_NORTHEAST_1")).cost.difference
    assert more is not None and more.low < 0 < more.high, "a move between regions would seem to cost nothing"


def test_totals_of_different_coverage_are_never_joined_by_an_arrow() -> None:
    snapshots = {"snapshotRetentionLimit": 5}
    one = reviewed(cache_inputs(), cache_inputs(**snapshots, nodeType="cache.r7g.xlarge"), CACHE)
    assert "→" not in cost_words.cell(one) and cost_words.cell(one).endswith("and use")


@pytest.mark.parametrize(
    ("token", "before", "after"),
    [
        (CLUSTER, cluster("M30"), cluster("M30_GEN_2")),
        (CLUSTER, cluster("M30_GEN_2"), cluster("M40_GEN_2")),
        (DATABASE, {"instanceClass": "db.t4g.small"}, {"instanceClass": "db.r7g.large"}),
        (DATABASE, None, {"instanceClass": "db.r7g.large"}),
    ],
)
def test_a_changed_line_without_a_price_makes_the_change_unknown(
    token: str, before: dict[str, Any] | None, after: dict[str, Any]
) -> None:
    one = reviewed(before, after, token)
    assert cost_words.cell(one) == "unknown" and one.cost.difference is None


def test_what_has_no_price_and_stays_is_left_out_of_both_sides() -> None:
    database = resource(DATABASE, "db", {"instanceClass": "db.t4g.small", "tags": {"a": "1"}})
    tagged = replace(database, inputs={**database.inputs, "tags": {"a": "2"}})
    base, head = (
        plan(one, resource(CLUSTER, "it", cluster(size))) for one, size in ((database, "M20"), (tagged, "M30"))
    )
    assert cost_words.cell(stack_review(Pair(base, head))) == "146 → 394"


def test_a_cluster_that_is_renamed_costs_what_it_did() -> None:
    region = cluster(region="AP_NORTHEAST_2")
    base = plan(resource(CLUSTER, "old", region))
    head = plan(resource(CLUSTER, "new", region, options=Options(aliases=(urn(CLUSTER, "old"),))))
    assert stack_review(Pair(base, head)).cost.changed == ()


def test_an_environment_that_is_added_counts_as_a_whole() -> None:
    one = reviewed(None, cluster())
    assert one.status is Status.ADDED and cost_words.cell(one) == "+394"


def test_an_environment_whose_file_goes_stays_billed() -> None:
    one = reviewed(cluster(), None)
    assert one.status is Status.UNDESCRIBED and cost_words.cell(one) == "394 stays"
    assert one.cost.difference == Amount(0, 0), "a deleted file saves nothing: the stack stays deployed"


def test_a_total_says_what_it_leaves_out() -> None:
    found = estimate(plan(resource(SECRET, "s", {}), resource(DATABASE, "db", {})))
    assert cost_words.total(found) == "0.40 USD a month; not priced: Instance, secret reads"


@pytest.mark.parametrize("form", ["terminal", "markdown", "html"])
def test_every_report_for_people_says_what_a_change_costs_and_how_it_is_known(form: str) -> None:
    report = review([reviewed(cluster("M20"), cluster("M30"))], Side("head"), Side("base"))
    text = " ".join(render(report, form).split())
    assert "146 → 394, " in text and "248" in text and "not priced: data transfer" in text
    assert form == "terminal" or "MongoDB documentation, 2026-11-25" in text, "nobody could check the number"


def test_a_plan_without_a_base_shows_a_total_and_no_difference() -> None:
    one = reviewed(None, cluster())
    assert cost_words.cell(one, compared=False) == "394"
    unknown = reviewed(None, {}, DATABASE)
    assert cost_words.cell(unknown, compared=False) == "≥ 0", "what has no price must not look like a total"


def test_the_cost_of_both_documents_is_as_their_schemas_say() -> None:
    base, head = (
        plan(
            resource(CLUSTER, "db", cluster(size, "EU_WEST_1")),
            resource(CACHE, "cache", cache_inputs(durability="sync", snapshotRetentionLimit=3)),
            resource(DATABASE, "other", {}),
        )
        for size in ("M20", "M30_GEN_2")
    )
    documents = {
        "review": render(review([stack_review(Pair(base, head))], Side("head"), Side("base")), "json"),
        "plan": json.dumps(plans_json([PlannedStack(head), PlannedStack(base)])),
    }
    for name, text in documents.items():
        jsonschema.validate(
            json.loads(text), json.loads((Path(formats.__file__).parent / f"{name}.schema.json").read_text())
        )
    assert json.loads(documents["review"])["stacks"][0]["cost"]["unknown"] is True


def test_a_total_of_estimates_is_about() -> None:
    assert cost_words.total(of(CLUSTER, cluster(region="EU_WEST_1"))).startswith("about 394–729 USD a month")
    assert all(line.kind is not Kind.ESTIMATE for line in of(CACHE, cache_inputs()).priced), "0.8 × Redis OSS is exact"


def _scaling(least: str, most: str) -> dict[str, Any]:
    ends = {"computeMinInstanceSize": least, "computeMaxInstanceSize": most}
    return {"autoScaling": {"computeEnabled": True, "computeScaleDownEnabled": True, **ends}}


@pytest.mark.parametrize("key", [None, "AWS"], ids=["without a key", "with its uplift"])
def test_a_cluster_that_may_grow_does_not_seem_to_get_cheaper_by_the_doubt_of_its_region(key: str | None) -> None:
    more = {"more": {"encryptionAtRestProvider": key}}
    before = cluster("M20", "AP_NORTHEAST_2", **more)
    after = cluster("M20", "AP_NORTHEAST_2", config=_scaling("M20", "M40"), **more)
    found = reviewed(before, after).cost.difference
    factor = 1.15 if key else 1.0
    assert found is not None and found.low == 0, "its least size is the size that it has"
    assert found.high == pytest.approx((1.04 - 0.2) * HOURS * 1.85 * factor, abs=0.01)


def test_a_larger_most_of_autoscaling_costs_nothing_at_least() -> None:
    before, after = (cluster("M20", "AP_NORTHEAST_2", config=_scaling("M20", most)) for most in ("M40", "M50"))
    found = reviewed(before, after).cost.difference
    assert found is not None and (found.low, found.high) == (0, pytest.approx((2.0 - 1.04) * HOURS * 1.85, abs=0.01))


def test_what_a_stack_will_cost_that_cannot_be_evaluated_is_said_to_be_unknown() -> None:
    base = plan(resource(CLUSTER, "it", cluster()))
    one = stack_review(Pair(base, replace(base, resources=(), failure=Failure(FailureKind.PROGRAM, "boom"))))
    assert all(row.after == "unknown" for row in cost_words.rows(one.cost)), "an empty cell reads as nothing"
    assert "not known" in cost_words.sentence(one.cost)
    text = io.StringIO()
    show_cost(Console(file=text, width=80), "production", one.cost)
    assert "after: unknown" in text.getvalue()


def test_what_a_provider_keeps_is_billed_as_before() -> None:
    before = cache_inputs(durability="sync")
    one = reviewed(before, cache_inputs(durability=None), CACHE)
    assert one.cost.difference == NOTHING, "a saving would be promised that nobody gets"
    assert reviewed(before, cache_inputs(durability="disabled"), CACHE).cost.difference != NOTHING
