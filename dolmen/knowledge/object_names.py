"""By which inputs a cloud tells its objects apart, and what it answers where one exists already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from dolmen.knowledge.effects import Source
from dolmen.knowledge.loader import WrongKnowledgeError, load_yaml

_KEYS = {"by", "call", "refused", "taken while", "scope"}


class Scope(StrEnum):
    """Where a name may stand once."""

    REGION = "region"
    ACCOUNT = "account"
    WORLD = "world"


@dataclass(frozen=True, slots=True)
class ObjectName:
    by: tuple[str, ...]
    """Inputs; the first is always given where the program names the object."""
    refused: str
    """The cloud's error where the object exists; empty where creating overwrites or joins it."""
    taken_while: str
    """The input without which, or with more than 0 of which, the name stays taken after a deletion."""
    source: Source
    scope: Scope


def object_name(token: str) -> ObjectName | None:
    """How objects of a type are told apart; `None` where a program gives them no name of their own."""
    return _all().get(token)


@cache
def _all() -> Mapping[str, ObjectName]:
    written = load_yaml("object_names.yaml")
    date = str(written["date"])
    found: dict[str, ObjectName] = {}
    for service in written["services"]:
        for token, row in service["types"].items():
            if token in found or not {"by", "call"} <= row.keys() <= _KEYS:
                raise WrongKnowledgeError(f"object_names.yaml: {token}: {sorted(row)}; there are {sorted(_KEYS)}")
            source = Source(service["source"].format(row["call"]), date)
            scope = Scope(row.get("scope", service.get("scope", "region")))
            found[token] = ObjectName(
                tuple(row["by"]), row.get("refused", ""), row.get("taken while", ""), source, scope
            )
    return found
