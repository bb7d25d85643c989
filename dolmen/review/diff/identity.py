"""Whether two resources are one object in the cloud, by the inputs that tell its objects apart."""

from __future__ import annotations

from collections.abc import Callable

from dolmen.engine.plan import Resource
from dolmen.knowledge.object_names import object_name
from dolmen.review.diff.values import equal, is_unknown

_NOT_ONE_VALUE = ("pulumi:pulumi:StackReference",)
"""What gives many values of one kind: that two come from it says nothing."""


def same_object(old: Resource, new: Resource, same_urn: Callable[[str, str], bool] = str.__eq__) -> bool | None:
    """`None` where the type's objects have no name, or the program gives none."""
    name = object_name(old.type)
    if name is None or old.type != new.type or any(side.inputs.get(name.by[0]) is None for side in (old, new)):
        return None
    return all(_agree(path, old, new, same_urn) for path in (*name.by, "region"))


def _agree(path: str, old: Resource, new: Resource, same_urn: Callable[[str, str], bool]) -> bool:
    before, after = old.inputs.get(path), new.inputs.get(path)
    if not is_unknown(before) or not is_unknown(after):
        return equal(before, after)
    olds, news = (side.property_dependencies.get(path, ()) for side in (old, new))
    if any(f"::{kind}::" in urn for kind in _NOT_ONE_VALUE for urn in (*olds, *news)):
        return False
    return bool(olds) and len(olds) == len(news) and all(any(same_urn(a, b) for b in news) for a in olds)
