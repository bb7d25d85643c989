"""A KMS key of yours: one spelling for everything that a key encrypts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from dolmen.stackfile import Problem

from ...keys import LONGEST_DELETION_WINDOW_DAYS, SHORTEST_DELETION_WINDOW_DAYS
from .base import Section, for_editors


class KeyChoice(Section):
    """A KMS key of yours, created or adopted: exactly one."""

    create: bool | None = None
    """`true`: create a key, with yearly rotation."""
    adopt: str | None = None
    """The ARN of an existing key in the platform's region. Its policy stays with its owner."""
    deletion_window_days: Annotated[
        int | None, for_editors(minimum=SHORTEST_DELETION_WINDOW_DAYS, maximum=LONGEST_DELETION_WINDOW_DAYS)
    ] = None
    """Days in which a deletion of the created key can be undone, 7 to 30. Default: 30."""

    def problems(self) -> Iterator[Problem]:
        if (self.create is True) == (self.adopt is not None):
            yield Problem(
                (), "A key is either created or adopted: exactly one.", "Write create: true or adopt: <ARN of the key>."
            )
        elif self.adopt is not None and self.deletion_window_days is not None:
            yield Problem(
                ("deletionWindowDays",),
                "How long a deletion of an adopted key can be undone is its owner's choice.",
                "Remove deletionWindowDays, or write create: true.",
            )
