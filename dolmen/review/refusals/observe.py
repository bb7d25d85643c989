"""Holds what a program registers to its providers' schemas, where secrets can still be read.

A plan has no secrets, and a secret may be the very value that is refused: so this runs as an observer in the process that
evaluates the program (`dolmen.engine.observing`). What comes back holds none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dolmen.engine import values as wire
from dolmen.engine.forms import Urn
from dolmen.engine.observing import Observation
from dolmen.engine.plan import Asset, Placeholder, Reference, Unknown
from dolmen.engine.registration import Registration
from dolmen.engine.urns import STACK_TYPE
from dolmen.knowledge.provider_schema import type_schema
from dolmen.review.refusals import outputs_as_text
from dolmen.review.refusals.at_creation import refusals_at_creation
from dolmen.review.refusals.ignored import ignored
from dolmen.review.refusals.judge import refusals, refusals_at_apply
from dolmen.review.refusals.model import Moment, Refusal
from dolmen.review.refusals.values import Hidden

NAME = "refusals"
"""The observer's name, under which a plan's `findings` hold the report."""
ASSUMED_NUMBER = 1
"""The number that the engine makes up (`dolmen.engine.placeholders`): it has no mark."""


@dataclass(frozen=True, slots=True)
class RefusalReport:
    """What providers refuse of one stack, and of how much of it they were asked."""

    refused: tuple[tuple[Urn, Refusal], ...] = ()
    """(URN, refusal, or what is ignored), in the order of registration."""
    known: int = 0
    """Resources of types whose provider's schema is known."""
    unknown: tuple[tuple[str, int], ...] = ()
    """(type, how many resources) where it is not."""


def observe(observation: Observation) -> RefusalReport:
    """Judge all resources of a stack; half a program is not judged."""
    if observation.failed:
        return RefusalReport()
    doubtful = ASSUMED_NUMBER if observation.assumed else None
    refused: list[tuple[str, Refusal]] = []
    unknown: Counter[str] = Counter()
    known = 0
    for urn, registration in observation.registrations.items():
        refused += [(urn, one) for one in _said_as_text(registration)]
        if not registration.custom or registration.read:
            continue
        inputs = properties(registration.goal.object, doubtful)
        token = str(registration.goal.type)
        if token.startswith("pulumi:"):
            continue
        schema = type_schema(token)
        sdk = registration.options.version or (schema.sdk if schema else "")
        if schema is None or not schema.describes(sdk):
            unknown[token] += 1
            continue
        known += 1
        refused += [(urn, one) for one in said(token, inputs, sdk, exists=registration.exists)]
    refused += [(_stack_urn(observation), one) for one in _exported_as_text(observation)]
    return RefusalReport(tuple(dict.fromkeys(refused)), known, tuple(sorted(unknown.items())))


def _said_as_text(registration: Registration) -> Iterator[Refusal]:
    """The text of an output in the inputs, the name or an option of anything that is registered, components too."""
    goal = registration.goal
    yield from outputs_as_text.found("", properties(goal.object))
    yield from outputs_as_text.found("name", str(goal.name))
    yield from outputs_as_text.found("id", registration.id or "")
    options = registration.options
    for name in ("import_id", "deleted_with", "provider", "version", "plugin_download_url"):
        yield from outputs_as_text.found(f"options.{name}", getattr(options, name) or "")
    for name in ("ignore_changes", "replace_on_changes", "aliases", "replace_with", "additional_secret_outputs"):
        yield from outputs_as_text.found(f"options.{name}", list(getattr(options, name)))
    yield from outputs_as_text.found("options.custom_timeouts", dict(options.custom_timeouts))


def _exported_as_text(observation: Observation) -> Iterator[Refusal]:
    for name, value in properties(observation.outputs).items():
        for one in outputs_as_text.found(f"outputs.{name}", value):
            yield one._replace(position=observation.exported.get(name))


def _stack_urn(observation: Observation) -> str:
    stack, project = observation.stack, observation.project
    return f"urn:pulumi:{stack}::{project}::{STACK_TYPE}::{project}-{stack}"


def said(token: str, inputs: Mapping[str, Any], sdk: str, *, exists: bool) -> Iterator[Refusal]:
    """Everything against a resource's inputs, one statement for each property and moment."""
    now = refusals(token, inputs, sdk)
    planned = [one for one in refusals_at_creation(token, inputs) if not (exists and one.moment is Moment.CREATION)]
    wrong = {one.path for one in now}
    yield from now
    yield from (one for one in planned if one.path not in wrong)
    wrong |= {one.path for one in planned}
    later = (*refusals_at_apply(token, inputs, sdk, before=now), *refusals_at_creation(token, inputs, at_apply=True))
    yield from (one for one in later if one.path not in wrong)
    yield from ignored(token, inputs, sdk)


def reported(findings: Mapping[str, object]) -> RefusalReport | None:
    """A plan's report, from its `findings`; `None` where nobody asked."""
    found = findings.get(NAME)
    return found if isinstance(found, RefusalReport) else None


def properties(struct: Any, doubtful: int | None = None) -> dict[str, Any]:
    """Registered inputs as the judge reads them."""
    return {name: _value(struct.fields[name], doubtful) for name in struct.fields if not name.startswith("__")}


def _value(value: Any, doubtful: int | None) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _struct(value, doubtful)
    if kind == "list_value":
        return [_value(item, doubtful) for item in value.list_value.values]
    if kind == "number_value":
        number = value.number_value
        if number == doubtful:
            return Placeholder("a number")
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind != "string_value":
        return None
    return Unknown() if value.string_value == wire.UNKNOWN else value.string_value


def _struct(value: Any, doubtful: int | None) -> Any:
    fields = value.struct_value.fields
    signature = wire.signature(value)
    if signature == wire.SECRET:
        return Hidden(_value(fields["value"], doubtful))
    if signature == wire.OUTPUT:
        inner = _value(fields["value"], doubtful) if "value" in fields else Unknown()
        return Hidden(inner) if "secret" in fields and fields["secret"].bool_value else inner
    if signature == wire.RESOURCE:
        return Reference(fields["urn"].string_value)
    if signature in (wire.ASSET, wire.ARCHIVE):
        return Asset("asset", "")
    return {name: _value(fields[name], doubtful) for name in fields}
