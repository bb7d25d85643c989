"""Shows observers the raw registrations, in the child, after the program.

A plan holds no secret, so what must see values as the engine would pass them on (a policy pack) runs where they still
are. An observer is a callable, or `"module:function"`, which is imported before the children are forked. It takes an
`Observation` and returns data that holds no secret; the plan carries it in `findings`, under the name that the caller
gave to the observer. Its return annotation says the type of that data, which is held to it where the plan is read:
dataclasses, tuples, `StrEnum`s, maps of texts; without an annotation what JSON has. An observer that raises ends the
plan with a failure: silence would look like agreement.
"""

from __future__ import annotations

import contextlib
import functools
import pkgutil
import traceback
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_type_hints

from google.protobuf import struct_pb2

from dolmen.engine.deployment import Deployment
from dolmen.engine.plan import Failure, FailureKind, Position
from dolmen.engine.registration import Registration
from dolmen.stackfile import Acceptance


@dataclass(frozen=True, slots=True)
class Observation:
    """What the engine knows after a program has run.

    Values are in protobuf's form, with secrets and unknowns marked by the signatures of the wire format
    (`dolmen.engine.values`).
    """

    project: str
    stack: str
    organization: str
    folder: Path
    dry_run: bool
    config: Mapping[str, str]
    secret_keys: frozenset[str]
    registrations: Mapping[str, Registration] = field(default_factory=dict[str, Registration])
    """By URN, in the order of registration."""
    outputs: struct_pb2.Struct = field(default_factory=struct_pb2.Struct)
    """The stack's."""
    exported: Mapping[str, Position] = field(default_factory=dict[str, Position])
    """Stack output → the line that exports it, where that is known."""
    assumed: bool = False
    """Whether the program was given values that the plan had to make up."""
    judged_by: Path | None = None
    """The folder whose policy pack judges; `None`: the project's own."""
    acceptances: tuple[Acceptance, ...] | None = None
    """What is accepted on record; `None`: what the project's own register says."""
    failed: bool = False
    """Whether the program failed: then the registrations are what it got to."""
    secrets: frozenset[str] = frozenset()
    """Texts that no finding may hold."""


Observer = Callable[[Observation], Any]


def load(observers: Mapping[str, Observer | str] | None) -> dict[str, Observer]:
    """Import the observers given by name. Raises `TypeError` for what is none, and cannot be found."""
    return {name: _loaded(name, given) for name, given in (observers or {}).items()}


def _loaded(name: str, given: Observer | str) -> Observer:
    found: Any = given
    if isinstance(given, str):
        try:
            found = pkgutil.resolve_name(given)
        except (ImportError, AttributeError, ValueError) as error:
            raise TypeError(f"The observer {name} cannot be found as {given!r}: {error}") from error
    if not callable(found):
        raise TypeError(f"The observer {name} is {type(found).__name__}, and no function: give `module:function`.")
    return found


def refuse_functions(observers: Mapping[str, Any]) -> None:
    """Raises `TypeError` for an observer that is not given by name, where it is called in another process."""
    if unnamed := [name for name, given in observers.items() if not isinstance(given, str)]:
        raise TypeError(
            f"Observers run in another process, which knows them by name: give {', '.join(unnamed)} as "
            "`module:function` (a function itself is for `evaluate_program`)."
        )


def prepare(observers: Iterable[Observer], deployment: Deployment) -> None:
    """Let observers do once what serves for every stack: an attribute `prepare` of theirs, if they have it."""
    for observer in observers:
        own: Callable[[Deployment], object] | None = getattr(observer, "prepare", None)
        if own is not None:
            with contextlib.suppress(Exception, SystemExit):  # it will be told where a stack is judged
                own(deployment)


def finding_type(observer: Observer) -> Any:
    """What an observer says that it finds; `Any` where it says nothing."""
    function = observer
    while isinstance(function, functools.partial):
        function = function.func
    said: Any = getattr(function, "__annotations__", {}).get("return", Any)
    stand_in = types.SimpleNamespace(__annotations__={"return": said})  # its other types may not be imported
    return get_type_hints(stand_in, getattr(function, "__globals__", {}), include_extras=True)["return"]


def observe(observers: Mapping[str, Observer], observation: Observation) -> tuple[dict[str, Any], Failure | None]:
    findings: dict[str, Any] = {}
    failure: Failure | None = None
    for name, observer in observers.items():
        try:
            findings[name] = observer(observation)
        except Exception:
            last = traceback.format_exc(limit=-3)
            failure = failure or Failure(FailureKind.PROGRAM, f"The observer {name} failed:\n{last}")
    return findings, failure
