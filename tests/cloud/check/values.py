"""What is demanded of a single known value: members, ranges, lengths, patterns, formats."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from tests.cloud.check.failures import FailureKind
from tests.cloud.check.formats import FORMATS, KINDS
from tests.cloud.check.rules import ValueRules

Complaint = tuple[FailureKind, str]


def complaints(rules: ValueRules, value: object) -> list[Complaint]:
    """Everything that is wrong with a converted value; with `alternatives`, nothing unless all are."""
    if any(_same(value, accepted) for accepted in rules.also_accepted):
        return []
    demands = list(_demands(rules, value))
    found = [complaint for complaint in demands if complaint is not None]
    return [] if rules.alternatives and None in demands else found


def _demands(rules: ValueRules, value: object) -> Iterator[Complaint | None]:
    """Each demand's complaint, or None where the value meets it."""
    if rules.members:
        known = any(_same(value, member, ignoring_case=rules.ignores_case) for member in rules.members)
        yield None if known else ("not-in-enum", f"expected one of {list(rules.members)}, got {value!r}")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        yield from _of_number(rules, value)
    if isinstance(value, str):
        yield from _of_text(rules, value)


def _same(value: object, member: object, *, ignoring_case: bool = False) -> bool:
    if isinstance(value, bool) or isinstance(member, bool):
        return value is member
    if ignoring_case and isinstance(value, str) and isinstance(member, str):
        return value.lower() == member.lower()
    return value == member


def _of_number(rules: ValueRules, value: float) -> Iterator[Complaint | None]:
    low, high = rules.minimum, rules.maximum
    if low is not None or high is not None:
        inside = (low is None or value >= low) and (high is None or value <= high)
        yield None if inside else ("out-of-range", f"expected {low} to {high}, got {value}")
    if rules.divisible_by:
        fits = value % rules.divisible_by == 0
        yield None if fits else ("out-of-range", f"expected a multiple of {rules.divisible_by}, got {value}")
    if "notZero" in rules.formats:
        yield None if value != 0 else ("out-of-range", "expected anything but 0")


def _of_text(rules: ValueRules, value: str) -> Iterator[Complaint | None]:
    low, high, length = rules.min_length, rules.max_length, len(value.encode())
    if low is not None or high is not None:
        inside = (low is None or length >= low) and (high is None or length <= high)
        yield None if inside else ("bad-length", f"expected {low} to {high} bytes, got {length}")
    for pattern in rules.patterns:
        yield None if _compiled(pattern).search(value) else ("bad-format", f"expected {pattern}")
    for pattern in rules.forbidden_patterns:
        yield ("bad-format", f"must not match {pattern}") if _compiled(pattern).search(value) else None
    for word in rules.formats:
        yield None if FORMATS[word](value) else (KINDS.get(word, "bad-format"), f"expected {word}, got {value!r}")


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern as Go reads it: ASCII classes, `$` only at the very end, classes of Unicode (taken as any sign)."""
    spelled = re.sub(r"\[(\\p\{\w+\})+\]", ".", pattern)
    return re.compile(re.sub(r"(?<!\\)\$", r"\\Z", spelled), re.ASCII)
