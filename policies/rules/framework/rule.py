"""How a rule is declared: a function with the id of its entry in the catalogue.

A rule of a resource gets one resource of its types, and yields a sentence for each violation. A rule of a stack gets
the whole stack, and yields the resource that the sentence is about, too. Sentences never quote a value that may be
secret.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .resources import Resource, Stack

Tables = Callable[[str], Any]


@dataclass(frozen=True)
class Settings:
    """What the configuration says about a rule, over what the catalogue says."""

    values: Callable[[str, str], Any]
    tables: Tables
    """The catalogue's tables of facts, by name."""

    def number(self, name: str, resource: Resource) -> float:
        return float(self.values(name, resource.tier))

    def text(self, name: str, resource: Resource) -> str:
        return str(self.values(name, resource.tier))


ResourceRule = Callable[[Resource, Settings], Iterator[str]]
StackRule = Callable[[Stack, Settings], Iterator[tuple[Resource, str]]]


@dataclass(frozen=True)
class Rule:
    id: str
    types: frozenset[str]
    """Of the resources that it judges; empty for a rule of the whole stack, and `*` for every resource."""
    on_resource: ResourceRule | None = None
    on_stack: StackRule | None = None


RULES: dict[str, Rule] = {}


def resource_rule(identifier: str, *types: str) -> Callable[[ResourceRule], ResourceRule]:
    def register(function: ResourceRule) -> ResourceRule:
        _register(Rule(identifier, frozenset(types), on_resource=function))
        return function

    return register


def stack_rule(identifier: str) -> Callable[[StackRule], StackRule]:
    def register(function: StackRule) -> StackRule:
        _register(Rule(identifier, frozenset(), on_stack=function))
        return function

    return register


def _register(rule: Rule) -> None:
    if rule.id in RULES:
        raise ValueError(f"two rules are called {rule.id}")
    RULES[rule.id] = rule


Overrides = Mapping[str, Any]
