"""Generated changes of single properties, judged by the review's rules and by the simulated providers' own Diff.

The providers are asked directly, as the engine asks them (Check of both sides, then Diff): between an answer and a step
the engine only adds what options say, and those are tested apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2 as pb

from dolmen.engine.plan import Asset, Options, Placeholder, Plan, Reference, Resource, Secret, Unknown
from dolmen.review.diff.compare import compare
from dolmen.review.effects.judge import JUDGE
from dolmen.review.effects.model import EffectKind
from tests.cloud.check import members
from tests.cloud.cloud import Cloud
from tests.cloud.contracts import contracts, enumerations
from tests.cloud.kinds import kind
from tests.cloud.provider import Provider, Recording
from tests.cloud.wire import UNKNOWN, dump, secret

NONE, UPDATE, REPLACE, REFUSED = "none", "update", "replace", "refused"


@dataclass(frozen=True)
class Change:
    type: str
    property: str
    how: str
    old: Mapping[str, Any]
    new: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.type.rsplit(':', 1)[-1]}.{self.property} {self.how}"


@dataclass(frozen=True)
class Answer:
    outcome: str
    delete_first: bool = False


# ---- changes


def changes_of(resource: Resource) -> Iterator[Change]:
    """Every leaf another value, a lower and a higher one, unknown and gone; and every replacing property added."""
    for path, value in _leaves(resource.inputs):
        for how, other in _others(resource.type, path, value):
            new = _with(resource.inputs, path, other)
            if new != resource.inputs:
                yield Change(resource.type, _text(path), how, resource.inputs, new)
    contract = contracts().get(resource.type)
    for name in (*contract.replace, *contract.plan_error, *contract.apply_error) if contract else ():
        if "." not in name and name not in resource.inputs and name in contract.inputs and name != "region":
            made = _made(contract.inputs[name])
            yield Change(resource.type, name, "added", resource.inputs, {**resource.inputs, name: made})


def _leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*path, index))
    elif value is not None:
        yield path, value


def _others(token: str, path: tuple[str | int, ...], value: Any) -> Iterator[tuple[str, Any]]:
    steps = ".".join(step for step in path if isinstance(step, str))
    known = enumerations().get(token, {}).get(steps) or members(token, steps)
    if isinstance(value, bool):
        yield "switched", not value
    elif isinstance(value, int | float):
        yield "raised", value + 1
        yield "lowered", value - 1
    elif isinstance(value, str):
        if others := [one for one in known if one != value]:
            yield "another", others[0]
        elif re.fullmatch(r"\d+(\.\d+)*", value):
            major, *rest = value.split(".")
            yield "raised", ".".join([str(int(major) + 1), *rest])
            yield "lowered", ".".join([str(int(major) - 1), *rest])
        else:
            yield "another", f"{value}x"
    elif isinstance(value, Secret):
        yield "another", Secret("another")
    if not isinstance(value, Unknown):
        yield "unknown", Secret() if isinstance(value, Secret) else Unknown()
    yield "gone", None


def _made(schema: Any) -> Any:
    if schema in ("boolean", "bool"):
        return True
    if schema in ("integer", "number", "int"):
        return 7
    if isinstance(schema, list) or (isinstance(schema, str) and schema.startswith("array")):
        return ["made-up"]
    return "made-up"


def _with(value: Any, path: tuple[str | int, ...], other: Any) -> Any:
    if not path:
        return other
    step, rest = path[0], path[1:]
    if isinstance(value, Mapping):
        inner = _with(value.get(step), rest, other)
        kept = {name: one for name, one in value.items() if name != step}
        return kept if inner is None else {**value, step: inner}
    items = list(value)
    inner = _with(items[step], rest, other)
    return [*items[:step], *([] if inner is None else [inner]), *items[step + 1 :]]


def _text(path: tuple[str | int, ...]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)[1:]


# ---- what the review says


def reviewed(change: Change, region: str = "us-east-1") -> Answer:
    def plan(inputs: Mapping[str, Any]) -> Plan:
        urn = f"urn:pulumi:s::p::{change.type}::it"
        return Plan(
            "p",
            "s",
            "o",
            (Resource(urn, change.type, "it", None, True, inputs, Options()),),
            {},
            config={"aws:region": region},
        )

    found = compare(plan(change.old), plan(change.new), JUDGE)
    if not found:
        return Answer(NONE)
    if any(effect.kind is EffectKind.FAILS_AT_PREVIEW for effect in found[0].effects):
        return Answer(REFUSED)
    if found[0].operation.value == "replace":
        return Answer(REPLACE, found[0].delete_first)
    return Answer(UPDATE)


# ---- what the provider says


class _RefusedError(Exception):
    pass


class _Context:
    """As much of a gRPC call as the servicers use."""

    def peer(self) -> str:
        return "direct"

    def abort(self, code: grpc.StatusCode, details: str) -> None:
        raise _RefusedError(details)

    def set_trailing_metadata(self, metadata: Any) -> None:
        pass


class Providers:
    def __init__(self) -> None:
        cloud, recording = Cloud(kind), Recording()
        self.servers = {name: Provider(name, cloud, recording) for name in ("aws", "mongodbatlas", "random")}
        for provider in self.servers.values():
            provider.settings["direct"] = {"region": "us-east-1"}

    def diff(self, change: Change) -> Answer:
        provider = self.servers[change.type.split(":", 1)[0]]
        urn = f"urn:pulumi:s::p::{change.type}::it"
        context: Any = _Context()
        try:
            old = provider.Check(
                pb.CheckRequest(urn=urn, news=dump(_wire(change.old)), randomSeed=b"s"), context
            ).inputs
            new = provider.Check(
                pb.CheckRequest(urn=urn, olds=old, news=dump(_wire(change.new)), randomSeed=b"s"), context
            ).inputs
            told = provider.Diff(pb.DiffRequest(id="it", urn=urn, old_inputs=old, olds=old, news=new), context)
        except _RefusedError:
            return Answer(REFUSED)
        if told.replaces:
            return Answer(REPLACE, told.deleteBeforeReplace)
        return Answer(UPDATE if told.changes == pb.DiffResponse.DIFF_SOME else NONE)


def _wire(value: Any) -> Any:
    match value:
        case Unknown():
            return UNKNOWN
        case Secret(fingerprint=None):
            return secret(UNKNOWN)
        case Secret(fingerprint=fingerprint):
            return secret(f"secret {fingerprint}")
        case Placeholder(label=label):
            return f"assumed {label}"
        case Reference(urn=urn):
            return urn
        case Asset():
            return value.source
        case list():
            return [_wire(one) for one in value]
        case Mapping():
            return {name: _wire(one) for name, one in value.items() if one is not None}
        case _:
            return value


# ---- comparing


@dataclass(frozen=True)
class Agreement:
    compared: int
    missed: tuple[str, ...]
    """The provider replaces or refuses, the review does not say so."""
    too_much: tuple[str, ...]
    """The review says that it is replaced or refused, the provider does not."""
    order: tuple[str, ...]
    """Both replace, in another order."""
    harmful: int
    said: int

    @property
    def recall(self) -> float:
        return 1 - len(self.missed) / self.harmful if self.harmful else 1.0

    @property
    def precision(self) -> float:
        return 1 - len(self.too_much) / self.said if self.said else 1.0


def agreement(plans: list[Plan]) -> Agreement:
    providers = Providers()
    seen: set[tuple[str, str, str]] = set()
    missed: list[str] = []
    too_much: list[str] = []
    order: list[str] = []
    harmful = said = 0
    for resource in (one for plan in plans for one in plan if one.custom and one.type in contracts()):
        for change in changes_of(replace(resource, inputs=_known(resource.inputs))):
            key = (change.type, re.sub(r"\[\d+\]", "", change.property), change.how)
            if key in seen:
                continue
            seen.add(key)
            ours, theirs = reviewed(change), providers.diff(change)
            harmful += theirs.outcome in (REPLACE, REFUSED)
            said += ours.outcome in (REPLACE, REFUSED)
            if theirs.outcome in (REPLACE, REFUSED) and ours.outcome != theirs.outcome:
                missed.append(f"{change}: the provider says {theirs.outcome}, the review {ours.outcome}")
            if ours.outcome in (REPLACE, REFUSED) and ours.outcome != theirs.outcome:
                too_much.append(f"{change}: the review says {ours.outcome}, the provider {theirs.outcome}")
            if ours.outcome == theirs.outcome == REPLACE and ours.delete_first != theirs.delete_first:
                first = "the review" if ours.delete_first else "the provider"
                order.append(f"{change}: only {first} deletes first")
    return Agreement(len(seen), tuple(missed), tuple(too_much), tuple(order), harmful, said)


def _known(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """The inputs as they are once everything exists: what a provider compares a change with."""
    match inputs:
        case Unknown():
            return "known now"  # pyright: ignore[reportReturnType]
        case Secret():
            return Secret(inputs.fingerprint or "known now")  # pyright: ignore[reportReturnType]
        case Placeholder():
            return f"assumed {inputs.label}"  # pyright: ignore[reportReturnType]
        case list():
            return [_known(one) for one in inputs]  # pyright: ignore[reportReturnType]
        case Mapping():
            return {name: _known(one) for name, one in inputs.items() if one is not None}
        case _:
            return inputs
