"""IAM documents: the statements of a policy, and whom they let in.

A document may be JSON text or an object, a statement alone or in a list, a value alone or in a list, and actions may
have wildcards anywhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from .values import PLACEHOLDER, UNKNOWN, View

RESTRICTING_KEYS = frozenset(
    {
        "aws:sourceaccount", "aws:sourcearn", "aws:sourceowner", "aws:sourceorgid", "aws:sourceorgpaths",
        "aws:principalorgid", "aws:principalorgpaths", "aws:principalarn", "aws:principalaccount", "aws:principaltag",
        "aws:userid", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "kms:calleraccount", "sts:externalid",
    }
)  # fmt: skip
"""Condition keys that say who calls. Compared without case, as AWS does."""

KINDS = "secret|key|alias|role|user|group|policy|parameter|function|table|topic|log-group|cluster|replicationgroup|serverlesscache|usergroup"
"""What an ARN says before the name of one thing."""


@dataclass(frozen=True)
class Statement:
    allows: bool
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_resources: tuple[str, ...]
    principals: tuple[tuple[str, str], ...]
    """Kind (`AWS`, `Service`, `Federated`, `*`) and value."""
    not_principals: bool
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...]
    """Operator, key in lower case, values."""

    def condition_keys(self) -> set[str]:
        return {key for _, key, _ in self.conditions}

    def restricted(self) -> bool:
        """Whether a condition says who calls, so that not everybody may."""
        return any(
            key.partition("/")[0] in RESTRICTING_KEYS and _narrows(operator, values)
            for operator, key, values in self.conditions
        )

    def anybody(self) -> bool:
        """Whether its principals are everybody, before conditions are looked at."""
        return self.not_principals or any(
            value == "*"
            or (kind in ("AWS", "*") and re.match(r"arn:[^:]*:(iam|sts)::[^:]*\*[^:]*:", value) is not None)
            for kind, value in self.principals
        )

    def public(self) -> bool:
        return self.allows and self.anybody() and not self.restricted()

    def any_service(self) -> bool:
        """Whether it lets a service in that acts for whoever asks it, in any account."""
        return self.allows and not self.conditions and any(kind == "Service" for kind, _ in self.principals)

    def may(self, action: str) -> bool:
        """Whether the statement's actions take in this one (`iam:PassRole`), or this pattern of some."""
        wanted = action.lower()
        if self.not_actions:
            return not any(fnmatchcase(wanted, one.lower()) for one in self.not_actions)
        return any(fnmatchcase(wanted, one.lower()) for one in self.actions)


def statements(view: View, key: str) -> list[Statement]:
    """The statements of the document under a key; none where it is absent or not known (which is written down)."""
    value = view.raw(key)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:  # no document, or one that an offline plan made up
            view.unjudged.add(view.where(key))
            return []
    if not isinstance(value, Mapping):
        return []
    found = value.get("Statement", [])
    return [_statement(one) for one in (found if isinstance(found, list) else [found]) if isinstance(one, Mapping)]


def openings(view: View, key: str) -> Iterator[str]:
    """How the document under a key lets in whom nobody named: a sentence for each such statement."""
    for statement in statements(view, key):
        if statement.public():
            yield "Its policy lets everybody in."
        elif statement.any_service():
            yield "Its policy lets a service in that acts for any account: no condition names this one."


def wildcard(resource: str) -> bool:
    """`*`, or an ARN that names a kind of thing and no thing of it: `arn:aws:secretsmanager:*:*:secret:*`."""
    if PLACEHOLDER in resource:
        return resource.endswith((":secret:*", ":key/*", ":*:*"))
    if set(resource) <= {"*", "?"}:
        return True
    if not resource.startswith("arn:"):
        return False
    name = ":".join(resource.split(":")[5:])
    return re.fullmatch(f"(({KINDS})[:/])?[*?/:]+", name) is not None


def _statement(given: Mapping[str, Any]) -> Statement:
    return Statement(
        allows=str(given.get("Effect", "")).lower() == "allow",
        actions=_texts(given.get("Action")),
        not_actions=_texts(given.get("NotAction")),
        resources=_texts(given.get("Resource")),
        not_resources=_texts(given.get("NotResource")),
        principals=tuple(_principals(given.get("Principal"))),
        not_principals="NotPrincipal" in given,
        conditions=tuple(_conditions(given.get("Condition"))),
    )


def _texts(value: Any) -> tuple[str, ...]:
    if value is None or value is UNKNOWN:
        return ()
    return tuple(str(one) for one in value) if isinstance(value, list) else (str(value),)


def _principals(value: Any) -> Iterator[tuple[str, str]]:
    for kind, named in value.items() if isinstance(value, Mapping) else [("*", value)]:
        for one in _texts(named):
            yield str(kind), one


def _conditions(value: Any) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    if not isinstance(value, Mapping):
        return
    for operator, keys in value.items():
        if isinstance(keys, Mapping):
            for key, values in keys.items():
                yield str(operator), str(key).lower(), _texts(values)


def _narrows(operator: str, values: tuple[str, ...]) -> bool:
    """An operator that lets through what it does not find, or all but some, narrows nothing."""
    name = operator.lower()
    if name.startswith("forallvalues:") or name.endswith("ifexists") or "not" in name or name == "null":
        return False
    return bool(values) and not any(set(value) <= {"*", "?"} for value in values)
