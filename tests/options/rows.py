"""Stacks that hold every pair of options, for each tier, door to the cluster and engine of the cache.

An option is a function that changes the settings of a right stack file; `None` leaves them. Which options cannot stand
together is said here in the words of the rule that refuses them, so that every row is a stack that a person may ask for.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product
from pathlib import Path

from covertable import make

from tests.options.options import CONTEXTS, OPTIONS, Context, Settings, fits, options_of

FILE = Path(__file__).with_name("rows.json")


@dataclass(frozen=True)
class Row:
    """One stack: what it is for, and the word chosen of each option."""

    context: Context
    chosen: Mapping[str, str]

    @property
    def name(self) -> str:
        """The same in every process and every run."""
        return "-".join((*self.context, str(rows_of(self.context).index(self))))

    @property
    def settings(self) -> Settings:
        """What its stack file holds below `config`."""
        made = copy.deepcopy(dict(CONTEXTS[self.context]))
        for option, word in self.chosen.items():
            if (change := OPTIONS[option][word]) is not None:
                change(made)
        return made


@cache
def _kept() -> Mapping[str, list[str]]:
    """Context → its rows, each a digit for each option: the place of the chosen word."""
    return json.loads(FILE.read_text(encoding="utf-8"))


@cache
def rows_of(context: Context) -> tuple[Row, ...]:
    """The rows of a context, as `python -m tests.options.rows` wrote them: finding them takes seconds for each."""
    options = options_of(context)
    words = [list(options[name]) for name in options]
    return tuple(
        Row(context, {name: of[int(digit)] for name, of, digit in zip(options, words, digits, strict=True)})
        for digits in _kept()["-".join(context)]
    )


def found_rows(context: Context) -> list[str]:
    """The fewest rows that hold every pair that may stand together."""
    options = options_of(context)
    words = {name: [word for word in options[name] if fits(context, {name: word})] for name in options}
    apart = [
        {"operator": "or", "conditions": [_is_not(one, word), _is_not(other, another)]}
        for one, other in combinations(words, 2)
        for word, another in product(words[one], words[other])
        if not fits(context, {one: word, other: another})
    ]
    places = {name: {word: str(index) for index, word in enumerate(options[name])} for name in options}
    found = make(words, strength=2, constraints=apart)
    return ["".join(places[name][chosen[name]] for name in options) for chosen in found]


def _is_not(option: str, word: str) -> Mapping[str, str]:
    return {"operator": "ne", "left": option, "value": word}


def rows() -> Iterator[Row]:
    """Every row of every context."""
    for context in CONTEXTS:
        yield from rows_of(context)


if __name__ == "__main__":
    FILE.write_text(json.dumps({"-".join(one): found_rows(one) for one in CONTEXTS}, indent=1) + "\n", encoding="utf-8")
