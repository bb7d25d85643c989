"""What lies behind an error of YAML, where the file shows it: the parser notices most slips only lines below them."""

from __future__ import annotations

import re
from typing import Any

from dolmen.stackfile.problems import Place, printable

ANYWHERE = "Check the indentation, colons and quotes around this place."
_CONFLICT = re.compile(r"(<{7}|={7}|>{7}|\|{7})( |$)")
_INDENTATION = re.compile(r"\s*")
_INVISIBLE = re.compile("[\u00a0\u00ad\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]")
_LOOKS_LIKE = {"\uff1a": ":", "\uff0c": ",", "\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'"}
"""Signs that look like those of YAML → the one that was meant."""
_BEGINS_NO_TEXT = "@`%"
_OPENED = ("while scanning a quoted scalar", "while parsing a flow", "while scanning a simple key")
"""Where these begin is the place to look at; what they lack is noticed below it."""


def slip(text: str, error: Any) -> tuple[Place | None, str]:
    """Where the slip stands that a `yaml.MarkedYAMLError` comes from, as far as one sees it, and what to do about it."""
    noticed = error.problem_mark or error.context_mark
    if noticed is None:
        return None, ANYWHERE
    lines = text.splitlines()
    for number, line in enumerate(lines[: noticed.line + 1], 1):
        if _CONFLICT.match(line):
            return Place(number, 1), "This is a conflict that a merge left behind: keep one of the two sides."
    begins = error.context_mark if (error.context or "").startswith(_OPENED) else None
    first = noticed.line if begins is None else begins.line
    for index in range(min(noticed.line, len(lines) - 1), max(first - 2, -1), -1):
        found = _seen_in(lines[index])
        if found is not None:
            column, remedy = found
            return Place(index + 1, column + 1), remedy
    place = begins or noticed
    sign = text[noticed.index : noticed.index + 1] if "cannot start any token" in (error.problem or "") else ""
    remedy = f"Quote the text: no text begins with {sign} in YAML." if sign and sign in _BEGINS_NO_TEXT else ANYWHERE
    if remedy == ANYWHERE and "mapping values are not allowed" in (error.problem or ""):
        remedy = "Look at the line above, too: a space belongs behind its colon, and its indentation to what stands around it."
    if place.line >= len(lines):
        place = error.context_mark or place
    return Place(place.line + 1, place.column + 1), remedy


def _seen_in(line: str) -> tuple[int, str] | None:
    """The column of what no person sees or means in a line, and what to do about it."""
    indentation = _INDENTATION.match(line)
    if indentation is not None and "\t" in indentation[0]:
        return indentation[0].index("\t"), "Indent with spaces: YAML takes no tab there."
    invisible = _INVISIBLE.search(line)
    if invisible is not None:
        return (
            invisible.start(),
            f"A character that nobody sees stands here ({printable(invisible[0])}): write a space.",
        )
    for column, sign in enumerate(line):
        if sign in _LOOKS_LIKE:
            return (
                column,
                f"This is {sign}, which only looks like {_LOOKS_LIKE[sign]} to YAML: write {_LOOKS_LIKE[sign]}.",
            )
    return None
