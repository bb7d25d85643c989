"""Right URIs after a few random edits: mistakes that nobody chose for a rule of ours."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

FRAGMENTS = (*":/?#[]@%&=;+$,<>{} \"'\\|^`~-_.!*()0aZ", "%40", "%25", "%2F", "%00", "%ff", "&amp;", "//", "\n", "é")
VALUES = ("true", "false", "0", "1", "-1", "100", "1e3", "admin", "%24external", "majority", "secondary", "x:y", "", "a,b", "MONGODB-AWS", "PLAIN", "zlib", "9999999999")  # fmt: skip


def by_chance(seed: int, count: int, right: Sequence[str], options: Sequence[str]) -> Iterator[str]:
    """Right URIs with one to three edits anywhere: characters and options that nobody chose for a rule of ours."""
    chance = random.Random(seed)
    for _ in range(count):
        uri = chance.choice(right)
        for _ in range(chance.randint(1, 3)):
            uri = _edited(uri, chance, options)
        yield uri


def _edited(uri: str, chance: random.Random, options: Sequence[str]) -> str:
    at = chance.randrange(len(uri))
    match chance.randrange(7):
        case 0:
            return uri[:at] + chance.choice(FRAGMENTS) + uri[at:]
        case 1:
            return uri[:at] + uri[at + 1 :]
        case 2:
            return uri[:at] + chance.choice(FRAGMENTS) + uri[at + 1 :]
        case 3:
            return uri[:at] + f"%{ord(uri[at]) % 256:02X}" + uri[at + 1 :]
        case 4:
            end = at + chance.randint(1, 12)
            return uri[:at] + uri[at:end] + uri[at:]
        case 5:
            return uri[:at] + uri[at].swapcase() + uri[at + 1 :]
        case _:
            name = chance.choice(options)
            return f"{uri}&{chance.choice((name, name.lower(), name.upper()))}={chance.choice(VALUES)}"
