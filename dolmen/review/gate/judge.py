"""Both files → a verdict."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any, cast

from dolmen.review.gate.again import of_new_review
from dolmen.review.gate.binding import of_checkout, same_judge
from dolmen.review.gate.deployment import of_deployment
from dolmen.review.gate.errors import GateInputError
from dolmen.review.gate.preview import Preview, read_preview
from dolmen.review.gate.reviewed import Reviewed, is_review, read_review
from dolmen.review.gate.verdict import Findings, Verdict
from dolmen.review.json_files import read_json


def gate(reviewed: Path, second: Path, folder: Path, most: int | None = None) -> Verdict:
    """Whether a preview, or a second review, does no more than a review.

    Raises `GateInputError`.
    """
    first, other = _read(reviewed), _read(second)
    with _as_written():
        before = read_review(first)
        last = read_review(other, "second") if is_review(other) else before
        found, steps = _found(before, read_preview(other) if last is before else last)
        judged = list(same_judge(before, last)) if last is not before else []
        found.more[:0] = [*of_checkout(last, folder, (reviewed, second)), *judged]
        return found.verdict(steps, most)


def compare(reviewed: Mapping[str, Any], second: Mapping[str, Any], most: int | None = None) -> Verdict:
    """The same without a checkout: only what both documents say."""
    with _as_written():
        other = read_review(second, "second") if is_review(second) else read_preview(second)
        found, steps = _found(read_review(reviewed), other)
        return found.verdict(steps, most)


@contextlib.contextmanager
def _as_written() -> Generator[None]:
    try:
        yield
    except (KeyError, TypeError, AttributeError, IndexError, ValueError, RecursionError):
        raise GateInputError("One of the files is not written as Dolmen and Pulumi write them.") from None


def _found(reviewed: Reviewed, second: Reviewed | Preview) -> tuple[Findings, int]:
    incomplete = [f"The review itself is not complete: {text}" for text in reviewed.not_compared]
    if isinstance(second, Reviewed):
        found, steps = of_new_review(reviewed, second)
    else:
        found, steps = of_deployment(reviewed, second)
    found.more[:0] = incomplete
    return found, steps


def _read(path: Path) -> Mapping[str, Any]:
    content = read_json(path, GateInputError)
    if not isinstance(content, dict):
        raise GateInputError(f"{path.name} is not a JSON object.")
    return cast("dict[str, Any]", content)
