"""Carries the order of an evaluation to another interpreter.

Whoever judges writes it and an evaluator reads it: it is trusted, and held to its types all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from dolmen.engine.plan import Note, Secret, Value
from dolmen.engine.wire.encode import json_bytes
from dolmen.engine.wire.foreign import ForeignDataError, MisfitError, parsed
from dolmen.engine.wire.shapes import reader
from dolmen.stackfile import Acceptance
from dolmen.stackfile.document import SecureValue

if TYPE_CHECKING:
    from dolmen.engine.request import Request


@dataclass(frozen=True, slots=True)
class _Order:
    """A request with its project as two folders: who evaluates it reads the project file for itself."""

    project: str
    stack_folder: str
    stacks: tuple[str, ...]
    key: bytes
    jobs: int | None
    timeout: float
    answers: Mapping[str, Value]
    """Of the lookups; `secure:` is a `Secret`."""
    output_forms_unknown: bool
    organization: str
    observers: Mapping[str, str]
    notes: tuple[Note, ...]
    copy_of: tuple[str, str] | None
    judged_by: str | None
    acceptances: tuple[Acceptance, ...] | None


def order_json(request: Request) -> bytes:
    """A request whose observers are all given by name. Raises `TypeError`."""
    return json_bytes(
        _Order(
            project=str(request.project.folder),
            stack_folder=str(request.project.stack_folder),  # which may be another project's
            stacks=request.stacks,
            key=request.key,
            jobs=request.jobs,
            timeout=float(request.timeout),
            answers=_with(request.lookups.answers, SecureValue, Secret()),
            output_forms_unknown=request.lookups.output_forms_unknown,
            organization=request.organization,
            observers={name: _named(observer) for name, observer in request.observers.items()},
            notes=request.notes,
            copy_of=request.copy_of,
            judged_by=request.judged_by,
            acceptances=request.acceptances,
        )
    )


def read_order(data: bytes) -> Request:
    """The request of an order. Raises `ForeignDataError`, and `RefusedError` for the project."""
    from dolmen.engine.lookups import Lookups
    from dolmen.engine.project import read_project
    from dolmen.engine.request import Request

    try:
        order: _Order = reader(_Order)(parsed(data))
    except MisfitError as error:
        raise ForeignDataError(str(error)) from None
    return Request(
        project=replace(read_project(Path(order.project)), stack_folder=Path(order.stack_folder)),
        stacks=order.stacks,
        key=order.key,
        jobs=order.jobs,
        timeout=order.timeout,
        lookups=Lookups(_with(order.answers, Secret, SecureValue()), order.output_forms_unknown),
        organization=order.organization,
        observers=order.observers,
        notes=order.notes,
        copy_of=order.copy_of,
        judged_by=order.judged_by,
        acceptances=order.acceptances,
    )


def _named(observer: Any) -> str:
    if isinstance(observer, str):
        return observer
    raise TypeError("An observer belongs to the running Python")


def _with(data: Any, kind: type, other: Any) -> Any:
    """Data with `other` for everything of a kind."""
    if isinstance(data, kind):
        return other
    if isinstance(data, Mapping):
        return {key: _with(item, kind, other) for key, item in cast("Mapping[str, Any]", data).items()}
    if isinstance(data, list | tuple):
        return [_with(item, kind, other) for item in cast("list[Any]", data)]
    return data
