"""Text from a repository, made harmless for every format: nothing invisible, nothing that moves or turns a line."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

LONGEST = 160
"""Characters of one value in a report; the whole value is in the repository."""
_LINE_BREAKS = {"\n": "⏎", "\r": "␍", "\t": "⇥"}
_BREAK = re.compile(r"[ \t]*[\r\n][ \t\r\n]*")
_ADDRESS = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|io)/[A-Za-z0-9_./#%-]*[A-Za-z0-9_/#%-](?=[\s,;)]|\Z)")
_NOT_PLAIN = re.compile(r"[^\n -~]")
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Control, format (bidirectional marks, zero-width characters), surrogates, private, unassigned, line separators."""


def split_address(reference: str) -> tuple[str, str]:
    """An address of the documentation that a reference begins with, without its scheme, and what follows it."""
    found = _ADDRESS.match(reference)
    return (found.group(), reference[found.end() :]) if found else ("", reference)


def visible(text: str) -> str:
    """The text on one line, with everything that cannot be seen written as its code point."""
    return "".join(_visible(character) for character in text) if not _plain(text) else text


def hides(text: str) -> bool:
    """Whether something in it cannot be seen, or moves or turns the text around it."""
    return not _plain(text) and any(unicodedata.category(character) in _HIDDEN for character in text)


def one_line(text: str) -> str:
    """Text that somebody wrote for people in several lines, such as a logged warning: the lines side by side."""
    return visible(_BREAK.sub(" ", text.strip("\r\n")) if "\n" in text or "\r" in text else text)


def visible_lines(text: str) -> str:
    """The same for text of several lines."""
    return "\n".join(visible(line) for line in text.replace("\r\n", "\n").rstrip("\n").split("\n"))


def json_text(document: Any, indent: int) -> str:
    """JSON in which everything that cannot be seen is an escape; a reader gets the very same text."""
    written = json.dumps(document, indent=indent, ensure_ascii=False)
    return _NOT_PLAIN.sub(_json_escape, written)


def _json_escape(found: re.Match[str]) -> str:
    character = found.group()
    return json.dumps(character)[1:-1] if unicodedata.category(character) in _HIDDEN else character


def _plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _visible(character: str) -> str:
    if character in _LINE_BREAKS:
        return _LINE_BREAKS[character]
    category = unicodedata.category(character)
    if category in _HIDDEN:
        return f"‹U+{ord(character):04X}›"
    return " " if category == "Zs" else character


def short(text: str, longest: int = LONGEST) -> str:
    """One line that fits: the middle is left out, because both ends tell values apart."""
    if len(text) > 4 * longest:  # never walk through megabytes
        text = text[: 2 * longest] + text[-2 * longest :]
    text = visible(text)
    if len(text) <= longest:
        return text
    end = longest // 3
    return f"{text[: longest - end - 3]} … {text[-end:]}"
