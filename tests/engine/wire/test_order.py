"""What an evaluation is told arrives in another interpreter as it was said."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path

import pytest

from dolmen.engine.lookups import Lookups
from dolmen.engine.plan import Note
from dolmen.engine.project import read_project
from dolmen.engine.request import Request
from dolmen.engine.wire.foreign import ForeignDataError
from dolmen.engine.wire.order import order_json, read_order
from dolmen.stackfile import Acceptance
from dolmen.stackfile.document import SecureValue

ROOT = Path(__file__).parents[3]
ANSWERS = {
    "aws:index/getRegion:getRegion": [
        {"arguments": {"n": 1, "x": 1.0, "list": [1, "a"]}, "result": {"list": ["list"], "none": None, "big": 2**70}},
        {"result": {"secret": SecureValue(), "nan": "nan"}},
    ]
}
REQUEST = Request(
    project=replace(read_project(ROOT), stack_folder=ROOT / "template"),
    stacks=("staging", "me/production"),
    key=bytes(range(32)),
    jobs=2,
    timeout=7.5,
    lookups=Lookups(ANSWERS, output_forms_unknown=True),
    organization="me",
    observers={"policies": "dolmen.review.policies:observe"},
    notes=(Note("warning", "s", "d"),),
    copy_of=("/a", "/b"),
    judged_by="/base",
    acceptances=(Acceptance("data-loss", "staging", "*", "Meant.", datetime.date(2026, 12, 24), "accepted.yaml", 4),),
)
LEAST = replace(
    REQUEST, jobs=None, lookups=Lookups(), observers={}, notes=(), copy_of=None, judged_by=None, acceptances=None
)


@pytest.mark.parametrize("request_", [REQUEST, LEAST], ids=["every field", "as few as may be"])
def test_an_order_arrives_as_it_was_given(request_: Request) -> None:
    assert read_order(order_json(request_)) == request_, "Another interpreter would evaluate something else."


def test_an_observer_that_is_no_name_cannot_be_ordered() -> None:
    with pytest.raises(TypeError, match="observer"):
        order_json(replace(REQUEST, observers={"mine": lambda _: None}))


def test_an_order_is_held_to_its_types() -> None:
    order = json.loads(order_json(REQUEST))
    with pytest.raises(ForeignDataError, match=r"^stacks: an array is needed\.$"):
        read_order(json.dumps({**order, "stacks": "dev"}).encode())
    with pytest.raises(ForeignDataError, match=r"^key: hexadecimal"):
        read_order(json.dumps({**order, "key": "no hexadecimal"}).encode())
