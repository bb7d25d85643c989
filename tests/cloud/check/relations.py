"""What properties demand of each other: which are given, which are known."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping

from tests.cloud.wire import UNKNOWN

Inputs = Mapping[str, object]

_STEP = re.compile(r"[^.\[\]{}]+")


def at(inputs: object, path: str) -> object:
    """The value at a path from the top; None where nothing is given. A list of one upstream is one step."""
    found = inputs
    for name in _STEP.findall(path):
        if isinstance(found, list):
            found = found[0] if found else None
        if not isinstance(found, dict):
            return None
        found = found.get(name)
    return found


def holds_unknown(value: object) -> bool:
    """Whether the value, or anything in it, is not known yet."""
    if isinstance(value, dict):
        return any(holds_unknown(entry) for entry in value.values())
    if isinstance(value, list):
        return any(holds_unknown(entry) for entry in value)
    return value == UNKNOWN


def given(inputs: Inputs, paths: Iterable[str]) -> Iterator[str]:
    """Those paths that have a value, known or not: an empty text counts, null does not."""
    return (path for path in paths if at(inputs, path) is not None)


def given_and_known(inputs: Inputs, paths: Iterable[str]) -> list[str]:
    return [path for path in given(inputs, paths) if at(inputs, path) != UNKNOWN]


def known_before_unknown(inputs: Inputs, paths: Iterable[str]) -> list[str]:
    """Those that are given, up to the first that is not known: there the framework stops asking."""
    asked = itertools.takewhile(lambda path: at(inputs, path) != UNKNOWN, paths)
    return list(given(inputs, asked))


def wholly_known(inputs: Inputs, paths: Iterable[str]) -> list[str]:
    return [path for path in given(inputs, paths) if not holds_unknown(at(inputs, path))]
