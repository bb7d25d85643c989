"""Rules between sections of a stack file.

A rule is a function whose parameters name the sections it reads, as attributes of `StackConfig` (`tier`, `region`,
`network`, `atlas`, `cache`, `applications`, `tags`, `secret_keys`), nested ones with two underscores
(`atlas__cluster`, `atlas__backup`). It yields `Problem`s whose path starts at the stack: `("atlas", "cluster",
"instanceSize")`, in the file's camelCase.

`guards` are those of the stack's tier, which an acceptance on record silences.

A rule runs as soon as all that it names has validated, even where other parts of the file are wrong. An optional
section that is absent is passed as `None`.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from dolmen.stackfile import Problem

from ..asked import ComponentCheck
from .rule import Rule


def all_rules() -> tuple[Rule, ...]:
    from . import atlas, cache, platform, secrets

    return (*platform.RULES, *atlas.RULES, *cache.RULES, *secrets.RULES)


def broken_rules(validated: Mapping[str, object], rules: tuple[Rule, ...] | None = None) -> Iterator[Problem]:
    """`validated` maps each name that a rule may ask for to its value; a rule with an unknown name is skipped."""
    for rule in all_rules() if rules is None else rules:
        names = inspect.signature(rule).parameters
        if all(name in validated for name in names):
            yield from rule(**{name: validated[name] for name in names})


def component_checks() -> tuple[ComponentCheck[Any], ...]:
    """What each component would refuse, in the order of the file."""
    from .. import atlas, cache, secrets

    return (*atlas.CHECKS, *cache.CHECKS, *secrets.CHECKS)
