"""Plan rules that a provider has for one type, beyond its schema: what they look at, and where they are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from tests.cloud.contracts import is_unknown
from tests.cloud.diff.differences import Difference
from tests.cloud.wire import UNKNOWN


@dataclass(frozen=True)
class Look:
    """The old state, the program's new inputs and the plan, as such a rule sees them."""

    state: Mapping[str, Any]
    inputs: Mapping[str, Any]
    planned: Mapping[str, Any]
    optional_computed: frozenset[str] = frozenset()

    def before(self, name: str) -> Any:
        return self.state.get(name)

    def after(self, name: str) -> Any:
        """The planned value; None for one that is not known: an SDK's rule reads such a value as empty."""
        value = self.planned.get(name)
        return None if is_unknown(value) else value

    def given(self, name: str) -> Any:
        """What the program itself says, if it is known."""
        value = self.inputs.get(name)
        return None if is_unknown(value) else value

    def unknown(self, name: str) -> bool:
        return is_unknown(self.planned.get(name))

    def changes(self, name: str) -> bool:
        """Whether a rule sees another value; an unknown one of an optional and computed property is none yet."""
        if name in self.optional_computed and self.unknown(name):
            return False
        return (self.before(name) or None) != (self.after(name) or None)


Refusal = Callable[[Look], Iterator[str]]
Replacement = Callable[[Look], bool]
Ignored = Callable[[Look, Difference], bool]
AnyRule = TypeVar("AnyRule", bound=Callable[..., Any])

REFUSALS: dict[str, Refusal] = {}
"""Type → why a preview fails."""
REPLACEMENTS: dict[str, Replacement] = {}
"""Type → whether it is replaced by a rule of its own; the bridge then names `__meta`, not the property."""
IGNORED: dict[str, Ignored] = {}
"""Type → whether it takes a difference for none."""

KEEP_WHAT_THEY_KNOW: dict[str, frozenset[str]] = {}
"""Framework type → the only properties that are open in a plan that changes something."""


def refuses(token: str) -> Callable[[Refusal], Refusal]:
    return _kept(REFUSALS, token)


def replaces(token: str) -> Callable[[Replacement], Replacement]:
    return _kept(REPLACEMENTS, token)


def ignores(token: str) -> Callable[[Ignored], Ignored]:
    return _kept(IGNORED, token)


def _kept(rules: dict[str, AnyRule], token: str) -> Callable[[AnyRule], AnyRule]:
    def keep(rule: AnyRule) -> AnyRule:
        rules[token] = rule
        return rule

    return keep


def version(text: Any) -> tuple[int, ...]:
    """A version to compare; empty for what is none, or not known."""
    parts = str(text or "").split(".")
    return tuple(int(part) for part in parts if part.isdigit()) if text != UNKNOWN else ()
