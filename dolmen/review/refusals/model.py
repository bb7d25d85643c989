"""What a provider refuses before it asks its cloud."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from dolmen.engine.plan import Position


class Moment(StrEnum):
    """When a provider says it."""

    ALWAYS = "always"
    """At every preview."""
    CREATION = "creation"
    """At the preview of a creation; what exists already may stay as it is."""
    APPLY = "apply"
    """At apply, when a value is known for which the preview waits: it is decided whatever the value is."""


class RefusalKind(StrEnum):
    MISSING_REQUIRED = "missing-required"
    UNKNOWN_PROPERTY = "unknown-property"
    WRONG_TYPE = "wrong-type"
    NOT_SETTABLE = "not-settable"
    CONFLICTS = "conflicts"
    REQUIRES_OTHER = "requires-other"
    TOO_MANY_OF = "too-many-of"
    NONE_OF = "none-of"
    NOT_IN_ENUM = "not-in-enum"
    OUT_OF_RANGE = "out-of-range"
    BAD_LENGTH = "bad-length"
    BAD_FORMAT = "bad-format"
    WRONG_NUMBER_OF_ITEMS = "wrong-number-of-items"
    COMBINATION = "combination"
    """Of values that a provider compares when it plans, each of them allowed."""
    MISSING_AT_CREATION = "missing-at-creation"
    UPDATE_ONLY = "update-only"
    IGNORED = "ignored"
    """Not refused: a name that the provider does not know and reads over."""
    OUTPUT_AS_TEXT = "output-as-text"
    """The text that the SDK gives for an output whose value it does not have."""


class Refusal(NamedTuple):
    """One rule of a provider that a resource's inputs break. Holds no secret."""

    path: str
    """In the inputs: `notifications[0].intervalMin`."""
    kind: RefusalKind
    rule: str
    """What the provider asks for: a sentence's end, such as `it takes text, and an object is given`."""
    remedy: str = ""
    moment: Moment = Moment.ALWAYS
    position: Position | None = None
    """The program's line, where it is not the one that registers the resource."""

    @property
    def message(self) -> str:
        return f"{self.path}: {self.rule}."
