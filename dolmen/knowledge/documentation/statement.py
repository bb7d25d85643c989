"""What the documentation of one property can say of its change."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Says(Enum):
    REPLACES = "replaces"
    PERHAPS = "perhaps"
    """Under a condition that is not checked here."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Statement:
    says: Says
    sentence: str = ""
    """The words that say so, on one line."""
