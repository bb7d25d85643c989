"""Which inputs of which types say who may do what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from dolmen.knowledge.loader import WrongKnowledgeError, load_yaml

_FILE = "access.yaml"
_FIELD = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class DocumentInput:
    """An input that holds an IAM policy."""

    path: str
    called: str
    """What kind of thing `who` or `at` names: `role`."""
    who: str = ""
    """The input that names whose policy it is; empty where the policy itself names principals."""
    at: str = ""
    """The input that names what the policy guards."""


@dataclass(frozen=True, slots=True)
class GrantRow:
    """Words with inputs in braces, which make one right for each combination of their values."""

    who: str
    verb: str
    may: str
    at: tuple[str, ...] = ()
    condition: tuple[str, ...] = ()
    each: str = ""
    given: tuple[str, ...] = ()
    denies: bool = False


@dataclass(frozen=True, slots=True)
class AccessString:
    path: str
    who: str


@dataclass(frozen=True, slots=True)
class AccessInputs:
    """All that a type says of access."""

    documents: tuple[DocumentInput, ...] = ()
    grants: tuple[GrantRow, ...] = ()
    openings: Mapping[str, str] = field(default_factory=dict[str, str])
    """List of rules, or "" for the resource itself → `inward`, `outward`, or the input that says which."""
    group: str = ""
    """The input that names the security group of the openings."""
    access_strings: tuple[AccessString, ...] = ()

    @property
    def subjects(self) -> frozenset[str]:
        """The inputs that name whom or what the rights are about."""
        words = " ".join(text for row in self.grants for text in (row.who, *row.at))
        named = {field.rstrip("^").partition(".")[0] for field in _FIELD.findall(words)}
        return frozenset(
            {*named, self.group, *(one.who for one in self.documents), *(one.at for one in self.documents)} - {""}
        )


def access_inputs(token: str) -> AccessInputs | None:
    """How access is read from resources of a type; `None` where they give none that is known."""
    return _all().get(token)


@cache
def broad() -> re.Pattern[str]:
    """Roles, policies and access lists that let somebody do about everything."""
    return re.compile(load_yaml(_FILE)["broad"])


def is_link(token: str) -> bool:
    """Whether a type only ties others together: who gets the right, and at what, are resources of their own."""
    return re.search(_links(), token) is not None


@cache
def _links() -> str:
    return load_yaml(_FILE)["links"]


@cache
def _all() -> Mapping[str, AccessInputs]:
    return {token: _inputs(token, row) for token, row in load_yaml(_FILE)["types"].items()}


def _inputs(token: str, row: Mapping[str, Any]) -> AccessInputs:
    known = {"documents", "grants", "openings", "group", "access strings"}
    if surplus := row.keys() - known:
        raise WrongKnowledgeError(f"{_FILE}: {token}: unknown keys {sorted(surplus)}; there are {sorted(known)}")
    try:
        return AccessInputs(
            tuple(DocumentInput(**one) for one in row.get("documents", ())),
            tuple(_grant(one) for one in row.get("grants", ())),
            row.get("openings", {}),
            row.get("group", ""),
            tuple(AccessString(**one) for one in row.get("access strings", ())),
        )
    except TypeError as error:
        raise WrongKnowledgeError(f"{_FILE}: {token}: {error}") from error


def _grant(row: Mapping[str, Any]) -> GrantRow:
    parts: dict[str, Sequence[str]] = {key: tuple(row.get(key, ())) for key in ("at", "given")}
    plain = {key: value for key, value in row.items() if key not in ("at", "given", "if")}
    return GrantRow(**plain, **parts, condition=tuple(row.get("if", ())))  # pyright: ignore[reportArgumentType]
