"""Reads access policies, to say who loses what when one takes the place of another.

Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
import re
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
        return self.effect == "Deny" and self.condition == '{"Bool": {"aws:SecureTransport": ["false"]}}'


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
    written = json.dumps(_condition(condition), sort_keys=True) if condition else ""
    for principal in _principals(one):
        for action in _named(one, "Action") or ["*"]:
            for resource in _named(one, "Resource") or ["*"]:
                yield Statement(str(one.get("Effect")), principal, action, resource, written)


def _named(one: Mapping[str, Any], key: str) -> list[str]:
    """The values under a key; what stands under its `Not…` twin excludes all of them together."""
    found = [str(item) for item in _listed(one.get(key))]
    if but := sorted(str(item) for item in _listed(one.get(f"Not{key}"))):
        found.append(f"all but {', '.join(but)}")
    return found


def _condition(written: Any) -> Any:
    """A condition in one spelling: a value alone is a list of one, and lists have no order."""
    if isinstance(written, Mapping):
        return {str(key): _condition(value) for key, value in cast("Mapping[str, Any]", written).items()}
    return sorted(_word(item) for item in _listed(written))


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _principals(one: Mapping[str, Any]) -> list[str]:
    if "NotPrincipal" in one:
        return [f"all but {', '.join(sorted(_each_principal(one['NotPrincipal'])))}"]
    return _each_principal(one["Principal"]) if "Principal" in one else [""]


def _each_principal(value: Any) -> list[str]:
    found = cast("Mapping[str, Any]", value).values() if isinstance(value, Mapping) else [value]
    return [_ROOT.sub(r"\1", str(item)) for some in found for item in _listed(some)]


_ROOT = re.compile(r"\Aarn:aws[\w-]*:iam::(\d{12}):root\Z")
"""An account as a whole, which may be written as its number alone."""


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
