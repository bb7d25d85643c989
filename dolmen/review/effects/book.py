"""Reads the rules (`rules/`) and the facts beneath them (`facts/`) into plain, checked data.

What is written wrongly in a data file raises at once and names the place: a rule that silently does nothing would make
a report say "safe" where it should not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from dolmen.review.data import load_yaml
from dolmen.review.effects.model import Data, EffectKind, Source

Range = tuple[int, int] | None

_FOREVER = 10**9
"""Seconds; stands for "until somebody undoes it"."""

EFFECTS: Mapping[str, EffectKind | None] = {
    "in place": EffectKind.IN_PLACE,
    "failover": EffectKind.IN_PLACE_FAILOVER,
    "rolling": EffectKind.ROLLING,
    "waits": EffectKind.MAINTENANCE_WINDOW,
    "replaced": None,
    "does nothing": EffectKind.DOES_NOTHING,
    "fails at preview": EffectKind.FAILS_AT_PREVIEW,
    "fails at apply": EffectKind.FAILS_AT_APPLY,
    "wrong object": EffectKind.WRONG_OBJECT,
    "unknown": EffectKind.UNKNOWN,
}
"""`replaced` has no kind of its own: the order decides between two."""

_CHANGES = ("added", "removed", "raised", "lowered", "turned on", "turned off", "reordered", "may change")
_RULE_KEYS = {"when", "effect", "why", "downtime", "data", "note", "safe", "source", "deferrable", "renews outputs"}
_TYPE_KEYS = {"called", "weight", "replaced", "deleted", "waits unless", "delete first", "properties"}
_WHEN_KEYS = {"change", "from", "to", "now", "was", "also", "not also"}


class WrongRuleError(ValueError):
    """A data file of this package is written wrongly."""


@dataclass(frozen=True, slots=True)
class When:
    """All conditions of a rule; each has to hold."""

    changes: tuple[str, ...] = ()
    old: tuple[Any, ...] | None = None
    new: tuple[Any, ...] | None = None
    now: Mapping[str, tuple[Any, ...]] = field(default_factory=dict[str, tuple[Any, ...]])
    was: Mapping[str, tuple[Any, ...]] = field(default_factory=dict[str, tuple[Any, ...]])
    also: tuple[str, ...] = ()
    not_also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    kind: EffectKind | None
    """`None`: replaced."""
    why: str
    when: When = field(default_factory=When)
    downtime: Range = (0, 0)
    data: Data | None = None
    note: str = ""
    safe: str = ""
    source: Source | None = None
    deferrable: bool = False
    renews_outputs: bool = False


@dataclass(frozen=True, slots=True)
class Replacement:
    """What replacing costs, by order."""

    create_first: Range = None
    delete_first: Range = None
    data: Data = Data.UNKNOWN
    note: str = ""
    why: str = ""
    safe: str = ""
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class TypeRules:
    called: str = ""
    weight: int = 0
    """Which of two equally bad effects a reader must see first."""
    name_property: str | None = None
    """A name that the program sets makes the provider delete first."""
    delete_first: bool = False
    regional: bool = False
    waits_unless: str | None = None
    replacement: Replacement = field(default_factory=Replacement)
    deleted: tuple[Rule, ...] = ()
    properties: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict[str, tuple[Rule, ...]])
    described: bool = False
    """Whether people wrote rules for it, beyond the facts of its properties."""


@cache
def book() -> Mapping[str, TypeRules]:
    """Type token → its rules."""
    here = resources.files("dolmen.review.effects")
    found: dict[str, TypeRules] = {}
    for file in _data_files(here / "facts"):
        found |= dict(_facts(file))
    for file in _data_files(here / "rules"):
        for token, rules in _rules(file):
            below = found.get(token, TypeRules())
            found[token] = TypeRules(
                rules.called,
                rules.weight,
                below.name_property,
                rules.delete_first,
                below.regional,
                rules.waits_unless,
                rules.replacement,
                rules.deleted,
                {**below.properties, **rules.properties},
                described=True,
            )
    return found


def _data_files(folder: Traversable) -> list[Traversable]:
    return sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)


# ---- facts

WHY_REPLACES = "The provider replaces the resource for a change of this property."
_FACT_LISTS: Mapping[str, tuple[EffectKind | None, str]] = {
    "replaces": (None, WHY_REPLACES),
    "fails at preview": (
        EffectKind.FAILS_AT_PREVIEW,
        "The provider refuses a change of this property, so the preview fails.",
    ),
    "fails at apply": (EffectKind.FAILS_AT_APPLY, "The preview shows an update, but the provider's update fails."),
    "writes to the old object": (
        EffectKind.WRONG_OBJECT,
        "The provider's update goes to the object that the old value names; nothing is replaced and nothing is reported.",
    ),
    "writes to another object": (
        EffectKind.WRONG_OBJECT,
        "The provider's update goes to the object that the new value names; what the old value names is left behind.",
    ),
    "does nothing": (EffectKind.DOES_NOTHING, "The preview shows an update, but the provider changes nothing."),
    "in place": (EffectKind.IN_PLACE, "The provider updates the resource in place."),
}


def _facts(file: Traversable) -> Iterator[tuple[str, TypeRules]]:
    content: dict[str, Any] = load_yaml(file)
    source = Source(content["source"], str(content["date"]))
    for token, facts in content["types"].items():
        properties: dict[str, tuple[Rule, ...]] = {}
        for name, (kind, why) in _FACT_LISTS.items():
            for path in facts.get(name, ()):
                properties[path] = (Rule(kind, why, source=source),)
        for path in facts.get("replaces if set", ()):
            properties[path] = (
                Rule(EffectKind.IN_PLACE, "The first value is set in place.", When(("added",)), source=source),
                Rule(None, "Once set, a change of this property replaces the resource.", source=source),
            )
        regional = bool(facts.get("regional"))
        if regional:
            why = "A resource stays in its region, so another region means another resource."
            properties["region"] = (Rule(None, why, source=source),)
        yield token, TypeRules(name_property=facts.get("name"), regional=regional, properties=properties)


# ---- rules


def _rules(file: Traversable) -> Iterator[tuple[str, TypeRules]]:
    content: dict[str, Any] = load_yaml(file)
    sources = {name: Source(text, str(content["date"])) for name, text in content["sources"].items()}
    for token, written in content["types"].items():
        place = f"{file.name}: {token}"
        _known(written, _TYPE_KEYS, place)
        yield (
            token,
            TypeRules(
                called=written.get("called", ""),
                weight=int(written.get("weight", 1)),
                delete_first=bool(written.get("delete first")),
                waits_unless=written.get("waits unless"),
                replacement=_replacement(written.get("replaced", {}), sources, place),
                deleted=tuple(
                    _rule(one, sources, f"{place} deleted", EffectKind.DELETED) for one in written.get("deleted", ())
                ),
                properties={
                    path: tuple(_rule(one, sources, f"{place}.{path}") for one in rules)
                    for path, rules in written.get("properties", {}).items()
                },
            ),
        )


def _rule(
    written: Mapping[str, Any], sources: Mapping[str, Source], place: str, default: EffectKind | None = None
) -> Rule:
    _known(written, _RULE_KEYS, place)
    kind = default
    if "effect" in written:
        if written["effect"] not in EFFECTS:
            raise WrongRuleError(f"{place}: no effect is called {written['effect']!r}")
        kind = EFFECTS[written["effect"]]
    elif default is None:
        raise WrongRuleError(f"{place}: a rule without an effect")
    return Rule(
        kind,
        _required(written, "why", place),
        _when(written.get("when", {}), place),
        seconds(str(written.get("downtime", "0s")), place),
        Data(written["data"]) if "data" in written else None,
        written.get("note", ""),
        written.get("safe", ""),
        _source(written, sources, place),
        bool(written.get("deferrable")),
        bool(written.get("renews outputs")),
    )


def _replacement(written: Mapping[str, Any], sources: Mapping[str, Source], place: str) -> Replacement:
    if not written:
        return Replacement()
    _known(written, {"downtime", "data", "note", "why", "safe", "source"}, place)
    downtime = written.get("downtime", {})
    return Replacement(
        seconds(str(downtime.get("create first", "unknown")), place),
        seconds(str(downtime.get("delete first", "unknown")), place),
        Data(written.get("data", "unknown")),
        written.get("note", ""),
        written.get("why", ""),
        written.get("safe", ""),
        _source(written, sources, place),
    )


def _when(written: Any, place: str) -> When:
    if isinstance(written, str):
        return When(_change_names([written], place))
    if isinstance(written, list):
        return When(_change_names(written, place))
    _known(written, _WHEN_KEYS, place)
    return When(
        _change_names(_listed(written.get("change", [])), place),
        tuple(_listed(written["from"])) if "from" in written else None,
        tuple(_listed(written["to"])) if "to" in written else None,
        {path: tuple(_listed(value)) for path, value in written.get("now", {}).items()},
        {path: tuple(_listed(value)) for path, value in written.get("was", {}).items()},
        tuple(written.get("also", ())),
        tuple(written.get("not also", ())),
    )


def _change_names(names: list[Any], place: str) -> tuple[str, ...]:
    for name in names:
        if name not in _CHANGES:
            raise WrongRuleError(f"{place}: no change is called {name!r}")
    return tuple(names)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _source(written: Mapping[str, Any], sources: Mapping[str, Source], place: str) -> Source:
    name = _required(written, "source", place)
    if name not in sources:
        raise WrongRuleError(f"{place}: no source is called {name!r}")
    return sources[name]


def _required(written: Mapping[str, Any], key: str, place: str) -> str:
    if not written.get(key):
        raise WrongRuleError(f"{place}: `{key}` is missing")
    return str(written[key])


def _known(written: Mapping[str, Any], keys: set[str], place: str) -> None:
    if surplus := set(written) - keys:
        raise WrongRuleError(f"{place}: unknown keys {sorted(surplus)}")


_RANGE = re.compile(r"(\d+)(s|m|h)?(?:-(\d+)(s|m|h))?\Z")
_UNITS = {"s": 1, "m": 60, "h": 3600}


def seconds(text: str, place: str = "") -> Range:
    """`12-20m` → (720, 1200); `unknown` → `None`; `until undone` → for ever."""
    if text == "unknown":
        return None
    if text == "until undone":
        return (0, _FOREVER)
    found = _RANGE.match(text)
    if found is None:
        raise WrongRuleError(f"{place}: not a time: {text!r}")
    low, low_unit, high, high_unit = found.groups()
    unit = _UNITS[low_unit or high_unit or "s"]
    least = int(low) * unit
    return (least, int(high) * _UNITS[high_unit] if high else least)


def endless(downtime: Range) -> bool:
    return downtime is not None and downtime[1] >= _FOREVER
