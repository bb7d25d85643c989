"""No line of a report says worse than its first one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dolmen.engine.plan import Failure, FailureKind, Secret, Unknown
from dolmen.knowledge.effects import Data, seconds
from dolmen.review.diff.changes import Operation, ResourceChange
from dolmen.review.effects.harm import Harm, harms
from dolmen.review.effects.judge import worst_first
from dolmen.review.effects.model import Effect, EffectKind
from dolmen.review.fail_on import FailOn, reasons
from dolmen.review.report import words
from dolmen.review.report.build import Pair, stack_review
from dolmen.review.report.findings import Enforcement, Finding, FindingKind
from dolmen.review.report.model import Review, Side, StackReview, Status
from tests.review.plans import CACHE, CLUSTER, SECRET, USER, plan, resource

NOBODYS = "acme:index:Thing"
DOWNTIMES = [None, (0, 0), (1, 30), seconds("1-5m"), seconds("12-20m"), seconds("until undone")]


@st.composite
def effects(draw: st.DrawFn) -> Effect:
    kind = draw(st.sampled_from(list(EffectKind)))
    lost = "backups" if kind is EffectKind.PROTECTION_REMOVED else ""
    downtime = (0, 0) if lost else draw(st.sampled_from(DOWNTIMES))
    data = Data.KEPT if lost else draw(st.sampled_from(list(Data)))
    return Effect(kind, f"why {draw(st.integers(0, 9))}", ("a",), downtime, data, protection=lost)


@st.composite
def changes(draw: st.DrawFn) -> ResourceChange:
    token = draw(st.sampled_from([CACHE, CLUSTER, SECRET, USER, NOBODYS]))
    one = resource(token, f"r{draw(st.integers(0, 99))}")
    found = worst_first(draw(st.lists(effects(), min_size=1, max_size=3)))
    return ResourceChange(draw(st.sampled_from([Operation.UPDATE, Operation.REPLACE])), one, one, effects=found)


@st.composite
def stacks(draw: st.DrawFn) -> StackReview:
    name = draw(st.sampled_from(["dev", "staging", "production"])) + str(draw(st.integers(0, 9)))
    status = draw(st.sampled_from([Status.CHANGED, Status.CHANGED, Status.ADDED, Status.RENAMED, Status.FAILED, Status.UNCOMPARED]))  # fmt: skip
    if status in (Status.FAILED, Status.UNCOMPARED):
        return StackReview(name, status, failure=Failure(FailureKind.PROGRAM, "boom"))
    stopping = Finding("p", "t", "m", enforcement=Enforcement.MANDATORY, kind=FindingKind.POLICY)
    findings = (stopping,) * draw(st.integers(0, 2))
    return StackReview(name, status, tuple(draw(st.lists(changes(), max_size=4))), findings=findings)


@settings(max_examples=400, deadline=None)
@given(st.lists(stacks(), min_size=1, max_size=4))
def test_the_first_line_says_no_less_than_the_worst_line_of_the_body(some: list[StackReview]) -> None:
    report = Review(tuple(some), Side("head"), Side("base"))
    first = words.verdict(report)
    found = [(change, effect) for stack in some for change in stack.managed for effect in change.effects]
    worst = max((effect.rank for _, effect in found), default=())
    telling = [words.headline(change, effect) for change, effect in found if effect.rank == worst and harms([effect])]
    assert not telling or any(one in first for one in telling), f"{first!r} hides {telling}"
    if any(words.is_harmful(one) for one in some):
        assert any(one.name in first for one in some if words.is_harmful(one)), "a harm reads as nothing"
    for stack in some:
        if stack.harshest is not None and harms([stack.harshest[1]]):
            assert any(
                words.effect_line(one) in words.worst_cell(stack)
                for _, one in found
                if one.rank == stack.harshest[1].rank
            ), "the table says less than the section below it"
        if stack.broken and f"{stack.name}: " in first and len(some) <= 2:
            assert "mandatory" in first, "a broken policy is hidden behind an effect"


def rank(**more: Any) -> tuple[int, ...]:
    return Effect(more.pop("kind", EffectKind.IN_PLACE), "", **more).rank


def test_what_nobody_knows_outranks_what_is_harmless() -> None:
    unknown = [
        rank(kind=EffectKind.UNKNOWN, downtime=None, data=Data.UNKNOWN),
        rank(downtime=None, data=Data.KEPT),
        rank(data=Data.UNKNOWN),
    ]
    harmless = [
        rank(data=Data.KEPT),
        rank(kind=EffectKind.ROLLING, downtime=(0, 30), data=Data.KEPT),
        rank(kind=EffectKind.REPLACE_CREATE_FIRST),
        rank(kind=EffectKind.CREATED),
    ]
    assert min(unknown) > max(harmless), "`not known` reads as safe"
    assert min(unknown) < rank(data=Data.LOST) and min(unknown) < rank(downtime=seconds("1-5m"))


def test_a_heavier_resource_does_not_outrank_a_greater_harm() -> None:
    heavy = ResourceChange(Operation.UPDATE, resource(CLUSTER, "db"), resource(CLUSTER, "db"), effects=(Effect(EffectKind.IN_PLACE, ""),))  # fmt: skip
    unknown = Effect(EffectKind.UNKNOWN, "", downtime=None, data=Data.UNKNOWN)
    light = ResourceChange(Operation.UPDATE, resource(NOBODYS, "x"), resource(NOBODYS, "x"), effects=(unknown,))
    assert light.rank > heavy.rank


@pytest.mark.parametrize("stack_of_two", [True, False])
def test_a_stack_that_fails_does_not_hide_the_loss_in_another_one(stack_of_two: bool) -> None:
    lost = Effect(EffectKind.REPLACE_DELETE_FIRST, "", ("a",), None, Data.LOST)
    one = resource(CACHE, "cache")
    losing = StackReview("production", Status.CHANGED, (ResourceChange(Operation.REPLACE, one, one, effects=(lost,)),))
    broken = [StackReview(name, Status.FAILED) for name in ("dev", "qa", "staging")][: 2 if stack_of_two else 3]
    assert "production: the cache is replaced, data is lost" in words.verdict(
        Review((*broken, losing), Side("h"), Side("b"))
    )


CHANGED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (NOBODYS, {"size": 1}, {"size": 2}),
    (USER, {"username": "u", "roles": [{"roleName": "a", "databaseName": "x"}]}, {"username": "u", "roles": [{"roleName": "b", "databaseName": "x"}]}),
    (CACHE, {"replicationGroupId": "c", "securityGroupIds": ["sg-1"]}, {"replicationGroupId": "c", "securityGroupIds": ["sg-2"]}),
    ("aws:elasticache/subnetGroup:SubnetGroup", {"name": "n", "subnetIds": ["a", "b"]}, {"name": "n", "subnetIds": ["c", "d"]}),
    ("aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcId": "v", "subnetIds": ["a", "b"]}, {"vpcId": "v", "subnetIds": ["c", "d"]}),
    ("aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcId": "v", "securityGroupIds": ["a"]}, {"vpcId": "v", "securityGroupIds": ["b"]}),
    ("aws:rds/subnetGroup:SubnetGroup", {"name": "n", "subnetIds": ["a"]}, {"name": "n", "subnetIds": ["b"]}),
    ("aws:lb/loadBalancer:LoadBalancer", {"subnets": ["a", "b"]}, {"subnets": ["c", "d"]}),
    ("aws:lambda/function:Function", {"role": "r", "vpcConfig": {"subnetIds": ["a"], "securityGroupIds": ["s"]}}, {"role": "r", "vpcConfig": {"subnetIds": ["b"], "securityGroupIds": ["s"]}}),
    ("aws:ec2/routeTable:RouteTable", {"vpcId": "v", "routes": [{"cidrBlock": "0.0.0.0/0", "natGatewayId": "n1"}]}, {"vpcId": "v", "routes": [{"cidrBlock": "0.0.0.0/0", "natGatewayId": "n2"}]}),
    ("aws:ec2/route:Route", {"routeTableId": "r", "destinationCidrBlock": "10.0.0.0/8", "natGatewayId": "n1"}, {"routeTableId": "r", "destinationCidrBlock": "10.0.0.0/8", "natGatewayId": "n2"}),
]  # fmt: skip


@pytest.mark.parametrize(("token", "old", "new"), CHANGED)
def test_what_may_cut_connections_is_never_without_downtime(
    token: str, old: dict[str, Any], new: dict[str, Any]
) -> None:
    stack = stack_review(Pair(plan(resource(token, "it", old)), plan(resource(token, "it", new))))
    report = Review((stack,), Side("head"), Side("base"))
    assert "no downtime" not in words.verdict(report), words.verdict(report)
    assert reasons(report, {FailOn.UNKNOWN, FailOn.DOWNTIME, FailOn.REPLACEMENT}), (
        "what may cut connections passes every gate"
    )


@pytest.mark.parametrize("hidden", [Secret("x"), Unknown()])
def test_a_value_that_nobody_can_see_is_not_judged_as_the_harmless_one(hidden: object) -> None:
    from tests.review.plans import cache_inputs

    for path, old in (("engineVersion", "9.0"), ("nodeType", "cache.r7g.large"), ("snapshotRetentionLimit", 5)):
        before = cache_inputs(**{path: old})
        stack = stack_review(
            Pair(plan(resource(CACHE, "it", before)), plan(resource(CACHE, "it", {**before, path: hidden})))
        )
        found = {harm for change in stack.managed for harm in harms(change.effects)}
        worse = {effect for change in stack.managed for effect in change.effects if not effect.certain}
        assert found - {Harm.PROTECTION} or worse, f"{path} wrapped in a secret reads as harmless"
