"""Reads access policies, to say who loses what when one takes the place of another.

Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any, cast


@dataclass(frozen=True, slots=True)
class Statement:
    effect: str
    principal: str
    action: str
    resource: str
    condition: str

    @property
    def only_demands_tls(self) -> bool:
        return self.effect == "Deny" and self.condition == '{"Bool": {"aws:SecureTransport": "false"}}'


def statements(document: object) -> frozenset[Statement] | None:
    """The single grants and denials of a policy; `None` where it is not known or no policy."""
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            return None
    if not isinstance(document, Mapping) or "Statement" not in document:
        return None
    found: set[Statement] = set()
    for one in _listed(cast("Mapping[str, Any]", document)["Statement"]):
        if isinstance(one, Mapping):
            found.update(_singles(cast("Mapping[str, Any]", one)))
    return frozenset(found)


def _singles(one: Mapping[str, Any]) -> Iterator[Statement]:
    condition = one.get("Condition")
    written = json.dumps(condition, sort_keys=True) if condition else ""
    actions = [("", name) for name in _listed(one.get("Action"))]
    actions += [("all but ", name) for name in _listed(one.get("NotAction"))]
    resources = _listed(one.get("Resource")) or _listed(one.get("NotResource")) or ["*"]
    for principal in _principals(one):
        for but, action in actions:
            for resource in resources:
                yield Statement(str(one.get("Effect")), principal, f"{but}{action}", str(resource), written)


def _principals(one: Mapping[str, Any]) -> list[str]:
    for key, but in (("Principal", ""), ("NotPrincipal", "all but ")):
        value = one.get(key)
        if isinstance(value, Mapping):
            inner = [item for some in cast("Mapping[str, Any]", value).values() for item in _listed(some)]
            return [f"{but}{item}" for item in inner]
        if value is not None:
            return [f"{but}{item}" for item in _listed(value)]
    return [""]


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return cast("list[Any]", value) if isinstance(value, list) else [value]


def taken_away(old: frozenset[Statement], new: frozenset[Statement]) -> list[Statement]:
    """What the old policy allowed somebody to do and the new one does not, on whatever resource and condition.

    A grant that only names other resources or another condition follows what it is about; the type's own rule tells it.
    """
    allowed = [replace(one, resource="*", condition="") for one in new if one.effect == "Allow"]
    lost = [one for one in old if one.effect == "Allow" and not any(_covers(other, one) for other in allowed)]
    return sorted(lost, key=lambda one: (one.principal, one.action, one.resource))


def denied(old: frozenset[Statement], new: frozenset[Statement]) -> list[Statement]:
    """What the new policy denies and the old one did not. That only TLS is let in locks no client of AWS out."""
    more = [one for one in new - old if one.effect == "Deny" and not one.only_demands_tls]
    return sorted(more, key=lambda one: (one.principal, one.action, one.resource))


def _covers(outer: Statement, inner: Statement) -> bool:
    return (
        outer.principal in ("*", inner.principal)
        and fnmatchcase(inner.action.lower(), outer.action.lower())
        and fnmatchcase(inner.resource, outer.resource)
        and outer.condition in ("", inner.condition)
    )
