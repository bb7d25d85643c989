"""Guards of a tier: what a policy stops on a resource, said where the stack file asks for it.

A guard has its policy's id and words (`data/guards.json`, which `make tables` writes from the policies), and what accepts
the one for the resource, an entry in the register, accepts the other. It holds in production; what a policy stops in
every tier, it refuses in every tier. In between the plan is made, and the policy speaks there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypedDict

from dolmen.stackfile import Acceptance, Problem
from dolmen.stackfile.accepted import FILE, acceptance_of
from dolmen.stackfile.problems import KeyPath

WORDS = Path(__file__).parents[1] / "data" / "guards.json"
POLICIES = (
    "atlas-tier",
    "atlas-javascript",
    "atlas-private-connectivity",
    "atlas-backup",
    "atlas-continuous-backup",
    "atlas-retain-backups",
    "atlas-default-alerts",
    "atlas-alert-coverage",
    "atlas-data-explorer",
    "elasticache-multi-az",
    "elasticache-backup",
    "elasticache-final-snapshot",
    "elasticache-burstable-nodes",
    "elasticache-reserved-memory",
    "elasticache-alarms",
    "elasticache-logs",
    "elasticache-node-quota",
    "secretsmanager-recovery",
    "secretsmanager-full-recovery",
)
"""The policies that a stack file can be seen to break; the others are seen on resources alone."""


class Words(TypedDict):
    """What a policy says, the tiers in which its guard holds, and its settings: name → tier → value."""

    title: str
    remedy: str
    tiers: list[str]
    settings: dict[str, dict[str, float | str]]


@dataclass(frozen=True)
class Guards:
    """The guards of one stack, and what is accepted there."""

    tier: str
    platform: str
    """The platform's name, with which the names of its resources begin."""
    stack: str
    acceptances: tuple[Acceptance, ...]
    today: date

    def broken(self, policy: str, role: str, path: KeyPath) -> Iterator[Problem]:
        """The problem at `path`, unless the guard does not hold in this tier or the policy is accepted for the resource.

        `role`: the resource's name after the platform's; `*` at its end stands for several resources.
        """
        words = _words()[policy]
        if self.tier not in words["tiers"]:
            return
        resource = f"{self.platform}-{role}"
        found = acceptance_of(self.acceptances, policy, self.stack, resource.removesuffix("*"), self.today)
        if found is not None and found.counts(self.today):
            return
        over = f" It was accepted until {found.until} ({found.place})." if found is not None else ""
        remedy = f"{words['remedy']} Or accept it on record, in {FILE}: what: {policy}, resource: {resource}.{over}"
        yield Problem(path, words["title"], remedy)

    def number(self, policy: str, setting: str) -> float:
        """A policy's setting in this tier."""
        return float(_words()[policy]["settings"][setting][self.tier])

    def text(self, policy: str, setting: str) -> str:
        return str(_words()[policy]["settings"][setting][self.tier])


@cache
def _words() -> Mapping[str, Words]:
    words: dict[str, Words] = json.loads(WORDS.read_text(encoding="utf-8"))
    return words
