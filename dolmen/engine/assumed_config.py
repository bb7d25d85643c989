"""Answers for configuration that is encrypted, or that nobody has written yet.

A key that a stack's file lacks is an error, as it is for Pulumi. A placeholder stands for it where there is no file yet,
and where it may come from an environment that the file imports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from pulumi import config

from dolmen.engine import stand_ins
from dolmen.engine.numbers import AssumedFloat, AssumedInteger
from dolmen.engine.placeholders import ONE, AssumedObject, AssumedText, soften
from dolmen.engine.plan import Failure, FailureKind
from dolmen.engine.project import StackConfig

_KINDS: dict[str, Callable[[AssumedText], Any]] = {
    "": lambda text: text,
    "_bool": lambda text: AssumedInteger.of(0, text.label),  # a `bool` of one's own cannot be made
    "_int": lambda text: AssumedInteger.of(ONE, text.label),
    "_float": lambda text: AssumedFloat.of(ONE, text.label),
    "_object": lambda text: AssumedObject(text.label),
}


@dataclass(slots=True)
class MissingConfig:
    """What a program asked for and found no value of."""

    stack: str
    complete: bool
    """Whether the stack's file says all that there is."""
    required: dict[str, bool] = field(default_factory=dict[str, bool])
    """Keys for which placeholders stand → whether the program calls them secret."""
    unset: dict[str, None] = field(default_factory=dict[str, None])
    """Keys that the program can do without, or says so."""

    def lead(self, failure: Failure | None) -> Failure | None:
        """The failure of the program, which may fail because of what is missing: that comes first."""
        if failure is None or failure.kind not in (FailureKind.PROGRAM, FailureKind.REFUSED):
            return failure
        if self.required:
            said = f"The program requires configuration that the stack {self.stack} has not: {_listed(self.required)}."
            keys = [
                f"`pulumi config set {'--secret ' if secret else ''}{key} <value>`"
                for key, secret in self.required.items()
            ]
            return replace(failure, message=f"{said} Set it first: {', '.join(keys)}.\n{failure.message}")
        if self.unset and "NoneType" in failure.message:
            said = f"The program asked for configuration that is not set: {_listed(self.unset)}."
            return replace(failure, message=f"{said}\n{failure.message}")
        return failure


def of_stack(stack: str, read: StackConfig) -> MissingConfig:
    """What is missing of a stack's configuration: nothing yet."""
    imports = any(note.subject.startswith("environment ") for note in read.notes)
    return MissingConfig(stack, complete=read.file is not None and not imports)


def _listed(keys: Iterable[str]) -> str:
    return ", ".join(keys)


def install(note: Callable[[str, str, str], None], missing: MissingConfig) -> None:
    """Let `pulumi.Config` answer for values that are missing or encrypted."""
    cls: Any = config.Config
    raw = cls._get

    def _get(self: Any, key: str, *args: Any, **kwargs: Any) -> Any:
        found = raw(self, key, *args, **kwargs)
        if found is None:
            missing.unset[self.full_key(key)] = None
        return AssumedText(found) if isinstance(found, str) and stand_ins.stands(found) else found

    cls._get = _get
    for kind, made_up in _KINDS.items():
        if hasattr(cls, f"_get{kind}") and hasattr(cls, f"_require{kind}"):
            _install_kind(cls, kind, made_up, note, missing)


def _install_kind(
    cls: Any,
    kind: str,
    made_up: Callable[[AssumedText], Any],
    note: Callable[[str, str, str], None],
    missing: MissingConfig,
) -> None:
    read, require = getattr(cls, f"_get{kind}"), getattr(cls, f"_require{kind}")

    def get(self: Any, key: str, *args: Any, **kwargs: Any) -> Any:
        text = cls._get(self, key)
        return made_up(text) if isinstance(text, AssumedText) else soften(read(self, key, *args, **kwargs))

    def required(self: Any, key: str, *args: Any, **kwargs: Any) -> Any:
        found = getattr(self, f"_get{kind}")(key)
        if found is not None:
            return found
        full = self.full_key(key)
        missing.unset.pop(full, None)
        if missing.complete:
            return require(self, key, *args, **kwargs)  # which says what to do about it
        missing.required[full] = bool(args[0] if args else kwargs.get("secret"))
        note("assumed", f"config {full}", "This required value is not set: Pulumi refuses to run until it is.")
        return made_up(AssumedText.of(f"config {full}"))

    if kind:
        setattr(cls, f"_get{kind}", get)
    setattr(cls, f"_require{kind}", required)
