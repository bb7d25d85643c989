"""What a pack is able to stop: its policies and the level of each, compared between the base's pack and the change's."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from dolmen.review.listing import listed
from dolmen.review.policies.model import FOLDER, Level

if TYPE_CHECKING:
    from dolmen.engine.observing import Observation
    from dolmen.review.policies.pack import Pack

OBSERVERS = {"pack": "dolmen.review.policies.levels:observe"}
"""Reads the change's own pack, which judges nothing."""
_STRENGTH = tuple(Level)
_MOST = 6
Levels = Mapping[str, Level]
"""Policy → its strongest level."""


def observe(observation: Observation) -> Levels | None:
    """The levels of the pack in the program's own project; `None` where it cannot be read."""
    from dolmen.review.policies.pack import load

    with contextlib.suppress(Exception, SystemExit), contextlib.chdir(observation.folder):
        return levels(load(observation.folder / FOLDER))
    return None


def levels(pack: Pack) -> Levels:
    found: dict[str, Level] = {}
    for policy in pack.policies:
        level = Level(pack.levels[policy.name].value)
        name = policy_id(policy)
        found[name] = max(found.get(name, Level.DISABLED), level, key=_STRENGTH.index)
    return found


def policy_id(policy: object) -> str:
    """The id by its tag `policy:<id>`, else the policy's own name."""
    tags: list[str] = getattr(policy, "tags", None) or []
    named = (tag.removeprefix("policy:") for tag in tags if tag.startswith("policy:"))
    return next(named, str(getattr(policy, "name", "")))


def differences(base: Levels, head: Levels) -> Iterator[str]:
    """One sentence each for policies that go, that stop no more, that come and that stop more."""
    gone = [name for name in base if name not in head]
    come = [name for name in head if name not in base]
    both = [(name, _STRENGTH.index(base[name]), _STRENGTH.index(head[name])) for name in base if name in head]
    weaker = [f"{name} ({base[name]} → {head[name]})" for name, old, new in both if new < old]
    stronger = [f"{name} ({base[name]} → {head[name]})" for name, old, new in both if new > old]
    for what, names in (("removes", gone), ("weakens", weaker), ("adds", come), ("strengthens", stronger)):
        if names:
            yield f"It {what} {listed([f'`{name}`' for name in sorted(names)], _MOST)}."
