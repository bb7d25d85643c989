"""Rules between the secrets section and others."""

from __future__ import annotations

from stacks.rules import Rule

RULES: tuple[Rule, ...] = ()
