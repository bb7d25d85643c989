"""The report judges a change as the real providers were recorded to answer Diff.

A row goes through the entry of a review: two plans of one resource, compared. A review without a state file knows no
value that only the state has, so the rows that such a value decides (`equalsState`) are counted by themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from dolmen.engine.plan import Plan, Resource, Unknown
from dolmen.knowledge.provider_schema import PropertySchema, type_schema
from dolmen.review.diff.changes import Operation
from dolmen.review.diff.compare import compare
from dolmen.review.effects.judge import JUDGE
from dolmen.review.effects.model import EffectKind
from tests.cloud.wire import UNKNOWN
from tests.conformance.figures import Figure
from tests.conformance.recorded_diffs import PROVIDERS, RecordedDiff, bases, recorded_diffs

_FILLED = (
    "the addition equals what the synthetic state was filled with (the row is not marked), and a review has no state"
)
_NAMED_ANEW = (
    "the provider's Check makes up a new name where the state lists its defaults, as a real one does; the recording's old "
    "inputs have no such list, so Diff was asked with no name at all"
)
_OTHER_TARGET = (
    "not seen beside the other targets that this sample gives the same route; a route to an interface alone does change"
)
EXCEPTIONS: Mapping[str, str] = {
    "Alias/program1 remove name": _NAMED_ANEW,
    "Policy/full remove name": _NAMED_ANEW,
    "RolePolicy/full remove name": _NAMED_ANEW,
    "RolePolicy/program2 remove name": _NAMED_ANEW,
    "Secret/full remove name": _NAMED_ANEW,
    "Secret/program2 remove name": _NAMED_ANEW,
    "Topic/full remove name": _NAMED_ANEW,
    "Topic/program2 remove name": _NAMED_ANEW,
    "AdvancedCluster/minimal add replicationSpecs[0].regionConfigs[0].analyticsSpecs": _FILLED,
    "AdvancedCluster/minimal add replicationSpecs[0].regionConfigs[0].electableSpecs": _FILLED,
    "AdvancedCluster/minimal add replicationSpecs[0].regionConfigs[0].readOnlySpecs": _FILLED,
    "FederatedSettingsOrgConfig/minimal add:unknown dataAccessIdentityProviderIds": (
        "the report says an update of which it knows no effect, where the provider waits for the value"
    ),
    "StreamConnectionFailover/minimal add:unknown deleteOnCreateTimeout": (
        "the base differs from itself, and the recording left out by which properties"
    ),
    "ReplicationGroup/full remove nodeGroupConfigurations[0].nodeGroupId": (
        "a group without an id cannot be told from another one: the report says replaced, where it is an update"
    ),
    "RouteTable/full change routes[0].networkInterfaceId": _OTHER_TARGET,
    "RouteTable/full remove routes[0].networkInterfaceId": _OTHER_TARGET,
    "TopicSubscription/full change deliveryPolicy": (
        "the sample is no delivery policy, so that nothing of it is read; of a real one the report can't say `nothing`"
    ),
    "Grant/full append constraints": "an empty block beside another one is not seen by the provider",
    "Grant/full prepend constraints": "an empty block beside another one is not seen by the provider",
}
"""Rows that the report judges otherwise, with the reason. Each must still disagree, and counts as wrong in the figures."""
OTHER_ORDER: Mapping[str, str] = dict.fromkeys(
    (
        f"RolePolicyAttachment/minimal {op} {path}"
        for op in ("change", "change:unknown")
        for path in ("policyArn", "role")
    ),
    "pulumi-aws deletes an attachment first by a rule of its own, which was not part of what was asked",
)


@dataclass(frozen=True)
class Said:
    """What a report says of one change, in the words of the recording."""

    change: str
    delete_first: bool = False
    certain: bool = True
    """False: at worst."""


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _value(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_value(inner) for inner in value]
    return Unknown() if value == UNKNOWN else value


def plan_of(token: str, inputs: Mapping[str, Any]) -> Plan:
    urn = f"urn:pulumi:prod::shop::{token}::it"
    return Plan("shop", "prod", "organization", (Resource(urn, token, "it", None, True, _value(inputs)),), {})


def said(token: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Said:
    found = compare(plan_of(token, old), plan_of(token, new), JUDGE)
    if not found or found[0].operation is Operation.SAME:
        return Said("none")
    (change,) = found
    for effect in change.effects:
        if effect.kind is EffectKind.FAILS_AT_PREVIEW:
            return Said("error", certain=effect.certain)
    if change.operation is Operation.REPLACE:
        certain = any(effect.certain for effect in change.effects if effect.replaces)
        return Said("replace", change.delete_first, certain)
    if {effect.kind for effect in change.effects} == {EffectKind.DOES_NOTHING}:
        return Said("none or update")
    return Said("update")


@cache
def judged(provider: str) -> tuple[tuple[RecordedDiff, Said], ...]:
    return tuple((row, said(row.token, row.old, row.new)) for row in recorded_diffs(provider))


def agrees(row: RecordedDiff, answer: Said) -> bool:
    return row.change in answer.change.split(" or ")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_report_says_what_the_real_provider_planned(provider: str, figure: Figure) -> None:
    rows = [(row, answer) for row, answer in judged(provider) if not row.equals_state]
    right = Counter(row.operation for row, answer in rows if agrees(row, answer))
    figure(f"report, {provider}: none, update, replace or error", right.total(), len(rows))
    for operation, total in Counter(row.operation for row, _ in rows).items():
        figure(f"report, {provider}, operation {operation}", right[operation], total)
    wrong = {
        row.name: f"{row.change}, and the report says {answer.change}"
        for row, answer in rows
        if not agrees(row, answer) and row.name not in EXCEPTIONS
    }
    assert not wrong, f"a reviewer reads what will not happen: {wrong}"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_addition_that_only_the_state_could_judge_is_an_update_or_said_as_the_worst(
    provider: str, figure: Figure
) -> None:
    rows = [(row, answer) for row, answer in judged(provider) if row.equals_state]
    mild = [row for row, answer in rows if answer.change in ("none", "update", "none or update")]
    figure(f"report, {provider}, decided by the state: nothing or an update", len(mild), len(rows))
    open_ended = [answer for _, answer in rows if not answer.certain]
    figure(f"report, {provider}, decided by the state: at worst replaced or refused", len(open_ended), len(rows))
    wrong = [row.name for row, answer in rows if row not in mild and answer.certain]
    assert not wrong, f"a value that may already be there is said to replace the resource, or to be refused: {wrong}"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_replacement_is_announced_exactly_where_the_provider_plans_one(provider: str, figure: Figure) -> None:
    rows = [(row, answer) for row, answer in judged(provider) if not row.equals_state]
    real = {id(row) for row, _ in rows if row.change == "replace"}
    announced = {id(row) for row, answer in rows if answer.change == "replace"}
    figure(f"report, {provider}, replacements: announced are real (precision)", len(real & announced), len(announced))
    asked = {id(row) for row, _ in rows if EXCEPTIONS.get(row.name) != _NAMED_ANEW}
    figure(
        f"report, {provider}, replacements: precision, of what an engine asks (no name without Check's)",
        len(real & announced & asked),
        len(announced & asked),
    )
    figure(f"report, {provider}, replacements: real are announced (recall)", len(real & announced), len(real))
    both = [(row, answer) for row, answer in rows if id(row) in real & announced]
    right = [row for row, answer in both if row.delete_before_replace == answer.delete_first]
    figure(f"report, {provider}, replacements: order", len(right), len(both))
    missed = [row.name for row, _ in rows if id(row) in real - announced]
    assert not missed, f"data would be lost without a word: {missed}"
    other = {row.name for row, answer in both if row.delete_before_replace != answer.delete_first}
    assert other <= OTHER_ORDER.keys(), f"downtime is announced for the other order: {other - OTHER_ORDER.keys()}"


def test_every_exception_still_disagrees() -> None:
    rows = [pair for provider in PROVIDERS for pair in judged(provider)]
    wrong = {row.name for row, answer in rows if not agrees(row, answer)}
    order = {row.name for row, answer in rows if row.delete_before_replace != answer.delete_first}
    mended = (EXCEPTIONS.keys() - wrong) | (OTHER_ORDER.keys() - order)
    assert not mended, f"these agree now: take them from the list, or a regression would hide behind it: {mended}"


def _respelled(token: str, path: str, value: Any) -> Any:
    """The same value for the provider, as another program may write it."""
    schema = type_schema(token)
    assert schema is not None
    one: PropertySchema | None = schema.properties.get(path)
    if isinstance(value, dict):
        below = f"{path}{{*}}" if one is not None and one.type == "map" else ""
        return {name: _respelled(token, below or f"{path}.{name}".lstrip("."), inner) for name, inner in value.items()}
    if isinstance(value, list):
        items = [_respelled(token, f"{path}[*]", inner) for inner in value]
        return (
            items[::-1]
            if one is not None and (one.declared_set or one.set_like) and one.set_like is not False
            else items
        )
    if one is None or value == UNKNOWN:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float) and one.type in ("integer", "number"):
        return str(value)
    if isinstance(value, str) and one.normalised and value.startswith("{"):
        return value.replace("{", "{ \n").replace(",", " ,")
    return value


@pytest.mark.parametrize("provider", PROVIDERS)
def test_another_spelling_of_the_same_values_changes_nothing(provider: str) -> None:
    seen = 0
    for base, (token, inputs) in bases(provider).items():
        spelled = {name: _respelled(token, name, value) for name, value in inputs.items()} | {"noSuchThing": None}
        seen += spelled != inputs
        assert said(token, inputs, spelled).change == "none", f"{base}: a reviewer hunts for a change that is none"
    assert seen == len(bases(provider))
