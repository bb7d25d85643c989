"""The one definition of the environment: `variables.json`, read into types.

Everything else about the environment is made from it: the stack output, `.env.example`, the ECS fragment, the External
Secrets manifest, the JSON schema, the reference page and the checks.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any


class Tier(StrEnum):
    """What an environment is for; the later ones demand more."""

    DEVELOPMENT = "development"
    STAGING = "staging"
    PRODUCTION = "production"


class Part(StrEnum):
    """What of a platform an application may use; it has the variables of what it does use."""

    DATABASE = "database"
    CACHE = "cache"
    TOKENS = "tokens"


class Type(StrEnum):
    TEXT = "text"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    HOST = "host"
    REGION = "region"
    SECRET_NAME = "secret-name"  # noqa: S105  (a type of variable, not a password)
    CACHE_PASSWORD = "cache-password"  # noqa: S105
    MONGODB_URI = "mongodb-uri"


@dataclass(frozen=True, slots=True)
class Demand:
    """A value that some tiers demand."""

    equals: str
    tiers: frozenset[Tier]
    rule: str
    remedy: str


@dataclass(frozen=True, slots=True)
class SecretKey:
    """A key of the JSON object in one of the application's secrets."""

    secret: str
    key: str


@dataclass(frozen=True, slots=True)
class Variable:
    name: str
    part: Part | None
    """The part that the variable is for; `None` for every application."""
    type: Type
    description: str
    default: str | None
    """What the application takes when the variable is absent; a variable without a default must be there."""
    example: str
    platform: str | None
    """The fact of the platform that gives the value."""
    secret: SecretKey | None
    """Where the value comes from when it is secret."""
    minimum: int | None
    maximum: int | None
    absent_with_iam: bool
    demands: tuple[Demand, ...]

    def belongs_to(self, parts: Collection[Part]) -> bool:
        """Whether an application that uses these parts has the variable."""
        return self.part is None or self.part in parts

    def demanded(self, tier: Tier) -> Demand | None:
        return next((demand for demand in self.demands if tier in demand.tiers), None)


@dataclass(frozen=True, slots=True)
class Definition:
    version: int
    variables: tuple[Variable, ...]

    def by_name(self) -> Mapping[str, Variable]:
        return {variable.name: variable for variable in self.variables}


@cache
def definition() -> Definition:
    data = json.loads(Path(__file__).with_name("variables.json").read_text(encoding="utf-8"))
    return Definition(data["version"], tuple(_variable(entry) for entry in data["variables"]))


def _variable(entry: Mapping[str, Any]) -> Variable:
    source = entry.get("source", {})
    default = entry.get("default")
    return Variable(
        name=entry["name"],
        part=Part(entry["part"]) if "part" in entry else None,
        type=Type(entry["type"]),
        description=entry["description"],
        default=default,
        example=entry.get("example") or default or "",
        platform=source.get("platform"),
        secret=SecretKey(source["secret"], source["key"]) if "secret" in source else None,
        minimum=entry.get("minimum"),
        maximum=entry.get("maximum"),
        absent_with_iam=entry.get("absentWith") == "iam",
        demands=tuple(
            Demand(rule["equals"], frozenset(map(Tier, rule["tiers"])), rule["rule"], rule["remedy"])
            for rule in entry.get("rules", ())
        ),
    )
