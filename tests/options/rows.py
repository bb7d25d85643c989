"""Stacks that hold every pair of options, for each tier, door to the cluster and engine of the cache.

An option is a function that changes the settings of a right stack file; `None` leaves them. Which options cannot stand
together is said here in the words of the rule that refuses them, so that every row is a stack that a person may ask for.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product

from covertable import make

from tests.options.options import CONTEXTS, OPTIONS, Context, Settings, fits, options_of


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
def rows_of(context: Context) -> tuple[Row, ...]:
    """The fewest rows that hold every pair that may stand together."""
    options = options_of(context)
    words = {name: [word for word in options[name] if fits(context, {name: word})] for name in options}
    apart = [
        {"operator": "or", "conditions": [_is_not(one, word), _is_not(other, another)]}
        for one, other in combinations(words, 2)
        for word, another in product(words[one], words[other])
        if not fits(context, {one: word, other: another})
    ]
    found = make(words, strength=2, constraints=apart)
    return tuple(Row(context, {name: chosen[name] for name in options}) for chosen in found)


def _is_not(option: str, word: str) -> Mapping[str, str]:
    return {"operator": "ne", "left": option, "value": word}


def rows() -> Iterator[Row]:
    """Every row of every context."""
    for context in CONTEXTS:
        yield from rows_of(context)
