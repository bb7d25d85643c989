"""Judges one call against IAM policies, for tests: moto does not judge conditions.

It follows AWS's evaluation order for calls inside an account and across accounts: an explicit deny wins; inside the
account an allow in the identity's policy or in the resource's policy is enough (for KMS the key's policy must take
part); across accounts both must allow.

Its limits, all of which raise instead of guessing: no NotAction, NotResource or NotPrincipal, no policy variables, no
session policies, permissions boundaries, organisation policies or grants, and only the condition operators listed in
`OPERATORS`. A key that the call does not carry fails an operator, and passes a negated one, as AWS documents.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    action: str
    resource: str
    principal: str
    """The ARN of the calling role, or `service:<name>` for a service that takes on a role."""
    context: Mapping[str, str] = field(default_factory=dict)

    @property
    def account(self) -> str:
        return self.principal.split(":")[4] if self.principal.startswith("arn:") else ""

    def values(self) -> dict[str, str]:
        known = {"aws:SecureTransport": "true", **self.context}
        return {**known, "aws:PrincipalArn": self.principal} if self.principal.startswith("arn:") else known


def allowed(call: Call, *, identity: Iterable[str] = (), resource: str | None = None) -> bool:
    """Whether the call is allowed; `identity` are the caller's policies, `resource` the policy of what it calls."""
    own = [statement for policy in identity for statement in _statements(policy)]
    theirs = _statements(resource) if resource else []
    by_identity = [s for s in own if _applies(s, call)]
    by_resource = [s for s in theirs if _names(s, call) and _applies(s, call)]
    if any(s["Effect"] == "Deny" for s in by_identity + by_resource):
        return False
    owner = call.resource.split(":")[4]
    delegated = any(_delegates(s, owner) and _applies(s, call) for s in theirs)
    if call.action.startswith("kms:"):
        direct = any(not _delegates(s, owner) for s in by_resource)
        return (direct and (call.account == owner or bool(by_identity))) or (
            delegated and call.account == owner and bool(by_identity)
        )
    if call.account in ("", owner):
        return bool(by_identity) or bool(by_resource)
    return bool(by_identity) and bool(by_resource)


def _statements(policy: str) -> list[dict[str, Any]]:
    document = json.loads(policy)
    if document["Version"] != "2012-10-17":
        raise NotImplementedError("policy version")
    for statement in document["Statement"]:
        unknown = set(statement) - {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}
        if unknown or "${" in json.dumps(statement):
            raise NotImplementedError(f"{unknown or 'policy variables'}")
    return document["Statement"]


def _applies(statement: Mapping[str, Any], call: Call) -> bool:
    return (
        any(_like(pattern.lower(), call.action.lower()) for pattern in _list(statement["Action"]))
        and any(_like(pattern, call.resource) for pattern in _list(statement.get("Resource", "*")))
        and all(
            OPERATORS[operator]([str(v) for v in _list(wanted)], call.values().get(key))
            for operator, conditions in statement.get("Condition", {}).items()
            for key, wanted in conditions.items()
        )
    )


def _names(statement: Mapping[str, Any], call: Call) -> bool:
    principal = statement["Principal"]
    if principal == "*":
        return True
    if call.principal.startswith("service:"):
        return call.principal.removeprefix("service:") in _list(principal.get("Service", []))
    return any(
        named in (call.principal, f"arn:aws:iam::{call.account}:root") for named in _list(principal.get("AWS", []))
    )


def _delegates(statement: Mapping[str, Any], owner: str) -> bool:
    """Whether a key's policy lets the account's own policies decide."""
    principal = statement["Principal"]
    return (
        statement["Effect"] == "Allow"
        and isinstance(principal, dict)
        and f"arn:aws:iam::{owner}:root" in _list(principal.get("AWS", []))
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _like(pattern: str, value: str) -> bool:
    expression = "".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.fullmatch(expression, value, re.DOTALL) is not None


def _arn_like(pattern: str, value: str) -> bool:
    """Each of an ARN's six parts is compared by itself."""
    wanted, given = pattern.split(":", 5), value.split(":", 5)
    return len(wanted) == len(given) == 6 and all(map(_like, wanted, given))


def _any(compare: Callable[[str, str], bool]) -> Callable[[list[str], str | None], bool]:
    return lambda wanted, given: given is not None and any(compare(pattern, given) for pattern in wanted)


def _none(compare: Callable[[str, str], bool]) -> Callable[[list[str], str | None], bool]:
    return lambda wanted, given: given is None or not any(compare(pattern, given) for pattern in wanted)


OPERATORS: Mapping[str, Callable[[list[str], str | None], bool]] = {
    "StringEquals": _any(str.__eq__),
    "StringLike": _any(_like),
    "ArnEquals": _any(_arn_like),
    "ArnLike": _any(_arn_like),
    "ArnNotLike": _none(_arn_like),
    "Bool": _any(lambda wanted, given: wanted.lower() == given.lower()),
}
