"""What a provider filled in (`__defaults`), and whether it is known to do that."""

from __future__ import annotations

from typing import Any, cast

from dolmen.knowledge.provider_schema import type_schema
from dolmen.review.diff.paths import Path
from dolmen.review.effects.same import ANY_ITEM, child
from dolmen.review.json_files import filled


def filled_in(value: Any, path: Path = ()) -> dict[Path, Any]:
    """Path → what the provider chose there, at every depth."""
    found: dict[Path, Any] = {}
    if isinstance(value, list):
        for index, item in enumerate(cast("list[Any]", value)):
            found |= filled_in(item, (*path, index))
    elif isinstance(value, dict):
        written = cast("dict[str, Any]", value)
        chosen = filled(written)
        for name, one in written.items():
            found |= {(*path, name): one} if name in chosen else filled_in(one, (*path, name))
    return found


def is_default(type: str, path: Path) -> bool:
    """Whether the provider is known to fill this in.

    A region, a made-up name, a default, a computed value.
    """
    if path == ("region",):
        return True
    schema = type_schema(type)
    if schema is None:
        return False
    where = ""
    for step in path:
        where = where + ANY_ITEM if isinstance(step, int) else child(schema, where, step)
    one = schema.properties.get(where)
    return one is not None and (one.computed or one.autonamed or one.default is not None)
