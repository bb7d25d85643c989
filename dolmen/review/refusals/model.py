"""What a provider refuses before it asks its cloud."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
    OUTPUT_AS_TEXT = "output-as-text"
    """The text that the SDK gives for an output whose value it does not have."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One rule of a provider that a resource's inputs break. Holds no secret."""

    path: str
    """In the inputs: `notifications[0].intervalMin`."""
    kind: RefusalKind
    rule: str
    """What the provider asks for: a sentence's end, such as `it takes text, and an object is given`."""
    remedy: str = ""

    @property
    def message(self) -> str:
        return f"{self.path}: {self.rule}."
