"""Identifiers that stand as numbers: YAML drops a leading zero, reads octal digits, rounds what is long.

`052812345678` is 52812345678, `010` is 8, and `500000000000000000000001` is 5e+23 (https://yaml.org/type/int.html,
https://yaml.org/type/float.html). Where an id is meant, none of these is what was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from dolmen.stackfile.document import Document
from dolmen.stackfile.problems import KeyPath, Problem

_NAMES = re.compile(
    r"(?:.*(?:[a-z0-9_-])(?:Ids?|IDs?|Accounts?|Numbers?))|(?:.*_)?(?:ids?|accounts?|account_?numbers?)|arns?|orgs?|organizations?"
)
"""Keys under which an id is meant: `allowedAccountIds`, `organizationId`, `vpc_id`, `accounts`."""
_EXACT = re.compile(r"0|-?[1-9][0-9]{0,17}")
"""Numbers that read as they are written."""


def lost_identifiers(document: Document) -> Iterator[Problem]:
    """A problem for each id that is read as another number than what stands in the file."""
    for path, written in document.texts.items():
        if path[:1] != ("config",) or not names_identifier(path) or not isinstance(_at(document, path), int | float):
            continue
        if isinstance(_at(document, path), bool) or _EXACT.fullmatch(written):
            continue
        place = document.place(path)
        problem = Problem(
            path[1:],
            "An id is text: as a number it loses its zeros or digits.",
            f'Write it in quotes: "{written}".',
            written,
        )
        yield problem.at(*place) if place else problem


def names_identifier(path: KeyPath) -> bool:
    """Whether the last name of a key path says that an id is meant."""
    names = [step for step in path if isinstance(step, str) and step not in ("value", "default")]
    return bool(names) and _NAMES.fullmatch(names[-1].rpartition(":")[2]) is not None


def _at(document: Document, path: KeyPath) -> object:
    value: Any = document.values
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value
