"""One line about a resource, from its inputs and `summaries.yaml`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dolmen.engine.plan import Placeholder, Resource, Secret, Unknown, Value

_FIELD = re.compile(r"\{(?P<path>[^}:|]+)(?:\|(?P<digits>\d+))?(?::(?P<words>[^}]*))?\}")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_MISSING = object()


@dataclass(frozen=True)
class _Summary:
    show: tuple[str, ...]
    many: str | None = None


@cache
def _summaries() -> Mapping[str, _Summary]:
    text = Path(__file__).with_name("summaries.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  (safe)
    return {
        kind: _Summary(tuple(entry["show"]), entry["many"]) if isinstance(entry, dict) else _Summary(tuple(entry))
        for kind, entry in loaded.items()
    }


MANY = 3


def fragments(resource: Resource) -> list[str]:
    """What matters of the resource; empty for a type that has no summary."""
    summary = _summaries().get(resource.type)
    found = (_filled(fragment, resource.inputs) for fragment in (summary.show if summary else ()))
    return [text for text in found if text is not None]


def of_all(resources: Sequence[Resource]) -> list[str]:
    """What matters of several resources together: many of one type are counted, in the place of the first."""
    numbers = Counter(resource.type for resource in resources)
    told: dict[str, None] = {}
    for resource in resources:
        summary = _summaries().get(resource.type)
        if summary and summary.many and numbers[resource.type] >= MANY:
            told[f"{numbers[resource.type]} {summary.many}"] = None
        else:
            told |= dict.fromkeys(fragments(resource))
    return list(told)


def has_summary(resource: Resource) -> bool:
    return resource.type in _summaries()


def at(inputs: Any, path: str) -> Any:
    """The value at a path such as `a.b[0].c`; `_MISSING` where there is none."""
    for name, index in _STEP.findall(path):
        try:
            inputs = inputs[name] if name else inputs[int(index)]
        except (KeyError, IndexError, TypeError):
            return _MISSING
    return inputs


def _filled(fragment: str, inputs: Mapping[str, Value]) -> str | None:
    missing = False

    def fill(match: re.Match[str]) -> str:
        nonlocal missing
        value = at(inputs, match["path"])
        if value is _MISSING or value is None:
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
