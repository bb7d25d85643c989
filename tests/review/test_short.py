"""A report says what is new, once, and loses nothing that matters."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from typing import Any

import pytest

from dolmen.engine.plan import Options, Position
from dolmen.knowledge.effects import Data
from dolmen.review.diff.cause import Leaf, Leaves
from dolmen.review.effects.model import EffectKind
from dolmen.review.formats import text as render
from dolmen.review.report.block import Block
from dolmen.review.report.blocks import told
from dolmen.review.report.build import Pair, review, stack_review
from dolmen.review.report.findings import AcceptanceNote, Enforcement, Finding
from dolmen.review.report.model import Review, Side, StackReview
from dolmen.review.report.once import sentences
from dolmen.stackfile import Acceptance
from tests.review.plans import CACHE, CLUSTER, SECRET, cache_inputs, cluster_inputs, plan, resource
from tests.review.test_effects import change_of
from tests.review.test_renderings import reviewed

TAGGED = (
    ("aws:sns/topic:Topic", {"name": "t"}),
    ("aws:cloudwatch/logGroup:LogGroup", {"name": "l"}),
    (SECRET, {"name": "s"}),
    ("aws:ec2/securityGroup:SecurityGroup", {"name": "g"}),
)
PEOPLE = ("terminal", "markdown", "html")


def side(team: str, **more: Any) -> list[Any]:
    return [
        resource(token, f"it-{number}", {**inputs, "tags": {"team": team}, **more})
        for number, (token, inputs) in enumerate(TAGGED)
    ]


def compared(base: list[Any], head: list[Any], **more: Any) -> StackReview:
    return stack_review(Pair(plan(*base), plan(*head), **more))


def blocks(stack: StackReview) -> tuple[Block, ...]:
    return told(stack.changes, stack.accepted).blocks


def flat(text: str) -> str:
    return " ".join(text.split())


def read(report: Review, form: str) -> str:
    return flat(render(report, form)).replace("&#45;", "-")


# ---- blocks


def test_the_same_tag_on_many_resources_is_one_block() -> None:
    (block,) = blocks(compared(side("chat"), side("messaging")))
    assert len(block.members) == len(TAGGED) and len(block.values) == 1, (
        "a reader reads the same change again and again"
    )


@pytest.mark.parametrize("form", PEOPLE)
def test_a_harmful_change_keeps_its_own_block_and_its_name(form: str) -> None:
    base = [*side("chat"), resource(CACHE, "the-cache", cache_inputs(tags={"team": "chat"}))]
    head = [
        *side("messaging"),
        resource(CACHE, "the-cache", cache_inputs(tags={"team": "messaging"}, engineVersion="8.0")),
    ]
    stack = compared(base, head)
    harmful = [block for block in blocks(stack) if block.harmful]
    assert [block.names for block in harmful] == [("the-cache",)], "the replaced cache hides among the tags"
    assert "the-cache" in read(reviewed(Pair(plan(*base), plan(*head))), form)


@pytest.mark.parametrize("form", PEOPLE)
def test_every_name_of_a_harmful_block_is_told(form: str) -> None:
    names = [f"cache-number-{number}" for number in range(40)]
    base = plan(*(resource(CACHE, name, cache_inputs()) for name in names))
    head = plan(*(resource(CACHE, name, cache_inputs(engineVersion="8.0")) for name in names))
    found = read(reviewed(Pair(base, head)), form)
    missing = [name for name in names if name not in found]
    assert not missing, f"replaced, and not named: {missing}"


def test_a_resource_with_the_tag_and_a_change_of_its_own_stands_in_both_blocks() -> None:
    base = [*side("chat"), resource(CLUSTER, "db", cluster_inputs(tags={"team": "chat"}))]
    head = [*side("messaging"), resource(CLUSTER, "db", cluster_inputs("M30", tags={"team": "messaging"}))]
    shared, own = sorted(blocks(compared(base, head)), key=lambda block: len(block.members), reverse=True)
    assert "db" in shared.names and own.names == ("db",)
    assert {one.label.rpartition(".")[2] for one in own.values} == {"instanceSize"}


def test_resources_with_other_values_are_not_joined() -> None:
    base, head = side("chat"), side("messaging")
    head[0] = resource(*TAGGED[0][:1], "it-0", {**TAGGED[0][1], "tags": {"team": "else"}})
    assert len(blocks(compared(base, head))) == 2, "another value would be lost"


def test_a_dropped_option_is_not_folded_into_the_tags() -> None:
    base, head = side("chat"), side("messaging")
    base.append(resource(CACHE, "kept", cache_inputs(tags={"team": "chat"}), options=Options(protect=True)))
    head.append(resource(CACHE, "kept", cache_inputs(tags={"team": "messaging"})))
    own = [block for block in blocks(compared(base, head)) if block.names == ("kept",)]
    assert own and own[0].values[0].prefix == "option ", "a protection goes without a line of its own"


@pytest.mark.parametrize("form", PEOPLE)
def test_a_sentence_is_said_once(form: str) -> None:
    base = [resource(CACHE, f"c{n}", cache_inputs(description=f"{n}")) for n in range(2)]
    head = [resource(CACHE, f"c{n}", cache_inputs(description=f"{n}", engineVersion=f"8.{n}")) for n in range(2)]
    report = reviewed(Pair(plan(*base), plan(*head)))
    why = report.stacks[0].changes[0].effects[0].why.split(". ")[0][:40]
    assert read(report, form).count(why) == 1
    assert read(report, form).count("As for") == 1, "the second one would stand without its reason"


# ---- what a key speaks for


def leaves(value: str) -> Leaves:
    return Leaves("stacks/Pulumi.prod.yaml", {("config", "shop:size"): Leaf(value, 4)})


def regions(size: str, readers: int = 0) -> dict[str, Any]:
    inputs = cluster_inputs(size)
    (region,) = inputs["replicationSpecs"][0]["regionConfigs"]
    region["readOnlySpecs"] = {"instanceSize": size, "nodeCount": readers}
    return inputs


def sized(program_changed: bool) -> StackReview:
    old, new = [resource(CLUSTER, "db", regions("M20"))], [resource(CLUSTER, "db", regions("M30"))]
    more = {"base_leaves": leaves("M20"), "head_leaves": leaves("M30")}
    return compared(old, new, program_changed=program_changed, **more)


def test_the_stack_files_key_speaks_for_the_properties_that_it_causes() -> None:
    (block,) = blocks(sized(program_changed=False))
    (value,) = block.values
    assert value.label == "shop:size" and len(value.properties) == 2
    assert block.causes == (), "the place is said twice"


def test_a_key_speaks_for_nothing_where_the_program_changes_too() -> None:
    (block,) = blocks(sized(program_changed=True))
    assert len(block.values) == 2, "a changed program may put the value anywhere: the paths have to be seen"


# ---- nothing that is nothing


def test_the_size_of_no_nodes_does_nothing() -> None:
    effects = change_of(CLUSTER, regions("M20"), regions("M30")).effects
    silent = next(effect for effect in effects if "readOnlySpecs" in effect.properties[0])
    assert silent.kind is EffectKind.DOES_NOTHING and silent.data is Data.NONE


@pytest.mark.parametrize(("before", "after"), [(0, 2), (2, 0), (1, 1)])
def test_the_size_of_nodes_that_exist_on_one_side_counts(before: int, after: int) -> None:
    effects = change_of(CLUSTER, regions("M20", before), regions("M30", after)).effects
    kinds = {effect.kind for effect in effects if any("readOnly" in path for path in effect.properties)}
    assert EffectKind.ROLLING in kinds and EffectKind.DOES_NOTHING not in kinds


# ---- outputs


@pytest.mark.parametrize("form", PEOPLE)
def test_an_output_that_consumers_read_is_named_when_it_goes(form: str) -> None:
    base, head = plan(outputs={"a": {"b": {"c": 1, "d": 2}, "e": 3}}), plan(outputs={"a": {"e": 4}, "f": 5})
    found = read(reviewed(Pair(base, head)), form).replace("</code>", "").replace("<code>", "").replace("`", "")
    assert "a.b is gone for whoever reads it; 1 new; a.e changes" in found


def test_many_outputs_are_one_sentence() -> None:
    base = plan(outputs={f"o{n}": 1 for n in range(50)})
    head = plan(outputs={f"o{n}": 2 for n in range(50)})
    assert "50 values change" in read(reviewed(Pair(base, head)), "terminal")


# ---- findings


def finding(name: str, **more: Any) -> Finding:
    return Finding(name, f"The rule {name}.", f"{name} is broken.", **more)


def judged(base: tuple[Finding, ...] | None, head: tuple[Finding, ...]) -> Review:
    stack = compared([resource(CACHE, "it", cache_inputs())], [resource(CACHE, "it", cache_inputs(description="new"))])
    report = reviewed()
    return replace(report, stacks=(replace(stack, findings=head, base_findings=base, policies=3),))


ACCEPTED = AcceptanceNote("for a reason", "2027-01-01")
MANDATORY = Enforcement.MANDATORY


@pytest.mark.parametrize("form", PEOPLE)
def test_what_stood_before_is_one_sentence(form: str) -> None:
    standing = (*(finding(f"a{n}", acceptance=ACCEPTED) for n in range(8)), *(finding(f"b{n}") for n in range(2)))
    found = read(judged(standing, standing), form)
    assert "As before: 8 accepted policies, 2 advisory policies." in found
    if form != "html":  # which has them folded
        assert "a3" not in found, "what nobody changed takes the place of what somebody did"


@pytest.mark.parametrize("form", PEOPLE)
def test_what_is_new_and_what_is_gone_is_told(form: str) -> None:
    found = read(judged((finding("old"),), (finding("new"),)), form).replace("\\", "")
    assert "new is broken." in found and "no longer" in found and "The rule old" in found


@pytest.mark.parametrize("form", PEOPLE)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"enforcement": MANDATORY}, {"enforcement": MANDATORY, "acceptance": ACCEPTED}),
        ({"enforcement": MANDATORY}, {}),
        ({"acceptance": ACCEPTED}, {"acceptance": AcceptanceNote("another reason", "2027-01-01")}),
    ],
)
def test_what_is_newly_accepted_or_binds_less_is_told_in_full(form: str, before: Any, after: Any) -> None:
    found = read(judged((finding("it", **before),), (finding("it", **after),)), form)
    assert "it is broken." in found, "a change could accept its own breach among those that stand"


@pytest.mark.parametrize("form", PEOPLE)
def test_a_mandatory_policy_that_was_broken_before_keeps_its_name(form: str) -> None:
    standing = (finding("m", enforcement=MANDATORY, urn="urn:pulumi:prod::shop::a:b:C::the-resource"),)
    found = read(judged(standing, standing), form)
    assert "The rule m" in found and "the-resource" in found and "as before" in found


@pytest.mark.parametrize("form", PEOPLE)
def test_where_the_base_was_not_judged_everything_is_told(form: str) -> None:
    assert "it is broken." in read(judged(None, (finding("it"),)), form), "nobody knows that it stood before"


def test_json_says_of_every_finding_whether_the_base_has_it() -> None:
    stack = json.loads(render(judged((finding("a"), finding("b")), (finding("a"), finding("c"))), "json"))["stacks"][0]
    assert [(one["id"], one["inBase"]) for one in stack["findings"]] == [("a", True), ("c", False)]
    assert [one["id"] for one in stack["goneFindings"]] == ["b"]


def test_json_keeps_every_path_for_which_a_key_speaks() -> None:
    change = json.loads(render(replace(reviewed(), stacks=(sized(program_changed=False),)), "json"))["stacks"][0][
        "changes"
    ][0]
    assert len(change["properties"]) == 2, "dolmen gate would stop for a path that nobody reviewed"


# ---- what a hostile author would try


def test_a_switch_of_another_name_does_not_speak_for_a_protection() -> None:
    """`tags.shiny: true → false` has the very values of a termination protection that goes for another reason."""
    old, new = ([resource(CLUSTER, "db", cluster_inputs(terminationProtectionEnabled=on))] for on in (True, False))
    file = [Leaves("s.yaml", {("config", "shop:tags", "shiny"): Leaf(on, 4)}) for on in (True, False)]
    stack = compared(old, new, base_leaves=file[0], head_leaves=file[1], program_changed=False)
    assert [one.label for block in blocks(stack) for one in block.values] == ["terminationProtectionEnabled"]


def test_a_name_that_reads_like_a_sentence_takes_no_sentence_away() -> None:
    sentence = "All data and all snapshots are lost."
    assert sentences(f"It reaches `x. {sentence} Z`.") == [f"It reaches `x. {sentence} Z`."]


@pytest.mark.parametrize("form", PEOPLE)
def test_a_stack_in_which_only_a_finding_is_new_does_not_rest(form: str) -> None:
    same = plan(resource(CACHE, "it", cache_inputs()))
    stack = replace(stack_review(Pair(same, same)), findings=(finding("fresh"),), base_findings=())
    found = read(replace(reviewed(), stacks=(stack,)), form)
    assert "fresh is broken." in found, "nothing changes in the resources, so nobody reads what is new"


@pytest.mark.parametrize("form", PEOPLE)
def test_an_accepted_effect_is_told_with_its_reason_and_apart_from_what_nobody_accepted(form: str) -> None:
    base = plan(*(resource(CACHE, name, cache_inputs()) for name in ("agreed", "other")))
    head = plan(*(resource(CACHE, name, cache_inputs(engineVersion="8.0")) for name in ("agreed", "other")))
    entry = Acceptance("data-loss", "prod", "agreed", "the board agreed", datetime.date(2026, 12, 31))
    today = datetime.date(2026, 11, 30)
    report = review([stack_review(Pair(base, head))], Side("b"), Side("a"), acceptances=[entry], today=today)
    assert "the board agreed" in read(report, form)
    found = {block.names: block.accepted for block in blocks(report.stacks[0])}
    assert found == {("agreed",): entry, ("other",): None}, "one acceptance would seem to cover both"


@pytest.mark.parametrize("form", ["terminal", "markdown", "html"])
def test_the_places_of_many_new_resources_are_not_all_listed(form: str) -> None:
    new = [
        replace(resource(SECRET, f"s-{number}", {}), source=Position("__main__.py", 1000 + number))
        for number in range(400)
    ]
    stack = stack_review(Pair(plan(), plan(*new)))
    assert read(review([stack], Side("head"), Side("base")), form).count("__main__.py:1") <= 3
