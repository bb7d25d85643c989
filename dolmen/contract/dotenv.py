"""A `.env` file as the usual libraries read it: `NAME=value`, `export`, quotes, comments.

What the libraries disagree on (a value over several lines, `${NAME}` inside a value) is a problem, not a guess. No
problem ever holds a value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dolmen.stackfile import Problem

_LINE = re.compile(r"\s*(?:export\s+)?(?P<name>[^=\s]+)\s*=(?P<value>.*)", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Entry:
    value: str
    line: int | None = None
    """Where the variable stands; nothing for a variable of the running process."""
    column: int | None = None

    def __repr__(self) -> str:
        return f"Entry(value=[not shown], line={self.line})"


def parse(text: str) -> tuple[dict[str, Entry], list[Problem]]:
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
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
        value, wrong = _value(found["value"].strip())
        if wrong:
            problems.append(Problem((name,), *wrong, line=number, column=column))
        elif name in entries:
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
        entries[name] = Entry(value, number, column)
    return entries, problems


def _value(text: str) -> tuple[str, tuple[str, str] | None]:
    if text[:1] in ("'", '"'):
        quote = text[0]
        end = text.find(quote, 1)
        while quote == '"' and end > 0 and text[end - 1] == "\\":
            end = text.find(quote, end + 1)
        if end < 0:
            return "", (
                "A quoted value ends on its own line.",
                f"Close it with {quote}, or write \\n for a line break.",
            )
        rest = text[end + 1 :].strip()
        if rest and not rest.startswith("#"):
            return "", ("Nothing but a comment follows a quoted value.", "Quote the whole value, or none of it.")
        inner = text[1:end]
        return (inner.replace('\\"', '"').replace("\\n", "\n") if quote == '"' else inner), None
    return re.split(r"\s#", text, maxsplit=1)[0].rstrip(), None
