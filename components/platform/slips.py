"""Slips of the hand that mean something else than they say: a key without a value, a key one letter off, a lost name.

Each is one mistake. What a rule makes of the file as it stands (a key is missing, nothing is chosen) is its
consequence, which a person who mends the slip never sees again: it is not said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dolmen.stackfile import Document, Problem
from dolmen.stackfile.problems import KeyPath

from ..keys import partition_of
from . import messages
from .model.stack import StackConfig

NO_VALUE = "This key has no value, and whether it is there decides what is made."


@dataclass
class Meant:
    """What a file means to say and does not."""

    paths: set[KeyPath] = field(default_factory=set[KeyPath])
    """Keys that are meant to be there: misspelt, without their value, or with a secret in its place."""
    sections: set[KeyPath] = field(default_factory=set[KeyPath])
    """Sections in which a key stands that nobody knows: what they lack may be what it means."""

    def add(self, path: KeyPath) -> None:
        self.paths.add(path)
        self.sections.add(path[:-1])

    def explains(self, problem: Problem) -> bool:
        """Whether a broken rule may be a slip's consequence."""
        return problem.path in self.paths or (len(problem.path) > 0 and problem.path in self.sections)

    def known(self, parts: Mapping[KeyPath, Any]) -> dict[KeyPath, Any]:
        """The parts of a file of which nothing else is meant, nor of anything in them."""
        return {at: part for at, part in parts.items() if not any(path[: len(at)] == at for path in self.paths)}


def lost_values(values: Any, path: KeyPath = ()) -> Iterator[Problem]:
    """Keys that stand without a value where that is the same as leaving them out."""
    if isinstance(values, Mapping):
        for key, value in values.items():
            place = (*path, key)
            if value is None and messages.stands_for_nothing(StackConfig, place):
                empty = ", such as {}" if messages.takes_an_empty_section(StackConfig, place) else ""
                yield Problem(place, NO_VALUE, f"Give it one{empty}, or remove it.")
            yield from lost_values(value, place)
    elif isinstance(values, list):
        for index, value in enumerate(values):
            yield from lost_values(value, (*path, index))


def dates(values: Mapping[str, object], document: Document | None) -> Iterator[Problem]:
    """Dates without quotes, which reach the program as something else than what stands in the file."""
    if document is None:
        return
    for path in document.texts:
        own = tuple(str(step).removeprefix("dolmen:") if at == 0 else step for at, step in enumerate(path[1:]))
        value = _at(values, own)
        if path[:1] == ("config",) and isinstance(value, str):
            yield Problem(
                own,
                f"A date without quotes is passed on by Pulumi as {value}.",
                f'Quote it: "{messages.WRITTEN}".',
            )


def foreign_arns(values: Mapping[str, object], region: object) -> Iterator[Problem]:
    """ARNs of another partition of AWS than the platform's: nothing there can be reached from here.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html"""
    if not isinstance(region, str):
        return
    home = partition_of(region)
    for path, text in _texts(values, ()):
        scheme, _, rest = text.partition(":")
        partition = rest.partition(":")[0]
        if scheme == "arn" and partition in ("aws", "aws-cn", "aws-us-gov") and partition != home:
            yield Problem(
                path,
                f"This belongs to another partition of AWS: ARNs of {region} begin with arn:{home}.",
                f"Name one of arn:{home}.",
            )


def _texts(values: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(values, str):
        yield path, values
    elif isinstance(values, Mapping):
        items = values.items()
    elif isinstance(values, list):
        items = enumerate(values)
    for step, item in items:
        yield from _texts(item, (*path, step))


def _at(values: Any, path: KeyPath) -> object:
    for step in path:
        try:
            values = values[step]
        except (KeyError, IndexError, TypeError):
            return None
    return values
