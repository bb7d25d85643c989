"""Reads a plan that an evaluating process wrote, in the process that judges it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dolmen.engine.plan import Plan
from dolmen.engine.wire.foreign import ForeignDataError, MisfitError, parsed
from dolmen.engine.wire.limits import DEEPEST, MOST_RESOURCES
from dolmen.engine.wire.shapes import Reader, read_dataclass, reader


def read_plan(data: bytes, findings: Mapping[str, Any]) -> Plan:
    """A plan, with every field checked. Raises `ForeignDataError`.

    `findings`: the observers that were asked, and the type of what each finds. A plan without a failure has them all.
    """
    try:
        plan: Plan = _plan()(parsed(data))
        found = _findings(plan.findings, findings)
        if plan.failure is None and len(found) < len(findings):
            raise MisfitError("those of an observer are missing", "findings")
        _check_tree(plan)
    except MisfitError as error:
        raise ForeignDataError(str(error)) from None
    return replace(plan, findings=found)


@functools.cache
def _plan() -> Reader:
    return read_dataclass(Plan, findings=_object, surroundings=reader(type(None)))


def read_findings(data: bytes, kinds: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    """What observers found. `whole`: all of them answered. Raises `ForeignDataError`."""
    try:
        found = _findings(_object(parsed(data)), kinds)
        if whole and len(found) < len(kinds):
            raise MisfitError("findings: an observer's are missing")
    except MisfitError as error:
        raise ForeignDataError(str(error)) from None
    return found


def _object(data: Any) -> dict[str, Any]:
    if type(data) is not dict:
        raise MisfitError("an object is needed")
    return data


def _findings(data: Mapping[str, Any], kinds: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, one in data.items():
        if name not in kinds:
            raise MisfitError("there is an observer that nobody asked", "findings")
        try:
            found[name] = reader(kinds[name])(one)
        except MisfitError as error:
            error.steps += [f".{name}", "findings"]
            raise
    return found


def _check_tree(plan: Plan) -> None:
    """Hold parents to what the engine grants, so that whoever follows them comes to an end.

    A parent is registered before its children. Two names may have become one where secrets were masked in them.
    """
    if len(plan.resources) > MOST_RESOURCES:
        raise MisfitError(f"at most {MOST_RESOURCES} are taken", "resources")
    parents: dict[str, str | None] = {}
    depths: dict[str, int] = {}
    for index, resource in enumerate(plan.resources):
        if resource.parent is not None and resource.parent not in parents:
            raise MisfitError("it is no resource that comes before", f"resources[{index}].parent")
        if parents.setdefault(resource.urn, resource.parent) != resource.parent:
            raise MisfitError("it stands twice, with two parents", f"resources[{index}].urn")
        depths[resource.urn] = depths[resource.parent] + 1 if resource.parent is not None else 0
        if depths[resource.urn] > DEEPEST:
            raise MisfitError(f"at most {DEEPEST} parents are taken", f"resources[{index}].parent")
