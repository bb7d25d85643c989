"""Whether a previewed value is the reviewed one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, cast

from dolmen.engine.masking import MASK
from dolmen.engine.plan import Asset, Placeholder, Secret, Unknown
from dolmen.engine.plan_values import marked
from dolmen.engine.stand_ins import MARK
from dolmen.knowledge.provider_schema import TypeSchema, type_schema
from dolmen.review.diff.paths import Path, pattern
from dolmen.review.diff.values import MISSING, comparison, frozen, has_unknown
from dolmen.review.effects.same import ANY_ITEM, child, same
from dolmen.review.formats.parts.review_json import digest
from dolmen.review.gate.reading import Large

_NOT_SAID = re.compile(rf"{MARK.pattern}|{re.escape(MASK)}")
"""Parts of a reviewed text that the review does not know: assumed, or secret."""


class Match(Enum):
    EQUAL = "equal"
    LEFT_OPEN = "left open"
    """The review does not know the value."""
    HIDDEN = "hidden"
    """The review knows it, and the preview does not show it."""
    DIFFERENT = "different"

    @property
    def stops(self) -> bool:
        return self in (Match.DIFFERENT, Match.HIDDEN)


def matches(type: str, path: Path, reviewed: Any, actual: Any) -> Iterator[tuple[Path, Match]]:
    """How each single value at and below a path agrees.

    What the provider takes as one is equal.
    """
    found = list(_matches(path, reviewed, actual))
    different = [where for where, match in found if match is Match.DIFFERENT]
    if different and one_for_the_provider(type, path, reviewed, actual):
        found = [(where, Match.EQUAL if match is Match.DIFFERENT else match) for where, match in found]
    yield from found


def _matches(path: Path, reviewed: Any, actual: Any) -> Iterator[tuple[Path, Match]]:
    reviewed, actual = (MISSING if side is None else side for side in (reviewed, actual))
    if isinstance(reviewed, Unknown | Placeholder | Secret):
        yield path, _unknown_to_the_review(reviewed, actual)
    elif isinstance(reviewed, Large):
        yield path, _large(reviewed, actual)
    elif isinstance(actual, Unknown | Secret):
        yield path, Match.LEFT_OPEN if isinstance(reviewed, str) and MASK in reviewed else Match.HIDDEN
    elif isinstance(reviewed, Mapping) and isinstance(actual, Mapping):
        ours, theirs = cast("Mapping[str, Any]", reviewed), cast("Mapping[str, Any]", actual)
        for name in dict.fromkeys((*ours, *theirs)):
            yield from _matches((*path, name), ours.get(name, MISSING), theirs.get(name, MISSING))
    elif isinstance(reviewed, list) and isinstance(actual, list):
        yield from _lists(path, cast("list[Any]", reviewed), cast("list[Any]", actual))
    else:
        yield path, _single(reviewed, actual)


def _lists(path: Path, reviewed: list[Any], actual: list[Any]) -> Iterator[tuple[Path, Match]]:
    if len(reviewed) != len(actual):
        yield path, Match.DIFFERENT
        return
    for index, (ours, theirs) in enumerate(zip(reviewed, actual, strict=True)):
        yield from _matches((*path, index), ours, theirs)


def _unknown_to_the_review(reviewed: Any, actual: Any) -> Match:
    if isinstance(reviewed, Secret):
        return Match.DIFFERENT if actual is MISSING else Match.LEFT_OPEN
    return Match.EQUAL if isinstance(reviewed, Unknown) and isinstance(actual, Unknown) else Match.LEFT_OPEN


def _large(reviewed: Large, actual: Any) -> Match:
    if reviewed.digest is None:
        return Match.LEFT_OPEN
    if actual is not MISSING and has_unknown(actual):
        return Match.HIDDEN
    written = MISSING if actual is MISSING else marked(_whole_numbers(actual))
    return Match.EQUAL if written is not MISSING and digest(written) == reviewed.digest else Match.DIFFERENT


def _single(reviewed: Any, actual: Any) -> Match:
    if isinstance(reviewed, str) and _NOT_SAID.search(reviewed):
        return Match.LEFT_OPEN if _fits(reviewed, actual) else Match.DIFFERENT
    if isinstance(reviewed, Asset) and isinstance(actual, Asset):
        return _assets(reviewed, actual)
    if frozen(reviewed) == frozen(actual) or _text(reviewed) == _text(actual) is not None:
        return Match.EQUAL
    documents = [_document(side) for side in (reviewed, actual)]
    return Match.EQUAL if None not in documents and documents[0] == documents[1] else Match.DIFFERENT


def _fits(reviewed: str, actual: Any) -> bool:
    """Whether a text fits one that holds assumed parts, as in `arn:aws:iam::‹account›:role/reader`."""
    if not isinstance(actual, str):
        return False
    first, *between, last = _NOT_SAID.sub("\0", reviewed).split("\0")
    if not actual.startswith(first) or len(actual) < len(first) + len(last) or not actual.endswith(last):
        return False
    at, end = len(first), len(actual) - len(last)
    for part in between:  # part by part: a pattern of many of them could take for ever
        found = actual.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _assets(reviewed: Asset, actual: Asset) -> Match:
    if reviewed.fingerprint and actual.fingerprint:
        return Match.EQUAL if reviewed.fingerprint == actual.fingerprint else Match.DIFFERENT
    return Match.LEFT_OPEN if reviewed.kind == actual.kind else Match.DIFFERENT


def _text(value: Any) -> str | None:
    """A single value as text, as providers spell it: "3", "true"."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, int | float | str) else None


def _document(value: Any) -> Any:
    if not isinstance(value, str) or value[:1] not in ("{", "["):
        return None
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _whole_numbers(value: Any) -> Any:
    """Numbers as a plan has them: 3 where a preview may write 3.0."""
    if isinstance(value, Mapping):
        return {name: _whole_numbers(one) for name, one in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, list):
        return [_whole_numbers(one) for one in cast("list[Any]", value)]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def one_for_the_provider(type: str, path: Path, reviewed: Any, actual: Any) -> bool:
    if any(isinstance(side, Large) or has_unknown(side) for side in (reviewed, actual)):
        return False
    unordered = comparison(type).lists.get(pattern(path))
    if unordered is not None and unordered.ordered is False and isinstance(reviewed, list) and isinstance(actual, list):
        items = [sorted(map(repr, map(frozen, cast("list[Any]", side)))) for side in (reviewed, actual)]
        if items[0] == items[1]:
            return True
    schema = type_schema(type)
    return schema is not None and same(schema, _in_schema(schema, path), reviewed, actual)


def _in_schema(schema: TypeSchema, path: Path) -> str:
    where = ""
    for step in path:
        where = where + ANY_ITEM if isinstance(step, int) else child(schema, where, step)
    return where
