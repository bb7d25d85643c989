"""Reads the files of this package into frozen data, each type's when it is first asked for.

What is written wrongly raises `WrongKnowledgeError` and names the place: a misspelt key that silently does nothing would
make a report say "safe" where it should not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, fields
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import yaml

from dolmen.knowledge.effects import (
    Alteration,
    Data,
    DowntimeByOrder,
    EffectRule,
    Effects,
    Outcome,
    Replacement,
    Source,
    When,
    seconds,
)
from dolmen.knowledge.facts import Facts
from dolmen.knowledge.model import ChangeKnowledge, Cost, ListIdentity, TypeKnowledge

T = TypeVar("T")

_HERE = Path(__file__).parent
_TYPES = _HERE / "types"
# Tokens come from the program under review too: nothing that leads out of the folder, nothing too long for a file name.
_TOKEN = re.compile(r"[\w-]{1,80}:[\w-]{1,80}(/[\w-]{1,80})?:\w{1,80}", re.ASCII)
# libyaml's scanner where the machine has it: the same result, several times as fast.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class WrongKnowledgeError(ValueError):
    """A file of this package is written wrongly."""


def load_yaml(name: str) -> dict[str, Any]:
    """A file of this package as plain data."""
    return yaml.load((_HERE / name).read_text("utf-8"), Loader=_LOADER)  # noqa: S506 (a safe loader, as above)


def file_of(token: str) -> Path:
    """Where a type's file belongs: `aws:kms/key:Key` → `aws/kms/key.yaml`, `pulumi:providers:aws` → `pulumi/providers/aws.yaml`."""
    package, module, name = token.split(":")
    return _TYPES / package / f"{module if '/' in module else f'{module}/{name}'}.yaml"


@cache
def type_knowledge(token: str) -> TypeKnowledge:
    """What a type is; nothing but its token where it has no file."""
    first = next(_documents(token), None)
    return TypeKnowledge(token) if first is None else read_type(first, token)


@cache
def change_knowledge(token: str) -> ChangeKnowledge:
    """What a change of a resource of this type does; nothing where the type has no file."""
    second = next(islice(_documents(token), 1, None), None)
    return ChangeKnowledge() if second is None else read_changes(second, token)


def _documents(token: str) -> Iterator[dict[str, Any]]:
    """The two halves of a type's file. A plan asks for the first alone, so that it never pays for the longer second."""
    if _TOKEN.fullmatch(token) and (file := file_of(token)).is_file():
        documents = yaml.load_all(file.read_text("utf-8"), Loader=_LOADER)
        head = next(documents)
        if head.get("type") == token:  # else another class of the module, or a file system that ignores case
            yield head
            yield from documents


def known_types() -> tuple[str, ...]:
    """The tokens of all types that have a file."""
    texts = (file.read_text("utf-8") for file in _TYPES.rglob("*.yaml"))
    return tuple(sorted(text.partition("\n")[0].removeprefix("type: ") for text in texts))


@cache
def identities() -> tuple[str, ...]:
    """Keys that tell the items of any list apart; the first that all of them have."""
    return tuple(load_yaml("general.yaml")["identities"])


@cache
def connection_rule() -> tuple[re.Pattern[str], EffectRule]:
    """The names of properties that carry connections, and what a change of one means where nothing else is known."""
    written = load_yaml("general.yaml")["connections"]
    source = Source(written["source"], str(written["date"]))
    return re.compile(written["names"]), EffectRule(Outcome.IN_PLACE, written["why"], source, downtime=None)


@cache
def shared_sources() -> Mapping[str, Source]:
    """What the files of several types rest on, by name."""
    return _sources(load_yaml("general.yaml")["sources"])


def read_type(written: Mapping[str, Any], token: str) -> TypeKnowledge:
    """The first half of a type's file. Raises `WrongKnowledgeError`."""
    try:
        return _made(TypeKnowledge, written, cost=_cost)
    except ValueError as error:
        raise WrongKnowledgeError(f"{token}: {error}") from error


def read_changes(written: Mapping[str, Any], token: str) -> ChangeKnowledge:
    """The second half of a type's file. Raises `WrongKnowledgeError`."""
    try:
        sources = {**shared_sources(), **_sources(written.get("sources", {}))}
        known = _made(
            ChangeKnowledge,
            {key: value for key, value in written.items() if key != "sources"},
            lists=lambda lists: {path: _list_identity(one) for path, one in lists.items()},
            facts=lambda facts: _made(Facts, facts, source=_named(sources)),
            effects=lambda effects: _effects(effects, _named(sources)),
        )
        if twice := known.facts.properties().keys() & known.effects.properties:
            raise ValueError(f"in facts and in effects, where one statement is enough: {sorted(twice)}")
    except ValueError as error:
        raise WrongKnowledgeError(f"{token}: {error}") from error
    return known


def _effects(written: Mapping[str, Any], source: Callable[[str], Source]) -> Effects:
    def rule(one: Mapping[str, Any]) -> EffectRule:
        return _made(EffectRule, one, effect=Outcome, source=source, when=read_when, downtime=seconds, data=Data)

    def orders(downtime: Mapping[str, Any]) -> DowntimeByOrder:
        return _made(DowntimeByOrder, downtime, create_first=seconds, delete_first=seconds)

    return _made(
        Effects,
        written,
        replaced=lambda one: _made(Replacement, one, downtime=orders, data=Data, source=source),
        created=lambda rules: tuple(rule({"effect": Outcome.CREATED.value, **one}) for one in rules),
        deleted=lambda rules: tuple(rule({"effect": Outcome.DELETED.value, **one}) for one in rules),
        properties=lambda properties: {path: tuple(map(rule, rules)) for path, rules in properties.items()},
        counted_by=lambda paths: {path: str(name) for path, name in paths.items()},
    )


def read_when(written: Any) -> When:
    """The conditions of an effect rule, or of what guards."""
    return _made(
        When,
        written if isinstance(written, Mapping) else {"change": written},
        change=lambda words: tuple(map(Alteration, _listed(words))),
        from_=_values,
        to=_values,
        now=_expected,
        was=_expected,
    )


def _expected(written: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    return {path: _values(value) for path, value in written.items()}


def _values(written: Any) -> tuple[Any, ...]:
    values = _listed(written)
    words = ("below", "at least", "starts with")
    if wrong := [one for one in values if isinstance(one, Mapping) and (len(one) != 1 or next(iter(one)) not in words)]:
        raise ValueError(f"`below`, `at least` or `starts with`, not {wrong}")
    return values


def _listed(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


def _list_identity(written: Any) -> ListIdentity:
    if written == "set":
        return ListIdentity(ordered=False)
    if isinstance(written, list):
        return ListIdentity(keys=tuple(written))
    (word, keys), *more = written.items()
    if word != "set" or more:
        raise ValueError(f"`set`, a list of keys or `{{set: [key, …]}}`, not {written}")
    return ListIdentity(ordered=False, keys=tuple(keys))


def _cost(written: Any) -> Cost:
    if written in ("free", "priced"):
        return Cost(free=written == "free")
    if not isinstance(written, Mapping) or list(written) != ["not priced"]:
        raise ValueError("`free`, `priced`, or `not priced` with items and reasons")
    return Cost(not_priced=dict(written["not priced"]))


def _sources(by_day: Mapping[Any, Mapping[str, str]]) -> dict[str, Source]:
    """Sources by name, written under the day on which they were read."""
    return {name: Source(text, str(day)) for day, group in by_day.items() for name, text in group.items()}


def _named(sources: Mapping[str, Source]) -> Callable[[str], Source]:
    def source(name: str) -> Source:
        if name not in sources:
            raise ValueError(f"no source is called {name!r}; there are {sorted(sources)}")
        return sources[name]

    return source


_PLAIN: Mapping[str, type] = {
    "str": str,
    "bool": bool,
    "int": int,
    "tuple[str, ...]": list,
    "tuple[str, ...] | None": list,
}


def _made(kind: type[T], written: Mapping[str, Any], **read: Callable[[Any], Any]) -> T:
    """A dataclass from a mapping whose keys are its fields, with spaces for underscores."""
    known = _keys(kind)
    if surplus := written.keys() - known:
        raise ValueError(f"unknown keys {sorted(surplus)}; there are {sorted(known)}")
    values: dict[str, Any] = {}
    for key, value in written.items():
        name, plain = known[key].name, _PLAIN.get(str(known[key].type))
        if name not in read and plain is not None and type(value) is not plain:
            raise ValueError(f"{key}: {value!r} is no {plain.__name__}")
        try:
            values[name] = read[name](value) if name in read else tuple(value) if plain is list else value
        except (ValueError, TypeError, AttributeError) as error:
            raise ValueError(f"{key}: {error}") from error
    if missing := [key for key, field in known.items() if not values.get(field.name) and _required(field)]:
        raise ValueError(f"missing: {missing}")
    return kind(**values)


@cache
def _keys(kind: type) -> dict[str, Field[Any]]:
    return {field.name.strip("_").replace("_", " "): field for field in fields(kind)}


def _required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING
