"""Names that resources on Terraform's newer kit, the framework, read over: what they should set is silently lost.

The SDK lets them through wherever a dictionary stands for an argument class. Resources on the older kit refuse them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from dolmen.knowledge.provider_schema import TypeSchema, type_schema
from dolmen.review.refusals import values
from dolmen.review.refusals.judge import nearest
from dolmen.review.refusals.model import Refusal, RefusalKind


def ignored(type: str, inputs: Mapping[str, Any], sdk: str) -> tuple[Refusal, ...]:
    """Names without effect, at any depth; none where the SDK that the program uses may know them."""
    schema = type_schema(type)
    if schema is None or schema.schema != "framework" or schema.older_than(sdk):
        return ()
    return tuple(dict.fromkeys(_Reader(schema).object("", "", inputs)))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Reader:
    schema: TypeSchema

    def object(self, path: str, at: str, value: Mapping[str, Any]) -> Iterator[Refusal]:
        names = self.schema.children.get(path, frozenset())
        if not names or values.waits(value):
            return  # a map, or an object of which nothing is known
        for name, inner in value.items():
            here = f"{path}.{name}" if path else name
            place = f"{at}.{name}" if at else name
            if name in names:
                yield from self.value(here, place, inner)
            elif not name.startswith("__") and here not in self.schema.additions and values.shown(inner) is not None:
                yield _unknown(place, at, name, names, hide=values.hidden(inner))

    def value(self, path: str, at: str, value: Any) -> Iterator[Refusal]:
        inner = values.opened(value)
        if isinstance(inner, Mapping):
            of_map = self.schema.properties[path].type == "map" if path in self.schema.properties else False
            yield from () if of_map else self.object(path, at, cast("Mapping[str, Any]", inner))
        elif isinstance(inner, list):
            for index, item in enumerate(cast("list[Any]", inner)):
                yield from self.value(f"{path}[*]", f"{at}[{index}]", item)


def _unknown(place: str, at: str, name: str, names: frozenset[str], *, hide: bool) -> Refusal:
    """The keys of a secret object are secret, too."""
    rule = "the provider has no such property and reads over it"
    if hide:
        remedy = f"There are {', '.join(sorted(names))}."
        return Refusal(at or "inputs", RefusalKind.IGNORED, "the provider reads over one of its names", remedy)
    close = nearest(name, names)
    return Refusal(place, RefusalKind.IGNORED, rule, f"Did you mean {close}?" if close else f"Leave {name} out.")
