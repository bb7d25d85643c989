"""Finds resources that leave under one URN and come under another: moved, renamed or put elsewhere without an alias.

The engine pairs by URN and alias alone (`dolmen.review.diff.matching`), so it would create the one and delete the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dolmen.engine.plan import Resource
from dolmen.engine.urns import STACK_TYPE
from dolmen.knowledge.object_names import object_name
from dolmen.review.diff.identity import same_object
from dolmen.review.diff.matching import Matches, inherited
from dolmen.review.diff.values import comparison, equal


@dataclass(frozen=True, slots=True)
class Move:
    old: Resource
    new: Resource
    one_object: bool
    """Whether both name the same object of the cloud; else the new one is another of the same kind."""
    alias: str
    """The code that keeps it."""


def moves(gone: Sequence[Resource], made: Sequence[Resource], matches: Matches) -> Mapping[str, Move]:
    """New URN → move, of what a cloud holds. Providers only say how a cloud is reached, so they do not move."""
    candidates = {one.urn: one for one in gone if not one.read and not one.type.startswith("pulumi:")}
    search = _Search(candidates, [one for one in made if not one.type.startswith("pulumi:")], matches)
    for new in search.made:
        old = search.partner(new)
        if old is not None:
            search.old_of[new.urn] = candidates.pop(old.urn)
    return {
        new.urn: Move(old, new, same_object(old, new, search.same) is True, search.alias(new))
        for new in search.made
        if new.custom and (old := search.old_of.get(new.urn)) is not None
    }


@dataclass(slots=True)
class _Search:
    gone: dict[str, Resource]
    """What has no partner yet."""
    made: Sequence[Resource]
    """In the order of registration, so that a parent comes before its children."""
    matches: Matches
    old_of: dict[str, Resource] = field(default_factory=dict[str, Resource])

    def same(self, old_urn: str, new_urn: str) -> bool:
        moved = self.old_of.get(new_urn)
        return moved.urn == old_urn if moved is not None else self.matches.same(old_urn, new_urn)

    def partner(self, new: Resource) -> Resource | None:
        moved_parent = self.old_of.get(new.parent or "")
        if moved_parent is not None and new.parent is not None:
            inside = self.gone.get(inherited(new.urn, new.name, new.parent, moved_parent.urn))
            if inside is not None and (not new.custom or self._alike(inside, new)):
                return inside
        if not new.custom:
            return self._component(new)
        named = [one for one in self._of_type(new) if same_object(one, new, self.same)]
        return named[0] if named else self._nameless(new)

    def _of_type(self, new: Resource) -> list[Resource]:
        return [one for one in self.gone.values() if one.custom and one.type == new.type]

    def _alike(self, old: Resource, new: Resource) -> bool:
        one = same_object(old, new, self.same) if old.type == new.type else False
        return self._equal(old, new) if one is None else one

    def _equal(self, old: Resource, new: Resource) -> bool:
        return equal(dict(old.inputs), dict(new.inputs), comparison(new.type, self.same))

    def _nameless(self, new: Resource) -> Resource | None:
        """One of the same name elsewhere, or under the same parent the only one that reads alike."""
        olds = [one for one in self._of_type(new) if same_object(one, new, self.same) is None]
        named = [one for one in olds if one.name == new.name]
        if len(named) == 1:
            return named[0]
        alike = [one for one in olds if self._beside(one, new) and _says(one) and self._equal(one, new)]
        rivals = [one for one in self.made if self._rival(one, new)]
        if len(alike) != 1 or len(rivals) != 1 or self._others_leave(alike[0]):
            return None
        return alike[0]

    def _rival(self, one: Resource, new: Resource) -> bool:
        """Whether another new resource reads the same, so that nobody knows which of them it was."""
        return (
            one.type == new.type and one.parent == new.parent and one.urn not in self.old_of and self._equal(one, new)
        )

    def _others_leave(self, old: Resource) -> bool:
        """Whether an object with a name of its own leaves beside it: then it goes with that one, and is no other's."""
        return any(one.parent == old.parent and object_name(one.type) is not None for one in self.gone.values())

    def _beside(self, old: Resource, new: Resource) -> bool:
        if old.parent is None or new.parent is None:
            return _top(old.parent) and _top(new.parent)
        return self.same(old.parent, new.parent)

    def _component(self, new: Resource) -> Resource | None:
        olds = [one for one in self.gone.values() if not one.custom and (one.name == new.name or one.type == new.type)]
        scored = [(self._evidence(one, new), one) for one in olds]
        best = max(scored, key=lambda pair: pair[0], default=None)
        return best[1] if best is not None and best[0] > 0 else None

    def _evidence(self, old: Resource, new: Resource) -> int:
        """How many children of a component read alike; 0 where their names say that they are others."""
        named = alike = other = 0
        for child in self.made:
            before = (
                self.gone.get(inherited(child.urn, child.name, new.urn, old.urn)) if child.parent == new.urn else None
            )
            if before is None:
                continue
            if not child.custom:
                alike += self._evidence(before, child)
                continue
            answer = same_object(before, child)
            named += answer is True
            other += answer is False
            alike += answer is None and before.type == child.type
        return 100 * named + alike if named or not other else 0

    def alias(self, new: Resource) -> str:
        """What to write at the outermost of what moved; what is inside it follows."""
        everything = {one.urn: one for one in self.made}
        root = new
        while root.parent in self.old_of and root.parent in everything:
            root = everything[root.parent]
        old = self.old_of[root.urn]
        parts = [f'name="{old.name}"'] if old.name != root.name else []
        parts += [f'type_="{old.type}"'] if old.type != root.type else []
        if not self._beside(old, root):
            above = "pulumi.ROOT_STACK_RESOURCE" if _top(old.parent) else f'"{old.parent}"'
            parts.append(f"parent={above}")
        code = f"aliases=[pulumi.Alias({', '.join(parts)})]" if parts else f'aliases=["{old.urn}"]'
        where = f"{root.type.rsplit(':', 1)[-1]} `{root.name}`"
        return f"Write `opts=pulumi.ResourceOptions({code})` at {where}."


def _top(parent: str | None) -> bool:
    return parent is None or f"::{STACK_TYPE}::" in parent


def _says(resource: Resource) -> bool:
    """Whether it has any input: two resources without one have nothing in common that means anything."""
    return any(value is not None for value in resource.inputs.values())
