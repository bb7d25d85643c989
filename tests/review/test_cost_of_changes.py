"""What a change costs, whatever the stacks hold: sums add up, there and back is nothing, unknown is never zero."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dolmen.engine.plan import Failure, FailureKind, Plan, Resource, Unknown
from dolmen.engine.project import read_project
from dolmen.review.command import review as of_project
from dolmen.review.cost.change import Cost, total
from dolmen.review.cost.estimate import estimate
from dolmen.review.cost.price import NOTHING
from dolmen.review.cost.price_file import OWN
from dolmen.review.fail_on import CostLimit, FailOn, read_asked, reasons
from dolmen.review.report import cost_words, words
from dolmen.review.report.build import Pair, review, stack_review
from dolmen.review.report.model import Review, Side
from dolmen.review.sides.base import base_commit
from dolmen.stackfile import StackFileError
from tests.review.plans import CACHE, CLUSTER, ENDPOINT, SECRET, cache_inputs, cluster_inputs, plan, resource
from tests.review.small_programs import STACK
from tests.review.test_base import commit, run

DATABASE = "aws:rds/instance:Instance"


def _cluster(size: str, region: str, nodes: int, disk: int | None, backups: bool) -> dict[str, object]:
    inputs = cluster_inputs(size, backupEnabled=backups, pitEnabled=backups)
    config = inputs["replicationSpecs"][0]["regionConfigs"][0]
    config["regionName"] = region
    config["electableSpecs"] = {"instanceSize": size, "nodeCount": nodes, "diskSizeGb": disk}
    return inputs


CLUSTERS = st.builds(
    _cluster,
    st.sampled_from(["M10", "M30", "M40", "R40", "M40_NVME", "M30_GEN_2"]),
    st.sampled_from(["US_EAST_1", "AP_NORTHEAST_2", "EU_WEST_1"]),
    st.sampled_from([3, 5]),
    st.sampled_from([None, 20, 40, 500]),
    st.booleans(),
)
CACHES = st.builds(
    lambda engine, node, shards, durability: cache_inputs(
        engine=engine, nodeType=node, numNodeGroups=shards, durability=durability, snapshotRetentionLimit=3
    ),
    st.sampled_from(["valkey", "redis"]),
    st.sampled_from(["cache.r7g.large", "cache.r8g.large", "cache.t4g.micro"]),
    st.sampled_from([1, 2, Unknown()]),
    st.sampled_from([None, "sync", "async"]),
)
OTHERS = st.sampled_from(
    [(SECRET, {}), (ENDPOINT, {"region": "EU_WEST_1"}), (DATABASE, {"instanceClass": "db.t4g.small"})]
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    found: list[Resource] = []
    for name, kind, inputs in (("db", CLUSTER, CLUSTERS), ("cache", CACHE, CACHES)):
        if draw(st.booleans()):
            found.append(resource(kind, name, draw(inputs)))
    names = draw(st.lists(st.sampled_from("abcd"), unique=True))
    found += [resource(token, name, inputs) for name in names for token, inputs in (draw(OTHERS),)]
    return plan(*found, region=draw(st.sampled_from(["us-east-1", "ap-northeast-2", "ap-east-2"])))


@settings(deadline=None, max_examples=100)
@given(plans())
def test_the_total_is_the_sum_of_the_lines_and_no_line_is_silent(one: Plan) -> None:
    found = estimate(one)
    assert found.total.low == pytest.approx(sum(line.monthly.low for line in found.lines if line.monthly))
    assert found.total.high == pytest.approx(sum(line.monthly.high for line in found.lines if line.monthly))
    for line in found.lines:
        said = (line.monthly is not None, bool(line.usage), bool(line.reason))
        assert sum(said) == 1, f"{line.resource}: an amount, a use or a reason, and only one of them"
        assert line.monthly is None or (0 <= line.monthly.low <= line.monthly.high and line.kind is not None)


@settings(deadline=None, max_examples=100)
@given(plans())
def test_what_is_unknown_never_turns_into_zero(one: Plan) -> None:
    with_unknown = replace(one, resources=(*one.resources, resource(DATABASE, "unknown", {})))
    assert estimate(with_unknown).total == estimate(one).total
    added = Cost(None, estimate(with_unknown))
    assert added.difference is None and added.unknown, "a stack with an unknown price would pass a limit"
    assert "Instance" in cost_words.total(estimate(with_unknown)), "the total must say what it leaves out"


@settings(deadline=None, max_examples=100)
@given(plans(), plans())
def test_there_and_back_is_nothing(base: Plan, head: Plan) -> None:
    before, after = estimate(base), estimate(head)
    there, back = Cost(before, after).difference, Cost(after, before).difference
    if there is None or back is None:
        assert there is None and back is None, "unknown one way and known the other"
    else:
        assert (there.low, there.high) == (pytest.approx(-back.high, abs=1e-4), pytest.approx(-back.low, abs=1e-4))
    same = Cost(before, before)
    assert same.difference == NOTHING and same.changed == ()


@settings(deadline=None, max_examples=100)
@given(plans(), plans())
def test_a_difference_holds_what_the_totals_differ_by(base: Plan, head: Plan) -> None:
    before, after = estimate(base), estimate(head)
    found = Cost(before, after).difference
    if found is not None:
        ends = (after.total.low - before.total.low, after.total.high - before.total.high)
        assert found.low - 1e-4 <= min(ends) and max(ends) <= found.high + 1e-4, "the range would be too narrow"


# ---- fail on


def resized(before: str = "M20", after: str = "M30", region: str = "US_EAST_1") -> Review:
    base, head = (plan(resource(CLUSTER, "db", _cluster(size, region, 3, None, False))) for size in (before, after))
    return of(Pair(base, head))


def of(*pairs: Pair) -> Review:
    return review([stack_review(pair) for pair in pairs], Side("head"), Side("base"))


def stops(report: Review, asked: str) -> list[str]:
    return reasons(report, {read_asked(asked)})


@pytest.mark.parametrize(
    ("asked", "stopped"),
    [("cost>200", True), ("cost>250", False), ("cost>170%", False), ("cost>169%", True), ("cost>0", True)],
)
def test_a_limit_is_in_usd_or_in_percent_of_what_was_before(asked: str, stopped: bool) -> None:
    """M20 → M30 in us-east-1: 146 → 394.2, that is 248.2 or 170 %."""
    assert bool(stops(resized(), asked)) == stopped


def test_a_limit_is_held_to_the_worst_case() -> None:
    assert stops(resized(region="AP_NORTHEAST_2"), "cost>450"), "it may cost up to 459 more"
    assert not stops(resized(region="AP_NORTHEAST_2"), "cost>460")


def test_what_gets_cheaper_passes_every_limit() -> None:
    assert not stops(resized("M30", "M20"), "cost>0") and not stops(resized("M30", "M20"), "cost>0%")


def test_stacks_are_counted_together() -> None:
    pairs: list[Pair] = []
    for name, sizes in (("one", ("M20", "M30")), ("two", ("M30", "M20"))):
        base, head = (
            plan(resource(CLUSTER, "db", _cluster(size, "US_EAST_1", 3, None, False)), stack=name) for size in sizes
        )
        pairs.append(Pair(base, head))
    assert not stops(of(*pairs), "cost>1"), "what one stack saves, another may cost"
    assert total(one.cost for one in of(*pairs).stacks) == NOTHING


@pytest.mark.parametrize("asked", ["cost-unknown", "cost>1000000", "cost>1000%"])
def test_what_nobody_knows_the_cost_of_stops_every_limit(asked: str) -> None:
    report = resized("M30", "M30_GEN_2")
    assert stops(report, asked) and "what it costs is not known" in words.verdict(report)


def test_a_side_that_cannot_be_evaluated_has_no_known_cost() -> None:
    head = plan(resource(CLUSTER, "db", _cluster("M30", "US_EAST_1", 3, None, False)))
    failed = replace(head, failure=Failure(FailureKind.PROGRAM, "no"))
    report = of(Pair(failed, head))
    assert stops(report, "cost>1000000") and cost_words.cell(report.stacks[0]) == "unknown"


def test_an_environment_that_is_added_counts_against_the_limit() -> None:
    head = plan(resource(CLUSTER, "db", _cluster("M30", "US_EAST_1", 3, None, False)))
    assert stops(of(Pair(None, head)), "cost>300") and not stops(of(Pair(None, head)), "cost>400")
    assert not stops(of(Pair(head, None)), "cost>0"), "a deleted file makes nothing dearer"


@pytest.mark.parametrize("text", ["cost", "cost>", "cost>much", "cost<5", "cost>-5", "cost>5%%", "costs>5", ""])
def test_what_is_no_limit_is_refused_with_all_that_there_is(text: str) -> None:
    with pytest.raises(ValueError, match=r"data-loss, .*cost>200 .*cost>20%"):
        read_asked(text)


def test_a_limit_reads_as_it_was_written() -> None:
    assert [str(read_asked(one)) for one in ("cost>20%", "cost > 200", "cost>12.5")] == [
        "cost>20%",
        "cost>200",
        "cost>12.5",
    ]
    assert read_asked("cost>20%") == CostLimit(20, percent=True) and read_asked("policy") is FailOn.POLICY


# ---- whose usage and prices count


def test_a_change_does_not_choose_what_is_assumed_of_its_use() -> None:
    inputs = _cluster("M30", "US_EAST_1", 3, None, True)
    base, head = (
        plan(resource(CLUSTER, "db", inputs), config={"shop:usage": {"backupGb": gb}} if gb is not None else {})
        for gb in (500, 0)
    )
    assert stack_review(Pair(base, head)).cost.changed == (), "less use on paper would pay for a larger cluster"
    assert stack_review(Pair(head, base)).cost.changed == ()
    added = stack_review(Pair(None, base)).cost.after
    assert added is not None and added.total.low == pytest.approx(0.54 * 730 + 95 + 112.5 + 125), (
        "a new stack has its own"
    )


PROGRAM = "import pulumi_aws as aws\naws.secretsmanager.Secret('token')\n"
DEAR = "prices:\n  secret: {unit: month, eu-west-1: 100}\n"


def _at(folder: Path, base: str | None, head: str | None) -> Review:
    """A secret that is added, with a file of prices on each side."""
    (folder / "Pulumi.yaml").write_text("name: small\nruntime: python\n")
    (folder / "Pulumi.dev.yaml").write_text(STACK)
    for program, prices in (("", base), (PROGRAM, head)):
        (folder / "__main__.py").write_text(program)
        (folder / OWN).unlink(missing_ok=True)
        if prices is not None:
            (folder / OWN).write_text(prices)
        if not (folder / ".git").exists():
            run(folder, "git", "init", "-q", "-b", "main")
            commit(folder, "base")
    return of_project(read_project(folder), None, base_commit(folder, "HEAD"))


@pytest.mark.parametrize(
    ("base", "head", "cell"), [(DEAR, None, "+100"), (None, DEAR, "+0.40"), (DEAR, DEAR.replace("100", "1"), "+100")]
)
def test_the_prices_of_the_base_count_and_a_change_of_them_is_said(
    tmp_path: Path, base: str | None, head: str | None, cell: str
) -> None:
    report = _at(tmp_path, base, head)
    assert cost_words.cell(report.stacks[0]).startswith(cell), "a change would choose the prices that judge it"
    assert [one.text for one in report.altered] == [
        "Changes the project's own prices: `prices.yaml`. The base's count."
    ]


def test_wrong_prices_of_the_work_tree_are_refused_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(StackFileError, match=r"prices\.yaml has 1 problem"):
        _at(tmp_path, None, "prices: {secret: 3}\n")


def test_wrong_prices_of_the_base_do_not_count_and_that_is_said(tmp_path: Path) -> None:
    report = _at(tmp_path, "prices: {secret: 3}\n", DEAR)
    assert cost_words.cell(report.stacks[0]).startswith("+0.40")
    assert "base-prices" in [one.id for one in report.findings]
