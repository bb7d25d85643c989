"""After a merge a trusted job reviews anew: the second review may do no more than the first."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from dolmen.review.gate import compare
from tests.review.gate_documents import (
    CREATED,
    DELETED,
    FORGOTTEN,
    MOVED,
    NOTHING,
    PROTECTED,
    REPLACED,
    RESIZED,
    UNPROTECTED,
    Document,
    changed,
    reviewed,
)
from tests.review.plans import CLUSTER, cluster_inputs, plan, resource


def resized(new: str = "M30", old: str = "M20", **more: Any) -> Document:
    base = plan(resource(CLUSTER, "db", cluster_inputs(old)))
    return reviewed(base, plan(resource(CLUSTER, "db", cluster_inputs(new, **more))))


def stack_with(document: Document, **keys: Any) -> Document:
    found = copy.deepcopy(document)
    found["stacks"][0].update(keys)
    return found


def finding(**more: Any) -> Document:
    return {
        "id": "cluster-backup", "kind": "policy", "title": "No backups", "message": "None.", "severity": "high",
        "enforcement": "mandatory", "urn": None, "property": None, "acceptance": None, **more,
    }  # fmt: skip


OUTPUT = {"path": "url", "label": "url", "difference": "updated", "old": "a", "new": "b", "because": None}
CASES: dict[str, tuple[Document, Document, str]] = {
    "the same review": (RESIZED, RESIZED, ""),
    "one that changes nothing": (RESIZED, {**RESIZED, "stacks": []}, ""),
    "one that forgets what was to be deleted": (DELETED, FORGOTTEN, ""),
    "a finding that the first has, too": (
        stack_with(RESIZED, findings=[finding()]), stack_with(RESIZED, findings=[finding()]), ""
    ),
    "a finding that is only advice": (RESIZED, stack_with(RESIZED, findings=[finding(enforcement="advisory")]), ""),
    "a move that both have": (MOVED, MOVED, ""),
    "a creation that both have": (CREATED, CREATED, ""),
    "a replacement in the same order": (REPLACED, REPLACED, ""),
    "a replacement that creates first instead": (REPLACED, changed(REPLACED, deleteFirst=False), ""),
    "a stack that no file describes any more": (
        stack_with(NOTHING, status="undescribed"), stack_with(NOTHING, status="undescribed"), ""
    ),
    "a stack whose file goes unreviewed": (NOTHING, stack_with(NOTHING, status="undescribed"), "could not be reviewed"),
    "a finding that is accepted": (
        RESIZED, stack_with(RESIZED, findings=[finding(acceptance={"reason": "r", "until": None})]), ""
    ),
    "a stack more in which nothing changes": (
        RESIZED, {**RESIZED, "stacks": [*RESIZED["stacks"], {**NOTHING["stacks"][0], "name": "staging"}]}, ""
    ),
    "a stack more that was not compared": (
        RESIZED, {**RESIZED, "stacks": [{**NOTHING["stacks"][0], "name": "staging", "status": "failed"}]}, "not reviewed"
    ),
    "a first review that was not compared": (stack_with(RESIZED, status="failed"), RESIZED, "could not be reviewed"),
    "another origin": (RESIZED, changed(RESIZED, oldUrn="urn:pulumi:prod::shop::a::b"), "from another resource"),
    "a move in place of a replacement": (changed(MOVED, replacedBecause=[]), MOVED, "says replace"),
    "a further option": (changed(UNPROTECTED, options=[]), UNPROTECTED, "option protect would change"),
    "another value": (RESIZED, resized("M50"), "another value"),
    "another starting point": (RESIZED, resized("M30", "M10"), "another value"),
    "a further property": (RESIZED, resized(pitEnabled=False), "pitEnabled would change"),
    "another resource": (RESIZED, REPLACED, "stays as it is"),
    "another stack": (
        RESIZED, {**RESIZED, "stacks": [{**RESIZED["stacks"][0], "name": "staging"}]}, "was not reviewed"
    ),
    "a replacement in place of an update": (RESIZED, changed(RESIZED, operation="replace"), "says replace"),
    "a deletion of what was to be forgotten": (FORGOTTEN, DELETED, "says delete"),
    "a deletion before the creation": (changed(REPLACED, deleteFirst=False), REPLACED, "before its replacement"),
    "a further harm": (RESIZED, changed(RESIZED, harms=["data-loss"]), "data-loss"),
    "a dropped protection": (NOTHING, UNPROTECTED, "stays as it is"),
    "a creation with another value": (
        CREATED, reviewed(plan(), plan(resource(CLUSTER, "db", cluster_inputs("M80")))), "replicationSpecs would be another"
    ),
    "a lost protection of what changes": (
        changed(RESIZED, resourceOptions={"old": {}, "new": {"protect": True}}), RESIZED, "without `protect`"
    ),
    "a protection that both have": (PROTECTED, PROTECTED, ""),
    "another container": (
        RESIZED, changed(RESIZED, resourceOptions={"old": {}, "new": {"deletedWith": "urn:x"}}), "`deletedWith`"
    ),
    "another provider": (
        RESIZED, changed(RESIZED, resourceOptions={"old": {}, "new": {"provider": "urn:x::y"}}), "another provider"
    ),
    "another value of a stack output": (
        stack_with(RESIZED, outputs=[OUTPUT]), stack_with(RESIZED, outputs=[{**OUTPUT, "new": "c"}]), "stack output url is"
    ),
    "a further stack output": (RESIZED, stack_with(RESIZED, outputs=[OUTPUT]), "stack output url would change"),
    "another configuration": (RESIZED, stack_with(RESIZED, config={"aws:region": "us-west-2"}), "aws:region is another"),
    "a finding that stops": (RESIZED, stack_with(RESIZED, findings=[finding()]), "it breaks cluster-backup"),
    "a finding of no stack": (RESIZED, {**RESIZED, "findings": [finding()]}, "it breaks cluster-backup"),
    "a stack that was not compared": (RESIZED, stack_with(RESIZED, status="failed"), "could not be reviewed"),
    "another project": (RESIZED, stack_with(RESIZED, project="other"), "of the project other"),
    "one that says what it left out": (RESIZED, {**RESIZED, "notCompared": ["The base does not run."]}, "does not run"),
}  # fmt: skip


@pytest.mark.parametrize(("first", "second", "stops"), CASES.values(), ids=CASES.keys())
def test_a_second_review_does_no_more_than_the_first(first: Document, second: Document, stops: str) -> None:
    more = compare(first, second).more
    if stops:
        assert any(stops in text for text in more), f"a merge would bring what nobody reviewed: {more}"
    else:
        assert more == (), "an honest merge would be stopped"


def test_it_is_said_how_many_resources_the_second_review_changes() -> None:
    assert compare(RESIZED, RESIZED).steps == 1
