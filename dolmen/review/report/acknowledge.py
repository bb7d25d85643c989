"""`stacks/acknowledged.yaml`: dangerous changes that are merged on purpose and on record.

```yaml
acknowledged:
  - environment: production
    resource: chat-prod-cache          # a resource's name, or its URN
    effect: data-loss                  # or downtime, replacement, unknown, failure
    reason: the cache is a copy; agreed in the change board of 20 November
    expires: 2026-12-31                # the last day on which it counts
```
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from dolmen.engine.plan import Position
from dolmen.review.diff.changes import ResourceChange
from dolmen.review.effects.harm import HARMS, Harm, harms
from dolmen.review.report.findings import Enforcement, Finding, FindingKind, Severity
from dolmen.stackfile import Document, Problem, StackFileError, read

FILE = "acknowledged.yaml"
_KEYS = ("environment", "resource", "effect", "reason", "expires")


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    environment: str
    resource: str
    effect: Harm
    reason: str
    expires: datetime.date
    position: Position

    def covers(self, environment: str, change: ResourceChange) -> bool:
        return environment == self.environment and self.resource in (change.name, change.urn)


def load(path: Path, name: str) -> tuple[Acknowledgement, ...]:
    """The entries of a file. Raises `StackFileError` with every problem at once; an absent file has no entries."""
    if not path.exists():
        return ()
    document = read(path, name)
    problems: list[Problem] = []
    entries = document.values.get("acknowledged", [])
    if set(document.values) - {"acknowledged"} or not isinstance(entries, list):
        rule = "The file holds one key, `acknowledged`, with a list of entries."
        problems.append(_placed(document, Problem((), rule, "Write `acknowledged:` and a list below it.")))
        entries = []
    found: list[Acknowledgement] = []
    for index, entry in enumerate(cast("list[Any]", entries)):
        wrong = [_placed(document, problem) for problem in _problems(entry, ("acknowledged", index))]
        problems += wrong
        if not wrong:
            found.append(_entry(entry, document, index, name))
    if problems:
        raise StackFileError(name, problems)
    return tuple(found)


def _entry(entry: Mapping[str, Any], document: Document, index: int, name: str) -> Acknowledgement:
    place = document.place(("acknowledged", index))
    return Acknowledgement(
        entry["environment"],
        entry["resource"],
        Harm(entry["effect"]),
        entry["reason"],
        _date(entry["expires"]) or datetime.date.min,
        Position(name, place.line if place else 1),
    )


def _problems(entry: Any, path: tuple[str | int, ...]) -> Iterator[Problem]:
    if not isinstance(entry, dict):
        yield Problem(path, "An entry is a mapping.", f"Write the keys {', '.join(_KEYS)}.")
        return
    values = cast("dict[str, Any]", entry)
    for key in values:
        if key not in _KEYS:
            yield Problem((*path, key), "No entry has this key.", f"Known are {', '.join(_KEYS)}.")
    for key in _KEYS:
        value = values.get(key)
        if key == "expires" and isinstance(value, datetime.date):
            continue
        if not isinstance(value, str) or not value.strip():
            yield Problem((*path, key), f"Every entry has `{key}`, and it is text.", _EXAMPLES[key])
        elif key == "effect" and value not in HARMS:
            yield Problem(
                (*path, key), f"An effect is one of {', '.join(HARMS)}.", "Write the one that you accept.", value
            )
        elif key == "expires" and _date(value) is None:
            yield Problem((*path, key), "The last day is a date.", "Write it as 2026-12-31.", value)


_EXAMPLES = {
    "environment": "Write the stack's name: `production`.",
    "resource": "Write the resource's name as the review shows it, or its URN.",
    "effect": f"Write one of {', '.join(HARMS)}.",
    "reason": "Write why the change is right, and who agreed.",
    "expires": "Write the last day on which the entry counts: `2026-12-31`.",
}


def _placed(document: Document, problem: Problem) -> Problem:
    place = document.place(problem.path) if problem.path else None
    return problem.at(place.line if place else 1, place.column if place else 1)


def _date(value: Any) -> datetime.date | None:
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


# ---- applying them


def findings(
    entries: Sequence[Acknowledgement],
    changes: Mapping[str, Sequence[ResourceChange]],
    today: datetime.date,
) -> Iterator[Finding]:
    """Entries that have expired, and entries that fit no change. `changes`: environment → its changes."""
    for entry in entries:
        fitting = [change for change in changes.get(entry.environment, ()) if entry.covers(entry.environment, change)]
        harmful = [change for change in fitting if entry.effect in harms(change.effects)]
        what = f"{entry.resource} in {entry.environment} ({entry.effect.value})"
        if entry.expires < today:
            yield Finding(
                "acknowledgement-expired",
                "An acknowledgement has expired",
                f"{what} was accepted until {entry.expires.isoformat()}.",
                Severity.MEDIUM if harmful else Severity.LOW,
                Enforcement.ADVISORY,
                FindingKind.ACKNOWLEDGEMENT,
                remedy="Remove the entry, or agree on a new date.",
                position=entry.position,
            )
        elif not harmful:
            yield Finding(
                "acknowledgement-unmatched",
                "An acknowledgement fits no change",
                f"{what} is accepted, but this change does nothing of the kind.",
                Severity.LOW,
                Enforcement.ADVISORY,
                FindingKind.ACKNOWLEDGEMENT,
                remedy="Remove the entry once the change that it was written for is applied.",
                position=entry.position,
            )
