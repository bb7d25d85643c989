"""Whatever is forged in a preview: the gate stops, or says that it cannot read it. It never lets it through, nor breaks."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dolmen.review.gate import GateInputError, compare, text
from tests.review.gate_documents import CREATED, REPLACED, RESIZED, Document, changed, preview, resized, step
from tests.review.plans import CACHE, CLUSTER, cache_inputs, cluster_inputs

Place = tuple[str | int, ...]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
TWO = cache_inputs(engineVersion="8.0")
PASSING: tuple[tuple[Document, Document], ...] = (
    (RESIZED, preview(resized(), changeSummary={"update": 1})),
    (CREATED, preview(step("create", CLUSTER, "db", None, cluster_inputs("M20")))),
    (changed(REPLACED, deleteFirst=True), preview(step("replace", CACHE, "cache", cache_inputs(), TWO))),
)


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    yield at
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, (*at, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*at, index))


def put(value: Any, at: Place, new: Any) -> Any:
    found = copy.deepcopy(value)
    if not at:
        return new
    inner = found
    for one in at[:-1]:
        inner = inner[one]
    inner[at[-1]] = new
    return found


def leaves(value: Any) -> list[Place]:
    return [at for at in places(value) if not isinstance(look(value, at), dict | list)]


def look(value: Any, at: Place) -> Any:
    for one in at:
        value = value[one]
    return value


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_another_value_of_any_input_stops(data: st.DataObject) -> None:
    review, seen = data.draw(st.sampled_from(PASSING))
    inputs = seen["steps"][0]["newState"]["inputs"]
    at = data.draw(st.sampled_from(leaves(inputs)))
    now = look(inputs, at)
    other = data.draw(
        st.sampled_from(["forged", 99, True, False, {"forged": 1}, ["forged"]]).filter(lambda v: v != now)
    )
    forged = put(seen, ("steps", 0, "newState", "inputs", *at), other)
    assert compare(review, forged).more, f"{at} = {other!r} would be deployed"


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_further_input_anywhere_stops(data: st.DataObject) -> None:
    review, seen = data.draw(st.sampled_from(PASSING))
    inputs = seen["steps"][0]["newState"]["inputs"]
    at = data.draw(st.sampled_from([at for at in places(inputs) if isinstance(look(inputs, at), dict)]))
    forged = put(seen, ("steps", 0, "newState", "inputs", *at), {**look(inputs, at), "forged": data.draw(st.just(1))})
    assert compare(review, forged).more, f"{at}.forged would be deployed"


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_any_document_ends_in_a_verdict_or_in_one_sentence(data: st.DataObject) -> None:
    review, seen = data.draw(st.sampled_from(PASSING))
    both = [review, seen]
    which = data.draw(st.integers(0, 1))
    at = data.draw(st.sampled_from(list(places(both[which]))))
    forged = put(both[which], at, data.draw(JSON))
    if not isinstance(forged, dict):
        return
    both[which] = json.loads(json.dumps(forged))
    try:
        said = text(compare(both[0], both[1]))
    except GateInputError as error:
        said = str(error)
    assert said.strip() and "\x1b" not in said
