"""Describes an evaluation of a project's stacks, for any interpreter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dolmen.engine.kept.trees import Tree
from dolmen.engine.lookups import Lookups
from dolmen.engine.plan import Note
from dolmen.engine.project import Project
from dolmen.stackfile import Acceptance


@dataclass(frozen=True, slots=True)
class Request:
    """What to evaluate, and within which limits."""

    project: Project
    stacks: tuple[str, ...]
    key: bytes
    """Keys the fingerprints of secrets."""
    jobs: int | None
    """Stacks evaluated at once; `None`: one for each processor."""
    timeout: float
    """Seconds that a program may take."""
    lookups: Lookups
    organization: str
    observers: Mapping[str, str]
    """Name → `module:function`. They run in a process that never runs anything of the program."""
    own_observers: Mapping[str, str] = field(default_factory=dict[str, str])
    """Those that need the program's own project: they run in its process, and it can forge what they say."""
    notes: tuple[Note, ...] = ()
    """To be added to every plan."""
    copy_of: tuple[str, str] | None = None
    """The folder of a copy in which the project lies, and the folder that it is a copy of.

    Values name the latter, and an asset that the copy lacks is no failure: Git keeps no builds.
    """
    judged_by: str | None = None
    """The folder whose policy pack judges; `None`: the project's own."""
    acceptances: tuple[Acceptance, ...] | None = None
    """What is accepted on record; `None`: what the project's own register says."""
    passed: tuple[str, ...] = ()
    """Names of the environment's variables that the program sees, besides those that every program does."""
    distrusted: str = ""
    """Why the project's own interpreter is not run; nothing where it is."""
    keep: bool = False
    """Whether plans are kept, and kept ones are taken."""
    tree: Tree | None = None
    """What the project's tree holds, where that is known without a look."""
    judges: Tree | None = None
    """The same of the tree that `judged_by` is part of."""
