"""What a Check refuses, in words that can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FailureKind = Literal[
    "missing-required",
    "unknown-property",
    "wrong-type",
    "not-settable",
    "conflicts",
    "requires-other",
    "too-many-of",
    "none-of",
    "not-in-enum",
    "out-of-range",
    "bad-length",
    "bad-format",
    "wrong-number-of-items",
]


@dataclass(frozen=True)
class CheckFailure:
    """One thing that a provider's Check refuses."""

    property: str
    """Where, as the provider says it: `a.b[0].c`; below a set only the set's own path."""
    kind: FailureKind
    reason: str
