"""Where a problem stands in its file, and what a person sees of the value there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dolmen.stackfile import Document, Problem
from dolmen.stackfile.problems import KeyPath, shown

from . import messages
from .settings import NAMESPACE


def placed(problem: Problem, values: Mapping[str, object], document: Document | None) -> Problem:
    """The problem with the path, value and place that a person sees: `dolmen:` before the section's name."""
    field, *rest = problem.path or ("",)
    if field == "":
        path: KeyPath = tuple(rest)
    else:
        path = (field if ":" in str(field) else f"{NAMESPACE}:{field}", *rest)
    # Shown by the whole path: a part that was validated by itself did not know which names stand above it.
    value = problem.value
    if value is None:
        value = shown(path, *_value_at(values, problem.path))
    line, column, remedy = problem.line, problem.column, problem.remedy
    if document:
        written = _written(document, path)
        if written is not None and value not in (None, messages.NOT_SHOWN):
            value = written if len(written) <= len(str(value)) + 8 else value
        remedy = remedy.replace(messages.WRITTEN, written or "")
        if line is None:
            place = place_of(document, path, key=problem.rule == messages.UNKNOWN_KEY)
            line, column = (place.line, place.column) if place else (None, None)
    remedy = remedy.replace(messages.WRITTEN, str(value))
    return Problem(path, problem.rule, remedy, value or None, line, column)


def _written(document: Document, path: KeyPath) -> str | None:
    """A value as it stands in the file, where it reads as something else than text."""
    own = str(path[0]).removeprefix(f"{NAMESPACE}:") if path else ""
    return document.texts.get(("config", *path)) or document.texts.get(("config", own, *path[1:]))


def place_of(document: Document, path: KeyPath, key: bool) -> Any:
    spelled: list[KeyPath] = [("config", *path)]
    if path and isinstance(path[0], str):
        spelled.append(("config", path[0].removeprefix(f"{NAMESPACE}:"), *path[1:]))  # Pulumi adds the namespace
        if len(path) == 1:
            spelled.append(path)
    for candidate in spelled:
        if candidate[:2] in document.keys or (candidate[:1] in document.keys and len(candidate) == 1):
            return document.key_place(candidate) if key else document.place(candidate)
    return document.place(("config",))


def _value_at(values: Any, path: KeyPath) -> tuple[Any, ...]:
    """The scalar at a path as a one-tuple; empty where there is none."""
    for step in path:
        if isinstance(values, str):
            return (values,)  # one entry, written without its list
        try:
            values = values[step]
        except (KeyError, IndexError, TypeError):
            return ()
    return (values,)
