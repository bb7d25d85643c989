"""Says in one clause what the programs ran in."""

from __future__ import annotations

from collections.abc import Iterator

from dolmen.engine.closed.model import Protection
from dolmen.engine.surroundings import Surroundings

NO_CREDENTIALS = "no credentials used"


def clauses(surroundings: Surroundings | None) -> tuple[str, ...]:
    """What is certain, what did not hold and what was passed in; nothing where no program ran."""
    return tuple(_clauses(surroundings)) if surroundings is not None else ()


def clause(surroundings: Surroundings | None, *, short: bool = False) -> str:
    """All of that, to be put behind other things: with a comma before it."""
    found = "; ".join(clauses(surroundings))
    return f", {found.replace(NO_CREDENTIALS, 'no credentials') if short else found}" if found else ""


def _clauses(surroundings: Surroundings) -> Iterator[str]:
    if surroundings.without_credentials:
        yield NO_CREDENTIALS
    missing = surroundings.missing
    held = [one.value for one in Protection if one not in missing]
    if len(held) < len(missing):
        yield f"closed in: {', '.join(held)} alone" if held else "not closed in"
    elif missing:
        yield f"not closed in: {', '.join(missing)}"
    if surroundings.passed:
        yield f"given: {', '.join(surroundings.passed)}"
