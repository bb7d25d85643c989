"""The simulated providers answer Diff as the real ones were recorded to."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cloud.diff import DiffAnswer, diff, schemas, synthetic_state
from tests.cloud.diff.schema import Property
from tests.cloud.wire import UNKNOWN
from tests.conformance.figures import Figure
from tests.conformance.recorded_diffs import PROVIDERS, RecordedDiff, bases, recorded_diffs

EXCEPTIONS: Mapping[str, str] = {
    "StreamConnectionFailover/minimal add:unknown deleteOnCreateTimeout": (
        "the recording left out the properties by which this base differs from itself, and no other one differs"
    ),
}
"""The recorded answers that the simulated providers don't give, with the reason. Each must still disagree."""


def answered(row: RecordedDiff) -> DiffAnswer:
    return diff(row.token, row.old, synthetic_state(schemas()[row.token], row.old), row.new)


def agrees(row: RecordedDiff, answer: DiffAnswer) -> bool:
    return (answer.change, answer.replaces, answer.delete_before_replace) == (
        row.change,
        row.replaces,
        row.delete_before_replace,
    )


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_recorded_diff_is_answered_as_the_real_provider_did(provider: str, figure: Figure) -> None:
    rows = [(row, answered(row)) for row in recorded_diffs(provider)]
    right = [row for row, answer in rows if agrees(row, answer)]
    figure(f"simulated Diff, {provider}", len(right), len(rows))
    kinds = sum(row.change == answer.change for row, answer in rows)
    figure(f"simulated Diff, {provider}: none, update, replace or error", kinds, len(rows))
    of_all, of_right = Counter(row.operation for row, _ in rows), Counter(row.operation for row in right)
    for operation, total in of_all.items():
        figure(f"simulated Diff, {provider}, operation {operation}", of_right[operation], total)
    wrong = {
        row.name: f"{row.change} {row.replaces} {row.delete_before_replace} became {answer}"
        for row, answer in rows
        if not agrees(row, answer) and row.name not in EXCEPTIONS
    }
    assert not wrong, f"a program that is tested here is planned otherwise by the real provider: {wrong}"


def test_every_exception_still_disagrees() -> None:
    named = {row.name: row for provider in PROVIDERS for row in recorded_diffs(provider) if row.name in EXCEPTIONS}
    assert named.keys() == EXCEPTIONS.keys(), "an exception names no recorded answer"
    mended = [name for name, row in named.items() if agrees(row, answered(row))]
    assert not mended, f"these agree now: take them from the list, or a regression would hide behind it: {mended}"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_does_not_change_has_no_diff(provider: str) -> None:
    for base, (token, inputs) in bases(provider).items():
        found = diff(token, inputs, synthetic_state(schemas()[token], inputs), inputs)
        assert found == DiffAnswer("none"), f"{base} would be updated for ever: {found}"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_removal_does_what_was_measured_of_its_property(provider: str, figure: Figure) -> None:
    """The measured words of the constraint files also know the answers that are not among the recorded ones here."""
    wrong, total = list[str](), 0
    for base, (token, inputs) in bases(provider).items():
        schema = schemas()[token]
        state = synthetic_state(schema, inputs)
        for known, without in _removals(schema.properties, inputs):
            measured = known.measured("Removal")
            if measured:
                total += 1
                change = diff(token, inputs, state, without).change
                if change not in measured:
                    wrong.append(f"{base} without {known.path}: {change}, and {sorted(measured)} was measured")
    figure(f"simulated Diff, {provider}: removals against the measured words", total - len(wrong), total)
    assert not wrong, f"a property that is taken out of a program does something else in reality: {wrong}"


def _removals(
    properties: Mapping[str, Property], values: Mapping[str, Any]
) -> Iterator[tuple[Property, dict[str, Any]]]:
    """(property, the values without it), through objects and the first elements of lists."""
    for name, value in values.items():
        known = properties.get(name)
        if known is None:
            continue
        if not known.has("required"):
            yield known, {other: entry for other, entry in values.items() if other != name}
        if known.children and isinstance(value, dict) and known.type != "map":
            for child, without in _removals(known.children, value):
                yield child, {**values, name: without}
        if known.children and isinstance(value, list) and value:
            for child, without in _removals(known.children, value[0]):
                yield child, {**values, name: [without, *copy.deepcopy(value[1:])]}


def _places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in inside:
        yield (*path, key)
        yield from _places(entry, (*path, key))


@given(st.data())
@settings(max_examples=200)
def test_a_provider_answers_whatever_becomes_unknown_null_or_empty(data: st.DataObject) -> None:
    token, old = data.draw(st.sampled_from([base for provider in PROVIDERS for base in bases(provider).values()]))
    new: Any = copy.deepcopy(old)
    for _ in range(data.draw(st.integers(1, 3))):
        places = sorted(_places(new), key=repr)
        if not places:
            break
        *above, last = data.draw(st.sampled_from(places))
        holder = new
        for key in above:
            holder = holder[key]
        holder[last] = data.draw(st.sampled_from([None, UNKNOWN, *([type(holder[last])()] if holder[last] else [])]))
    answer = diff(token, old, synthetic_state(schemas()[token], old), new)
    assert (answer.change == "replace") == bool(answer.replaces)
    assert (answer.change == "error") == (answer.error is not None)
    assert (answer.change in ("none", "error")) == (not answer.changed), (
        f"{answer} says that something and nothing differs"
    )


CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"


def test_a_value_that_stays_after_its_removal_is_compared_with_when_it_comes_back() -> None:
    before = {"name": "c", "projectId": "p", "clusterType": "REPLICASET"}
    state = {**before, "backupEnabled": True}
    assert diff(CLUSTER, {**before, "backupEnabled": True}, state, before).change == "none", (
        "leaving backupEnabled out turns no backup off"
    )
    assert diff(CLUSTER, before, state, {**before, "backupEnabled": True}).change == "none"
    assert diff(CLUSTER, before, state, {**before, "backupEnabled": False}).change == "update"


def test_only_a_name_from_the_program_makes_the_old_one_go_first() -> None:
    old = {"replicationGroupId": "g", "description": "d", "engine": "valkey", "engineVersion": "9.0"}
    older = {**old, "engineVersion": "8.1"}
    assert diff(GROUP, old, old, older).delete_before_replace, "two groups of one name would collide"
    made_up = diff(GROUP, old, old, {**older, "__defaults": ["replicationGroupId"]})
    assert made_up.change == "replace" and not made_up.delete_before_replace, "the cache would be away for no reason"
