"""A review's binding, as data; `dolmen gate` reads it back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a repository as they lie in the work tree."""

    tree: str
    """The id of Git's tree object for them."""
    contents: str
    """SHA-256 of the same listing by SHA-256 of each file: Git's own id may be a SHA-1, which can be made to collide."""
    uncommitted: tuple[str, ...] = ()
    """Paths that are not as HEAD has them."""


@dataclass(frozen=True, slots=True)
class Tool:
    version: str
    digest: str
    """SHA-256 of the tool's own code and data: two builds of one version differ."""
    knowledge: str
    """SHA-256 of what is known about resource types, which is a part of the above."""
    prices: str
    """The day of the prices."""


@dataclass(frozen=True, slots=True)
class Protections:
    """What stood between the judged program and the verdict."""

    policies: bool
    """False where the review was made with `--no-policies`."""
    fail_on: tuple[str, ...]
    lookups: str | None
    """SHA-256 of the file with the results of lookups."""
    evaluator: tuple[str, ...]
    """Sentences: what held while the program ran."""


@dataclass(frozen=True, slots=True)
class Bound:
    base: str | None
    """The full id of the commit compared with; none for a state file."""
    head: str | None
    """The full id of HEAD."""
    tree: Tree | None
    unbound: str
    """Why there is no tree: a sentence; else empty."""
    folder: str
    """The project's inside the repository, with a slash at its end; empty at its root."""
    tool: Tool
    protections: Protections
