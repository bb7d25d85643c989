"""A `.env` file as the usual libraries read it: `NAME=value`, `export`, quotes, comments.

A quoted value may go on over several lines. What the libraries disagree on (a variable that is set twice) is a problem,
not a guess. No problem ever holds a value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dolmen.stackfile import Problem

MOST_LINES = 200
"""Lines of one quoted value: a private key has some sixty."""
_LINE = re.compile(r"\s*(?:export\s+)?(?P<name>[^=\s]+)\s*=(?P<value>.*)", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Entry:
    value: str
    line: int | None = None
    """Where the variable stands; nothing for a variable of the running process."""
    column: int | None = None
    readable: bool = True
    """False where the line itself is wrong, which is said already."""

    def __repr__(self) -> str:
        return f"Entry(value=[not shown], line={self.line})"


def parse(text: str) -> tuple[dict[str, Entry], list[Problem]]:
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    lines = re.split(r"\r\n|\n|\r", text.removeprefix("\ufeff"))
    after = 0
    for number, line in enumerate(lines, start=1):
        if number <= after or not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        if found is None or not _NAME.fullmatch(found["name"]):
            problems.append(
                Problem(
                    (),
                    "A line of an environment file is NAME=value, a comment or empty, and a name has letters, digits and "
                    "underscores.",
                    "Correct the line; its content is not shown, since it may be secret.",
                    line=number,
                    column=1,
                )
            )
            continue
        name, column = found["name"], found.start("name") + 1
        written, more = _whole(found["value"].strip(), lines[number : number + MOST_LINES])
        after = number + more
        value, wrong = _value(written.rstrip())
        if name in entries:
            problems.append(
                Problem(
                    (name,),
                    f"The variable is set twice (first in line {entries[name].line}), and libraries differ on which counts.",
                    "Remove one of the two lines.",
                    line=number,
                    column=column,
                )
            )
            continue
        if wrong:
            problems.append(Problem((name,), *wrong, line=number, column=column))
        entries[name] = Entry(value, number, column, readable=not wrong)
    return entries, problems


def _closing(text: str) -> int:
    """Where the quote that a value begins with closes; -1 where it does not."""
    end = text.find(text[0], 1)
    while text[0] == '"' and end > 0 and text[end - 1] == "\\":
        end = text.find(text[0], end + 1)
    return end


def _whole(text: str, following: Sequence[str]) -> tuple[str, int]:
    """A quoted value with the lines up to its closing quote, and how many they are; none where it never closes."""
    if text[:1] not in ("'", '"'):
        return text, 0
    whole = text
    for more, line in enumerate(["", *following]):
        whole = f"{whole}\n{line}" if more else whole
        if _closing(whole) > 0:
            return whole, more
    return text, 0


def _value(text: str) -> tuple[str, tuple[str, str] | None]:
    if text[:1] in ("'", '"'):
        quote, end = text[0], _closing(text)
        if end < 0:
            return "", ("A value that begins with a quote ends with one.", f"Close it with {quote}.")
        rest = text[end + 1 :].strip()
        if rest and not rest.startswith("#"):
            return "", ("Nothing but a comment follows a quoted value.", "Quote the whole value, or none of it.")
        inner = text[1:end]
        return (inner.replace('\\"', '"').replace("\\n", "\n") if quote == '"' else inner), None
    return re.split(r"\s#", text, maxsplit=1)[0].rstrip(), None
