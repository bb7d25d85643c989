"""The options that a MongoDB URI may hold, read into types from `options.json`.

An option stands there when PyMongo knows it: what one driver knows and another does not, the other silently leaves out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from dolmen.appenv.definition import definition


class Kind(StrEnum):
    BOOLEAN = "boolean"
    INTEGER = "integer"
    CHOICE = "choice"
    LIST = "list"
    TAGS = "tags"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Demand:
    """The one value that an option may have."""

    equals: str | None
    """Nothing where the option may not be there at all."""
    required: bool
    remote: bool
    """Demanded only of servers that are not on the developer's own machine."""
    rule: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Option:
    name: str
    kind: Kind
    values: tuple[str, ...]
    minimum: int
    maximum: int
    bytes: int | None
    srv: bool
    """Only a mongodb+srv:// URI may hold it."""
    repeats: bool
    demand: Demand | None


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A way to log in, with what it needs: `True` must be there, `False` must not, `None` either."""

    name: str
    user: bool | None
    password: bool | None
    auth_source: str
    tls: bool
    properties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """`name`, `name=value` or `name!=value`: an option that is there, with that value, or with any other."""

    name: str
    value: str | None
    equal: bool

    def __str__(self) -> str:
        return self.name if self.value is None or not self.equal else f"{self.name}={self.value}"


@dataclass(frozen=True, slots=True)
class Catalog:
    options: Mapping[str, Option]
    """By name in lower case."""
    conflicts: tuple[tuple[Condition, Condition], ...]
    tls_checks: Mapping[str, tuple[str, str]]
    """Names under which one driver alone knows that TLS is not checked, without case and punctuation: name and driver."""
    mechanisms: Mapping[str, Mechanism]


def plain(name: str) -> str:
    """A name without case and punctuation: `TLS_INSECURE` is meant as `tlsInsecure`."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


@cache
def catalog() -> Catalog:
    data = json.loads(Path(__file__).with_name("options.json").read_text(encoding="utf-8"))
    return Catalog(
        options={entry["name"].lower(): _option(entry) for entry in data["options"]},
        conflicts=tuple(
            (_condition(one), _condition(other))
            for entry in data["conflicts"]
            for one in entry["any"]
            for other in entry["with"]
        ),
        tls_checks={plain(name): (name, entry["driver"]) for entry in data["tlsChecks"] for name in entry["names"]},
        mechanisms={entry["name"]: _mechanism(entry) for entry in data["mechanisms"]},
    )


def _option(entry: Mapping[str, Any]) -> Option:
    """An option has its own limits, or those of the variable that says the same."""
    variable = definition().by_name()[entry["limits"]] if "limits" in entry else None
    demand = entry.get("demand")
    return Option(
        name=entry["name"],
        kind=Kind(entry["kind"]),
        values=tuple(entry.get("values", ())),
        minimum=(variable.minimum if variable else entry.get("minimum")) or 0,
        maximum=(variable.maximum if variable else entry.get("maximum")) or 0,
        bytes=entry.get("bytes"),
        srv=entry.get("srv", False),
        repeats=entry.get("repeats", False),
        demand=Demand(
            demand["equals"],
            demand.get("required", False),
            demand.get("remote", False),
            demand["rule"],
            demand["remedy"],
        )
        if demand
        else None,
    )


def _mechanism(entry: Mapping[str, Any]) -> Mechanism:
    return Mechanism(
        name=entry["name"],
        user=entry.get("user"),
        password=entry.get("password"),
        auth_source=entry["authSource"],
        tls=entry.get("tls", False),
        properties=tuple(entry.get("properties", ())),
    )


def _condition(text: str) -> Condition:
    name, operator, value = re.fullmatch(r"(\w+)(!?=|)(.*)", text).groups()  # pyright: ignore[reportOptionalMemberAccess]
    return Condition(name, value if operator else None, operator != "!=")
