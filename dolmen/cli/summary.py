"""One line about a resource, from its inputs and `summaries.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dolmen.engine.plan import Placeholder, Resource, Secret, Unknown, Value

_FIELD = re.compile(r"\{(?P<path>[^}:|]+)(?:\|(?P<digits>\d+))?(?::(?P<words>[^}]*))?\}")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_MISSING = object()


@cache
def _summaries() -> Mapping[str, list[str]]:
    text = Path(__file__).with_name("summaries.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  (a safe loader, the fast one)


def fragments(resource: Resource) -> list[str]:
    """What matters of the resource; empty for a type that has no summary."""
    found = (_filled(fragment, resource.inputs) for fragment in _summaries().get(resource.type, ()))
    return [text for text in found if text is not None]


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
