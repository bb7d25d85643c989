"""Weakens a stack, one property of one resource at a time, and asks the pack about each.

A mutant counts as caught when the pack says something that it did not say about the stack as it is. A weakening that
changes nothing (the stack has that value already) is no mutant.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from google.protobuf import struct_pb2

from dolmen.engine import evaluate, values
from dolmen.engine.observing import Observation
from dolmen.engine.registration import Registration
from dolmen.review import policies
from dolmen.review.policies.judging import judge
from dolmen.review.policies.pack import Pack, load
from tests.time_limits import PATIENCE

TABLE = Path(__file__).with_name("mutants.yaml")
STATEMENT = {"Effect": "Allow", "Action": "*", "Resource": "*"}
TEXTS = {
    "$everybody": json.dumps({"Version": "2012-10-17", "Statement": [{**STATEMENT, "Principal": "*"}]}),
    "$uri": "mongodb+srv://app:hunter2@chat.abc.mongodb.net",
    "$admin": json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]}),
}


@dataclass(frozen=True)
class Mutant:
    type: str
    name: str
    path: str
    """What was weakened: the first path, `remove`, or `unprotect`."""
    change: str
    because: str

    def __str__(self) -> str:
        return f"{self.type.rpartition(':')[2]} {self.name}: {self.change} ({self.because})"


@dataclass(frozen=True)
class Outcome:
    mutants: int
    survivors: tuple[Mutant, ...]


def table() -> dict[str, Any]:
    return yaml.safe_load(TABLE.read_text(encoding="utf-8"))


def allowed(stack: str) -> set[tuple[str, str]]:
    """Type and path of what a tier allows on purpose."""
    return {(row["of"], row["path"]) for row in table()["allowed"].get(stack, [])}


def run(project: Path, stacks: list[str], *, every: bool = True) -> dict[str, Outcome]:
    """Stack → how many mutants there were, and which nobody noticed.

    Not `every`: each weakening at one resource, the first of its type that it changes.
    """
    observer = f"{__name__}:{'observe_every' if every else 'observe_some'}"
    plans = evaluate(project, stacks, observers={"mutation": observer}, timeout=PATIENCE)
    for plan in plans:
        assert plan.failure is None, plan.failure.message
    return {plan.stack: plan.findings["mutation"] for plan in plans}


def observe_every(observation: Observation) -> Outcome:
    return _observe(observation, every=True)


def observe_some(observation: Observation) -> Outcome:
    return _observe(observation, every=False)


def _observe(observation: Observation, *, every: bool) -> Outcome:
    pack = load(observation.folder / policies.FOLDER)
    said = _said(pack, observation)
    count = 0
    seen: set[tuple[str, str]] = set()
    survivors: list[Mutant] = []
    for mutant, mutated in mutate(observation):
        if not every and (mutant.type, mutant.change) in seen:
            continue
        seen.add((mutant.type, mutant.change))
        count += 1
        if _said(pack, mutated) <= said:
            survivors.append(mutant)
    return Outcome(count, tuple(survivors))


def _said(pack: Pack, observation: Observation) -> set[tuple[str, str | None, str]]:
    report = judge(pack, observation)
    return {(finding.id, finding.urn, finding.message) for finding in report.findings if finding.acceptance is None}


def mutate(observation: Observation) -> Iterator[tuple[Mutant, Observation]]:
    for row in table()["mutants"]:
        if observation.stack in row.get("not_in", ()):
            continue
        found = [
            registration
            for registration in observation.registrations.values()
            if registration.goal.type == row["of"] and row.get("only", "") in registration.goal.name
        ]
        if row.get("remove") == "every":
            if found:
                yield _removed(row, observation, found)
            continue
        for registration in found:
            yield from _weakened(row, observation, registration)


def _weakened(
    row: Mapping[str, Any], observation: Observation, registration: Registration
) -> Iterator[tuple[Mutant, Observation]]:
    if row.get("remove"):
        yield _removed(row, observation, [registration])
    elif row.get("unprotect"):
        if registration.options.protect:
            options = replace(registration.options, protect=False)
            yield (
                _mutant(row, registration, "unprotect", "protect = false"),
                _with(observation, replace(registration, options=options)),
            )
    else:
        goal = type(registration.goal)()
        goal.CopyFrom(registration.goal)
        changes = list(_apply(row, goal.object))
        if changes:
            touched = {one.partition(".")[0] for one in [*row.get("set", {}), row.get("drop", "")]}
            links = {key: urns for key, urns in registration.property_dependencies.items() if key not in touched}
            registration = replace(registration, property_dependencies=links)
            path = changes[0].partition(" = ")[0].removeprefix("without ").removeprefix("bare ")
            yield (
                _mutant(row, registration, path, ", ".join(changes)),
                _with(observation, replace(registration, goal=goal)),
            )


def _apply(row: Mapping[str, Any], struct: struct_pb2.Struct) -> Iterator[str]:
    for path, given in row.get("set", {}).items():
        value = values.to_protobuf(_texts(given))
        holder, key = _find(struct, path)
        if holder is None or _same(holder, key, value) or (row.get("lower") and not _lower(holder, key, given)):
            continue
        if row.get("present") and key not in holder.fields:
            continue
        _put(holder, key, value)
        yield f"{path} = {given}"
    for path in [row["drop"]] if "drop" in row else []:
        holder, key = _find(struct, path)
        if (
            isinstance(holder, struct_pb2.Struct)
            and key in holder.fields
            and "null" not in str(holder.fields[key].WhichOneof("kind"))
        ):
            del holder.fields[key]
            yield f"without {path}"
    for path in [row["bare"]] if "bare" in row else []:
        holder, key = _find(struct, path)
        if isinstance(holder, struct_pb2.Struct) and key in holder.fields:
            bare = _bare(holder.fields[key])
            if bare != holder.fields[key]:
                holder.fields[key].CopyFrom(bare)
                yield f"bare {path}"


def _texts(given: Any) -> Any:
    if isinstance(given, str):
        return TEXTS.get(given, given)
    if isinstance(given, Mapping):
        return {key: _texts(item) for key, item in given.items()}
    return [_texts(item) for item in given] if isinstance(given, list) else given


def _find(struct: Any, path: str) -> tuple[Any, Any]:
    """The struct or list that holds the last part of a path; nothing where a part before it is absent."""
    *parts, last = path.split(".")
    holder = struct
    for part in parts:
        value = holder.values[int(part)] if part.isdigit() else holder.fields.get(part)
        if value is None:
            return None, last
        if values.signature(value) in (values.SECRET, values.OUTPUT):
            value = value.struct_value.fields["value"]
        kind = value.WhichOneof("kind")
        if kind not in ("struct_value", "list_value"):
            return None, last
        holder = value.struct_value if kind == "struct_value" else value.list_value
    if last.isdigit():
        return (holder, int(last)) if hasattr(holder, "values") and int(last) < len(holder.values) else (None, last)
    return (holder, last) if isinstance(holder, struct_pb2.Struct) else (None, last)


def _same(holder: Any, key: Any, value: struct_pb2.Value) -> bool:
    return isinstance(holder, struct_pb2.Struct) and key in holder.fields and holder.fields[key] == value


def _lower(holder: Any, key: Any, given: Any) -> bool:
    """Whether the new value is lower; sizes are compared by their number."""
    old = holder.fields.get(key)
    if old is None:
        return False
    if old.WhichOneof("kind") == "string_value":
        return int(old.string_value.strip("MR")) > int(str(given).strip("MR"))
    return old.number_value > given


def _put(holder: Any, key: Any, value: struct_pb2.Value) -> None:
    if isinstance(holder, struct_pb2.Struct):
        holder.fields[key].CopyFrom(value)
    else:
        holder.values[key].CopyFrom(value)


def _bare(value: struct_pb2.Value) -> struct_pb2.Value:
    """The value with every mark of a secret taken off."""
    plain = struct_pb2.Value()
    signature = values.signature(value)
    if signature == values.SECRET:
        return _bare(value.struct_value.fields["value"])
    if signature == values.OUTPUT:
        fields = value.struct_value.fields
        return _bare(fields["value"]) if "value" in fields else values.UNKNOWN_VALUE
    plain.CopyFrom(value)
    if value.WhichOneof("kind") == "list_value":
        for index, item in enumerate(value.list_value.values):
            plain.list_value.values[index].CopyFrom(_bare(item))
    return plain


def _removed(row: Mapping[str, Any], observation: Observation, gone: list[Registration]) -> tuple[Mutant, Observation]:
    urns = {registration.urn for registration in gone}
    kept = {urn: one for urn, one in observation.registrations.items() if urn not in urns}
    return _mutant(row, gone[0], "remove", "removed"), replace(observation, registrations=kept)


def _mutant(row: Mapping[str, Any], registration: Registration, path: str, change: str) -> Mutant:
    return Mutant(row["of"], registration.goal.name, path, change, row["because"])


def _with(observation: Observation, mutated: Registration) -> Observation:
    return replace(observation, registrations={**observation.registrations, mutated.urn: mutated})
