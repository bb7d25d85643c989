"""What one value must be: member of an enumeration, within a range, of a length, of a format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from dolmen.knowledge.provider_schema import PropertySchema
from dolmen.review.refusals.formats import FORMATS, pattern
from dolmen.review.refusals.model import RefusalKind

_MOST = 12
"""Members of an enumeration that a message lists."""


class BrokenLimit(NamedTuple):
    kind: RefusalKind
    words: str
    """After "it must be"."""


def broken(schema: PropertySchema, value: Any) -> tuple[BrokenLimit, ...]:
    """Limits that a value, converted to the property's type, breaks; none where an alternative suffices."""
    if value in schema.also_accepted:
        return ()
    limits = list(_limits(schema, value))
    failed = [found for found in limits if found is not None]
    if schema.alternatives and len(failed) < len(limits):
        return ()
    return tuple(failed[:1] if schema.alternatives else failed)


def _limits(schema: PropertySchema, value: Any) -> Iterator[BrokenLimit | None]:
    """One entry for each limit of the property; `None` where it is kept."""
    if schema.enum:
        yield None if _member(schema, value) else BrokenLimit(RefusalKind.NOT_IN_ENUM, _one_of(schema))
    if schema.min is not None or schema.max is not None:
        low, high = schema.min, schema.max
        kept = (low is None or value >= low) and (high is None or value <= high)
        yield None if kept else BrokenLimit(RefusalKind.OUT_OF_RANGE, _between(low, high))
    if schema.divisible_by is not None:
        kept = value % schema.divisible_by == 0
        yield None if kept else BrokenLimit(RefusalKind.OUT_OF_RANGE, f"a multiple of {schema.divisible_by}")
    if isinstance(value, str):
        yield from _of_text(schema, value)
    elif "notZero" in schema.format:
        yield None if value else BrokenLimit(RefusalKind.BAD_FORMAT, "another number than 0")


def _of_text(schema: PropertySchema, value: str) -> Iterator[BrokenLimit | None]:
    low, high = schema.min_length, schema.max_length
    if low is not None or high is not None:
        length = len(value.encode("utf-8", "surrogatepass"))  # Go counts bytes
        kept = (low or 0) <= length and (high is None or length <= high)
        yield None if kept else BrokenLimit(RefusalKind.BAD_LENGTH, f"{_between(low, high)} bytes long")
    for written in schema.regex:
        kept = pattern(written).search(value) is not None
        yield None if kept else BrokenLimit(RefusalKind.BAD_FORMAT, f"text that matches `{written}`")
    for written in schema.not_regex:
        kept = pattern(written).search(value) is None
        yield None if kept else BrokenLimit(RefusalKind.BAD_FORMAT, f"text without `{written}`")
    for word in schema.format:
        known = FORMATS[word]
        yield None if known.fits(value) else BrokenLimit(RefusalKind.BAD_FORMAT, known.words)


def _member(schema: PropertySchema, value: Any) -> bool:
    if schema.enum_ignores_case and isinstance(value, str):
        return value.lower() in {str(one).lower() for one in schema.enum}
    return value in schema.enum


def _one_of(schema: PropertySchema) -> str:
    members = [f"`{one}`" for one in schema.enum[:_MOST]]
    more = f" or one of {len(schema.enum) - _MOST} more" if len(schema.enum) > _MOST else ""
    if len(members) == 1:
        return members[0]
    return f"{', '.join(members)}{more}" if more else f"{', '.join(members[:-1])} or {members[-1]}"


def _between(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"at least {low:g}" if low is not None else f"at most {high:g}"
    return f"{low:g}" if low == high else f"between {low:g} and {high:g}"
