"""Spells what is made up in letters alone, for as long as a program runs.

A mark `‹label›` is no ASCII: a program that encodes, quotes or cuts a text would break it, or lose it. So a program
sees a stand-in for each, of nineteen letters, which JSON, URL quoting, `encode("ascii")`, host names and a change of
case leave as they are. What leaves the evaluation has the marks again.
"""

from __future__ import annotations

import hashlib
import re

LEFT, RIGHT = "‹", "›"
MARK = re.compile(f"{LEFT}([^{LEFT}{RIGHT}]*){RIGHT}")
PREFIX = "assumed"
_LETTERS = "abcdefghijklmnop"
_LENGTH = 12
_FEWEST = 4
"""Letters behind the prefix by which a stand-in that was cut is still recognised."""
SHORTEST = len(PREFIX) + _FEWEST
STAND_IN = re.compile(f"{PREFIX}[{_LETTERS[0]}-{_LETTERS[-1]}]{{{_FEWEST},{_LENGTH}}}", re.IGNORECASE)

_labels: dict[str, str] = {}
"""Stand-in → label. A process evaluates one program."""


def mark(label: str) -> str:
    """The text by which a plan shows what it cannot know."""
    return f"{LEFT}{label}{RIGHT}"


def stand_in(label: str) -> str:
    """The letters that stand for `label`: always the same for the same label."""
    label = shown(label).replace(LEFT, "").replace(RIGHT, "")
    digest = hashlib.sha256(label.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]
    made = PREFIX + "".join(_LETTERS[int(digit, 16)] for digit in digest)
    _labels[made] = label
    return made


def label_in(text: str) -> str | None:
    """The label of the first stand-in in a text, if it holds any."""
    for found in STAND_IN.finditer(text) if _labels else ():
        if (label := _label(found.group())) is not None:
            return label
    return None


def spans(text: str) -> list[tuple[int, int]]:
    """Where a text holds stand-ins."""
    return [found.span() for found in STAND_IN.finditer(text) if _label(found.group()) is not None]


def holds(text: str) -> bool:
    return label_in(text) is not None


def stands(text: str) -> bool:
    """Whether a text is a stand-in and nothing else."""
    return STAND_IN.fullmatch(text) is not None and holds(text)


def hidden(text: str) -> str:
    """The text with a stand-in for each mark: what a program gets to see."""
    return MARK.sub(lambda found: stand_in(found.group(1)), text) if LEFT in text else text


def shown(text: str) -> str:
    """The text with a mark for each stand-in: what leaves the evaluation."""
    return STAND_IN.sub(_mark, text) if _labels and may_hold(text) else text


def may_hold(text: str) -> bool:
    """A quick look, which says yes too often."""
    return len(text) >= SHORTEST and PREFIX in text.lower()


def minted() -> bool:
    """Whether anything was made up at all."""
    return bool(_labels)


def _mark(found: re.Match[str]) -> str:
    """What was made of it, a text in capitals or a part, is another value."""
    written = found.group()
    label = _label(written)
    if label is None:
        return written
    cut = "" if len(written) == len(PREFIX) + _LENGTH else ", cut"
    capitals = "" if written.islower() else ", in capitals" if written.isupper() else ", with capitals"
    return mark(f"{label}{capitals}{cut}")


def _label(written: str) -> str | None:
    key = written.lower()
    if key in _labels:
        return _labels[key]
    if len(key) >= len(PREFIX) + _LENGTH:
        return None
    whole = [label for name, label in _labels.items() if name.startswith(key)]
    return whole[0] if len(whole) == 1 else None
