"""One hostile pull request: what it does, and what the review has to say."""

from __future__ import annotations

from dataclasses import dataclass

from tests.review.hostile.repositories import Change, Tree


def nothing(tree: Tree) -> None:
    """Changes nothing."""


@dataclass(frozen=True)
class Case:
    name: str
    """What the author tries, as a sentence."""
    change: Change
    words: tuple[str, ...] = ()
    """That the review says, in its report or on standard error."""
    code: int = 1
    before: Change = nothing
    """What the base has beside the usual files."""
    fail_on: tuple[str, ...] = ("data-loss",)
    arguments: tuple[str, ...] = ()
    stacks: tuple[str, ...] = ()
    """That are asked for; all by default."""
    base: str = "main"
    never: tuple[str, ...] = ("Traceback", "nothing changes in")
    """That it does not say."""
    first: str = ""
    """That the first line of the report says."""
