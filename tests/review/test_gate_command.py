"""`dolmen gate`: an update does what was reviewed, or it does not happen."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from dolmen.engine.plan import Plan, Secret, Unknown
from dolmen.review.formats.parts.review_json import review_json
from dolmen.review.gate import GateInputError, compare
from dolmen.review.gate import gate as judge
from dolmen.review.report.build import Pair, review, stack_review
from dolmen.review.report.model import Side
from tests.review.plans import CACHE, CLUSTER, PASSWORD, cache_inputs, cluster_inputs, plan, resource, urn


def reviewed(base: Plan, head: Plan) -> dict[str, Any]:
    return json.loads(json.dumps(review_json(review([stack_review(Pair(base, head))], Side("h"), Side("b")))))


def step(
    op: str, token: str, name: str, old: Any = None, new: Any = None, paths: dict[str, str] | None = None
) -> dict[str, Any]:
    found: dict[str, Any] = {"op": op, "urn": urn(token, name)}
    if old is not None:
        found["oldState"] = {"inputs": old}
    if new is not None:
        found["newState"] = {"inputs": new}
    if paths is not None:
        found["detailedDiff"] = {path: {"kind": kind, "inputDiff": True} for path, kind in paths.items()}
    return found


def more(document: dict[str, Any], *steps: dict[str, Any]) -> tuple[str, ...]:
    return compare(document, {"steps": list(steps), "changeSummary": {}}).more


SIZE = "replicationSpecs[0].regionConfigs[0].electableSpecs.instanceSize"
RESIZED = reviewed(
    plan(resource(CLUSTER, "db", cluster_inputs("M20"))), plan(resource(CLUSTER, "db", cluster_inputs("M30")))
)
REPLACED = reviewed(
    plan(resource(CACHE, "cache", cache_inputs())), plan(resource(CACHE, "cache", cache_inputs(engineVersion="8.0")))
)
CREATED = reviewed(plan(), plan(resource(CLUSTER, "db", cluster_inputs("M20"))))


def update(old: str = "M20", new: str = "M30", **extra: str) -> dict[str, Any]:
    return step("update", CLUSTER, "db", cluster_inputs(old), cluster_inputs(new), {SIZE: "update", **extra})


def test_the_same_update_passes() -> None:
    assert more(RESIZED, update(), step("same", CACHE, "cache")) == ()


def test_less_than_was_reviewed_passes() -> None:
    assert more(RESIZED, step("same", CLUSTER, "db")) == ()
    assert compare(RESIZED, {"steps": [], "changeSummary": {}}).more == ()


@pytest.mark.parametrize("new", ["M80", "M10"])
def test_another_value_than_the_reviewed_one_stops(new: str) -> None:
    assert more(RESIZED, update(new=new)), "two merged changes can meet in a value that nobody reviewed"


def test_another_starting_point_stops() -> None:
    assert more(RESIZED, update(old="M80")), "from M80 the reviewed resize is a shrink"


def test_another_property_stops() -> None:
    assert any("backupEnabled" in text for text in more(RESIZED, update(backupEnabled="update")))


def test_a_provider_that_names_whole_properties_hides_nothing() -> None:
    """Types of the plugin framework have no detailed diff."""
    same = step("update", CLUSTER, "db", cluster_inputs("M20"), cluster_inputs("M30")) | {
        "diffReasons": ["replicationSpecs"]
    }
    assert more(RESIZED, same) == ()
    further: dict[str, Any] = json.loads(json.dumps(same))
    further["newState"]["inputs"]["replicationSpecs"][0]["regionConfigs"][0]["priority"] = 6
    assert more(RESIZED, further), "what nobody reviewed would come along beside the reviewed value"


def test_a_replacement_in_place_of_an_update_stops() -> None:
    assert more(
        RESIZED, step("replace", CLUSTER, "db", cluster_inputs("M20"), cluster_inputs("M30"), {SIZE: "update-replace"})
    )


def test_a_resource_that_was_not_reviewed_stops() -> None:
    assert more(RESIZED, step("delete", CACHE, "cache", cache_inputs()))
    assert more(RESIZED, step("create", CACHE, "other", None, cache_inputs()))


def _replacement(first: str) -> list[dict[str, Any]]:
    old, new = cache_inputs(), cache_inputs(engineVersion="8.0")
    create = step("create-replacement", CACHE, "cache", old, new, {"engineVersion": "update-replace"})
    middle = step("replace", CACHE, "cache", old, new, {"engineVersion": "update-replace"})
    gone = step("delete-replaced", CACHE, "cache", old)
    return [gone, middle, create] if first == "delete" else [create, middle, gone]


def test_a_replacement_in_the_reviewed_order_passes() -> None:
    assert more(REPLACED, *_replacement("delete")) == ()


def test_deleting_first_stops_where_creating_first_was_reviewed() -> None:
    gentle = copy.deepcopy(REPLACED)
    gentle["stacks"][0]["changes"][0]["deleteFirst"] = False
    assert more(gentle, *_replacement("delete")), "the order decides whether anything is down"
    assert more(gentle, *_replacement("create")) == ()


def test_what_is_created_must_be_what_was_reviewed() -> None:
    inputs = {**cluster_inputs("M20"), "__defaults": ["redactClientLogData"], "redactClientLogData": False}
    assert more(CREATED, step("create", CLUSTER, "db", None, inputs)) == (), "what a provider fills in is no surprise"
    assert more(CREATED, step("create", CLUSTER, "db", None, cluster_inputs("M80")))
    assert more(CREATED, step("create", CLUSTER, "db", None, {**inputs, "paused": True}))


def test_secrets_and_unknown_values_are_not_compared_but_their_paths_are() -> None:
    base = plan(resource(PASSWORD, "p", {"keepers": {"n": Secret("a")}, "length": Unknown()}))
    head = plan(resource(PASSWORD, "p", {"keepers": {"n": Secret("b")}, "length": Unknown()}))
    document = reviewed(base, head)
    fine = step(
        "replace",
        PASSWORD,
        "p",
        {"keepers": {"n": "[secret]"}},
        {"keepers": {"n": "[secret]"}},
        {"keepers.n": "update-replace"},
    )
    assert more(document, fine) == ()
    other = step("replace", PASSWORD, "p", {}, {}, {"length": "update-replace"})
    assert more(document, other)


def test_a_stack_that_was_not_reviewed_stops() -> None:
    assert more(RESIZED, {"op": "update", "urn": urn(CLUSTER, "db", stack="staging")})


def test_a_stack_that_could_not_be_reviewed_stops() -> None:
    document = copy.deepcopy(RESIZED)
    document["stacks"][0]["status"] = "uncompared"
    assert more(document, update())


def test_the_engines_own_providers_pass() -> None:
    assert (
        more(
            RESIZED,
            step(
                "create", "pulumi:providers:aws", "default_7_51_1", None, {"region": "us-east-1", "version": "7.51.1"}
            ),
            step("create", "pulumi:pulumi:Stack", "shop-prod"),
        )
        == ()
    )


def test_an_operation_of_tomorrow_stops() -> None:
    assert more(RESIZED, step("transmogrify", CLUSTER, "db"))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"version": 2}',
        '{"version": 3, "stacks": []}',
        '{"version": 2, "stacks": [7]}',
    ],
)
def test_a_wrong_review_is_refused(tmp_path: Path, content: str) -> None:
    first, second = tmp_path / "reviewed.json", tmp_path / "preview.json"
    first.write_text(content)
    second.write_text(json.dumps({"steps": [update()]}))
    with pytest.raises(GateInputError):
        judge(first, second, tmp_path)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"steps": {}}', '{"steps": [{"op": 1}]}'])
def test_a_wrong_preview_is_refused(tmp_path: Path, content: str) -> None:
    first, second = tmp_path / "reviewed.json", tmp_path / "preview.json"
    first.write_text(json.dumps(RESIZED))
    second.write_text(content)
    with pytest.raises(GateInputError):
        judge(first, second, tmp_path)


def test_a_failed_preview_says_nothing_and_is_refused() -> None:
    with pytest.raises(GateInputError):
        compare(RESIZED, {"steps": [], "diagnostics": [{"severity": "error", "message": "boom"}], "changeSummary": {}})


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GateInputError):
        judge(tmp_path / "none.json", tmp_path / "none.json", tmp_path)
