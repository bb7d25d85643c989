"""Settings of providers: those of a stack file reach every resource that names no provider of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from dolmen.engine.plan import Plan, Resource, Value
from dolmen.knowledge.effects import Data, Source
from dolmen.review.diff.changes import Operation, ResourceChange
from dolmen.review.diff.compare import Update
from dolmen.review.diff.values import comparison, differences
from dolmen.review.diff.veiled import veiled_resources
from dolmen.review.effects.context.sides import Sides
from dolmen.review.effects.judge import judge_update, worst_first
from dolmen.review.effects.model import Effect, EffectKind

_PREFIX = "pulumi:providers:"
_MOST = 5
_ACCOUNT = re.compile(r"arn:aws[\w-]*:iam::(\d{12}):")
_SOURCE = Source("www.pulumi.com/registry/packages/aws/installation-configuration", "2026-11-30")


def of_configuration(sides: Sides) -> tuple[ResourceChange, ...]:
    """Changes of default providers, which stand in the stack file alone."""
    packages = sorted({one.package for one in sides.managed() if _by_default(one)})
    return tuple(change for package in packages for change in _default(package, sides))


def _default(package: str, sides: Sides) -> Iterator[ResourceChange]:
    old, new = (_provider(package, plan) for plan in (sides.base, sides.head))
    old, new = veiled_resources(old, new)
    changes = tuple(differences(dict(old.inputs), dict(new.inputs), comparison(new.type)))
    if not changes:
        return
    judged = judge_update(Update(old, new, old.inputs, new.inputs, changes))
    found = ResourceChange(Operation.UPDATE, old, new, properties=changes, effects=judged.effects)
    yield reaching(found, sides)


def _provider(package: str, plan: Plan) -> Resource:
    inputs: Mapping[str, Value] = {
        key.partition(":")[2]: _opened(value) for key, value in plan.config.items() if key.startswith(f"{package}:")
    }
    type = f"{_PREFIX}{package}"
    urn = f"urn:pulumi:{plan.stack}::{plan.project}::{type}::default"
    return Resource(urn, type, "default", None, True, inputs)


def _opened(value: Value) -> Value:
    """Objects and lists come as JSON from the stack file."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _by_default(resource: Resource) -> bool:
    named = (resource.options.provider or "").rpartition("::")[0]
    return not named.startswith("urn:") or named.rpartition("::")[2].startswith("default")


def reaching(change: ResourceChange, sides: Sides) -> ResourceChange:
    """A changed provider with the resources that it reaches, and whether another account is meant."""
    if not change.type.startswith(_PREFIX) or change.old is None or change.new is None or not change.properties:
        return change
    package = change.type.removeprefix(_PREFIX)
    reached = [one for one in sides.managed() if one.package == package and _uses(one, change)]
    names = ", ".join(f"`{one.name}`" for one in reached[:_MOST])
    more = f" and {len(reached) - _MOST} more" if len(reached) > _MOST else ""
    told = f" It reaches {names}{more}." if reached else " No resource of this stack uses it."
    effects = [replace(effect, why=f"{effect.why}{told}") for effect in change.effects]
    more_effects = [*_other_account(change), *_wrong_guard(change)]
    return replace(change, effects=worst_first([*effects, *more_effects]))


def _uses(resource: Resource, change: ResourceChange) -> bool:
    if change.name == "default":
        return _by_default(resource)
    return (resource.options.provider or "").startswith(f"{change.urn}::")


def _other_account(change: ResourceChange) -> Iterator[Effect]:
    assert change.old is not None and change.new is not None, "both sides were asked for"
    old, new = (_accounts(side.inputs) for side in (change.old, change.new))
    if not new or old == new:
        return
    told = " and ".join(sorted(new - old)) or "another one"
    before = f"instead of {' and '.join(sorted(old))}" if old else "which the base does not name"
    why = (
        f"Another account is meant: {told}, {before}. What this stack holds is not found there; updates fail or go to "
        "another object."
    )
    safe = "Give another account a stack of its own; if the account stays the same, say so with `allowedAccountIds` on both sides."
    yield Effect(
        EffectKind.WRONG_OBJECT,
        why,
        ("assumeRoles", "allowedAccountIds"),
        None,
        Data.UNKNOWN,
        safe_path=safe,
        source=_SOURCE,
        headline=f"another AWS account is meant ({told})",
        certain=bool(old),
    )


def _accounts(inputs: Mapping[str, Value]) -> frozenset[str]:
    """Accounts that the roles to assume belong to, or else those that are allowed."""
    roles = frozenset(_ACCOUNT.findall(repr([inputs.get("assumeRoles"), inputs.get("assumeRole")])))
    if roles:
        return roles
    allowed = inputs.get("allowedAccountIds")
    return frozenset(str(one) for one in allowed) if isinstance(allowed, list) else frozenset()


def _wrong_guard(change: ResourceChange) -> Iterator[Effect]:
    assert change.new is not None, "both sides were asked for"
    for path in ("allowedAccountIds", "forbiddenAccountIds"):
        listed = change.new.inputs.get(path)
        for one in listed if isinstance(listed, list) else ():
            written = f"{one:.0f}" if isinstance(one, float) else str(one)
            if isinstance(one, bool | dict | list) or "‹" in written or re.fullmatch(r"\d{12}", written):
                continue
            if not isinstance(one, str | int | float):
                continue  # known after apply, or secret
            why = f"`{path}` holds {written}, which is no account: an account's number has 12 digits."
            safe = 'Write it in quotes: a number that begins with 0 loses it otherwise ("052812345678").'
            yield Effect(EffectKind.FAILS_AT_PREVIEW, why, (path,), data=Data.KEPT, safe_path=safe, source=_SOURCE)
