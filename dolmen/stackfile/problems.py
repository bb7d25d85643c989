"""A problem in a file that a person wrote: where, what, which rule, and what to write instead."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

KeyPath = tuple[str | int, ...]

_SENSITIVE = re.compile(
    r"(password|passwd|token|secret|private(?!_?-?(subnet|link|zone))|credential|apikey|servicekey|salt|webhook|uri$|dsn$)",
    re.I,
)
_LOOKS_SECRET = re.compile(
    r"xox[a-z]-.*|gh[pousr]_\w+|AKIA\w{12,}|mdb_sa_sk_.*|sk_(live|test)_\w+|-----BEGIN.*"
    r"|(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9+=_]{20,}",
    re.DOTALL,
)
"""Tokens of well-known services, and long words of mixed letters and digits."""
_LONGEST_VALUE = 60
HIDDEN = "(not shown)"
_UNSHOWN = object()


class Place(NamedTuple):
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule. `rule` says what holds, `remedy` what to write instead; both are whole sentences.

    `path` is relative to whoever raises the problem; `at` and `within` place it in a file. `value` is text for people,
    already safe to show (see `shown`), or `None` when there is nothing to show.
    """

    path: KeyPath
    rule: str
    remedy: str = ""
    value: str | None = None
    line: int | None = None
    column: int | None = None

    def within(self, prefix: KeyPath) -> Problem:
        return Problem((*prefix, *self.path), self.rule, self.remedy, self.value, self.line, self.column)

    def at(self, line: int | None, column: int | None, value: str | None = None) -> Problem:
        return Problem(self.path, self.rule, self.remedy, self.value if value is None else value, line, column)

    @property
    def place(self) -> str:
        return f"{self.line}:{self.column}" if self.line else ""


def _by_place(problem: Problem) -> tuple[bool, int, int]:
    """What has a place comes first: a missing section may be missing because of it."""
    return problem.line is None, problem.line or 0, problem.column or 0


class StackFileError(ValueError):
    """A stack file that cannot be used. Lists every problem; the text is for a terminal of 80 columns or more."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file = file
        self.problems = tuple(sorted(problems, key=_by_place))
        super().__init__(render(file, self.problems))


def key_text(path: KeyPath) -> str:
    """`dolmen:atlas.connectivity.ipAccessList[0]`; keys with dots or spaces are quoted, control characters escaped."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
            continue
        step = printable(step)
        if text and re.search(r"[.\[\]\s]", step):
            text += f'["{step}"]'
        else:
            text += f".{step}" if text else step
    return text


def printable(text: str) -> str:
    """The text without anything that could move a cursor or turn a line around."""
    return "".join(c if c.isprintable() or c == " " else f"\\u{ord(c):04x}" for c in text)


def sensitive(name: str) -> bool:
    """Whether a key's name says that its value is a secret."""
    return _SENSITIVE.search(name) is not None


def shown(path: KeyPath, value: Any = _UNSHOWN) -> str | None:
    """A value as an error may show it: scalars only, short, and never what might be a secret."""
    if value is _UNSHOWN or isinstance(value, dict | list):
        return None
    if value is None:
        return "null"
    if isinstance(value, str) and any(_SENSITIVE.search(str(step)) for step in path):
        return HIDDEN
    if isinstance(value, str) and _LOOKS_SECRET.fullmatch(value):
        return HIDDEN
    text = printable(value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value))
    if isinstance(value, str) and (not text or text != text.strip() or text.isdigit()):
        text = f'"{text}"'
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def render(file: str, problems: Sequence[Problem], width: int = 100) -> str:
    count = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"
    blocks = [f"{printable(file)} has {count}."]
    margin = max((len(p.place) for p in problems), default=0) + 4
    for problem in problems:
        where = key_text(problem.path)
        if problem.value is not None:
            where = f"{where} = {problem.value}" if where else problem.value
        lines = [*([where] if where else []), problem.rule, *([problem.remedy] if problem.remedy else [])]
        wrapped = [
            piece
            for line in lines
            for piece in (textwrap.wrap(_harmless(line), width - margin, break_on_hyphens=False) or [""])
        ]
        first, *rest = wrapped
        blocks.append("\n".join([f"  {problem.place}".ljust(margin) + first, *(" " * margin + line for line in rest)]))
    return "\n\n".join(blocks)


def _harmless(text: str) -> str:
    """Text of whichever check, in which only spaces part words."""
    return printable(re.sub(r"[\t\r\n]+", " ", text))
