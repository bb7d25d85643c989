"""Sums a resource up in one line, from its inputs and the `summary` of its type (`dolmen.knowledge`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from dolmen.engine.plan import Placeholder, Resource, Secret, Unknown, Value
from dolmen.knowledge.loader import type_knowledge
from dolmen.review.diff.paths import parse
from dolmen.review.diff.values import MISSING, at

_FIELD = re.compile(r"\{(?P<path>[^}:|]+)(?:\|(?P<digits>\d+))?(?::(?P<words>[^}]*))?\}")
MANY = 3
"""From how many of one type on they are counted, where the type says what several are called."""


def fragments(resource: Resource) -> list[str]:
    """What matters of the resource; empty for a type that has no summary."""
    found = (_filled(fragment, resource.inputs) for fragment in type_knowledge(resource.type).summary or ())
    return [text for text in found if text is not None]


def of_all(resources: Sequence[Resource]) -> list[str]:
    """What matters of several resources together: many of one type are counted, in the place of the first."""
    numbers = Counter(resource.type for resource in resources)
    told: dict[str, None] = {}
    for resource in resources:
        many = type_knowledge(resource.type).many
        if many and numbers[resource.type] >= MANY:
            told[f"{numbers[resource.type]} {many}"] = None
        else:
            told |= dict.fromkeys(fragments(resource))
    return list(told)


def _filled(fragment: str, inputs: Mapping[str, Value]) -> str | None:
    missing = False

    def fill(match: re.Match[str]) -> str:
        nonlocal missing
        value = at(inputs, parse(match["path"]))
        if value is MISSING:
            missing = True
            return ""
        text = plain(value)
        if match["words"]:
            text = dict(pair.split("=", 1) for pair in match["words"].split(",")).get(text, text)
        return text.zfill(int(match["digits"])) if match["digits"] else text

    text = _FIELD.sub(fill, fragment)
    return None if missing else text


def plain(value: Value) -> str:
    """A value as one short piece of text."""
    match value:
        case bool():
            return str(value).lower()
        case Unknown() | Secret() | Placeholder():
            return str(value)
        case float() if value.is_integer():
            return str(int(value))
        case list():
            return ", ".join(plain(item) for item in value)
        case dict():
            return "{…}"
        case _:
            return str(value)
