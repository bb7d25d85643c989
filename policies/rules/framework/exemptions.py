"""Exemptions: a broken rule that is accepted on record, for a reason and until a day.

They stand in `policies/exemptions.yaml`, or in Pulumi's own policy configuration under `exemptions` of a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

LONGEST_DAYS = 366
SHORTEST_REASON = 10
_KEYS = {"rule", "resource", "stack", "reason", "until"}


@dataclass(frozen=True)
class Exemption:
    rule: str
    resource: str
    """The resource's name or URN; `*` stands for any characters."""
    stack: str
    reason: str
    until: date
    """The last day on which it counts."""

    def fits(self, rule: str, urn: str, stack: str) -> bool:
        name = urn.rpartition("::")[2]
        return (
            self.rule == rule
            and fnmatchcase(stack, self.stack)
            and (fnmatchcase(name, self.resource) or fnmatchcase(urn, self.resource))
        )

    def expired(self, today: date) -> bool:
        return today > self.until


@dataclass(frozen=True)
class Exemptions:
    entries: tuple[Exemption, ...] = ()
    problems: tuple[str, ...] = ()
    """What is wrong with those that are not taken."""

    def find(self, rule: str, urn: str, stack: str, today: date) -> Exemption | None:
        """The one that counts; an expired one only if there is no other."""
        fitting = [one for one in self.entries if one.fits(rule, urn, stack)]
        return next((one for one in fitting if not one.expired(today)), fitting[0] if fitting else None)


def read_exemptions(path: Path, rules: Iterable[str], today: date) -> Exemptions:
    if not path.exists():
        return Exemptions()
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        return Exemptions(problems=(f"{path.name} cannot be read: {str(error).splitlines()[0]}.",))
    rows = given.get("exemptions") or [] if isinstance(given, Mapping) else None
    if not isinstance(rows, list):
        return Exemptions(problems=(f"{path.name} holds a list under `exemptions`.",))
    return parse_exemptions(rows, set(rules), today)


def parse_exemptions(rows: Iterable[Any], rules: set[str], today: date) -> Exemptions:
    entries: list[Exemption] = []
    problems: list[str] = []
    for number, row in enumerate(rows, start=1):
        found = list(_problems(row, rules, today))
        if found:
            problems += [f"Exemption {number} counts for nothing: {problem}" for problem in found]
        else:
            entries.append(
                Exemption(
                    rule=row["rule"],
                    resource=str(row["resource"]),
                    stack=str(row.get("stack", "*")),
                    reason=" ".join(str(row["reason"]).split()),
                    until=_day(row["until"]) or today,
                )
            )
    return Exemptions(tuple(entries), tuple(problems))


def _problems(row: Any, rules: set[str], today: date) -> Iterator[str]:
    if not isinstance(row, Mapping):
        yield "it names rule, resource, reason and until."
        return
    if unknown := sorted(set(map(str, row)) - _KEYS):
        yield f"it knows no {', '.join(unknown)}."
    if row.get("rule") not in rules:
        yield f"there is no rule {row.get('rule')}."
    if not row.get("resource"):
        yield "it names no resource (`*` for all of them)."
    if len(str(row.get("reason") or "")) < SHORTEST_REASON:
        yield "it gives no reason."
    until = _day(row.get("until"))
    if until is None:
        yield "it has no day on which it ends (until: 2027-01-31)."
    elif until > today + timedelta(days=LONGEST_DAYS):
        yield "it ends more than a year from now: nobody would look at it again."


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
