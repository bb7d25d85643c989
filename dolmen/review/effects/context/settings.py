"""What the stack file says of the stack itself: a lower tier, and encrypted values that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dolmen.engine.plan import Plan, Position, Resource, Secret, Value
from dolmen.engine.urns import STACK_TYPE
from dolmen.knowledge.effects import Data, Source
from dolmen.knowledge.protections import names_a_tier, strictness
from dolmen.review.diff.changes import Cause, Operation, ResourceChange
from dolmen.review.diff.values import MISSING, Difference, PropertyChange, kind_of
from dolmen.review.effects.model import Effect, EffectKind, by_rank
from dolmen.review.effects.protections import protection_removed

_SOURCE = Source("docs/reference/policies.md", "2026-11-30")
_PULUMI = Source("www.pulumi.com/docs/iac/concepts/secrets", "2026-11-30")


@dataclass(frozen=True, slots=True)
class EncryptedValue:
    """A `secure:` value of a stack file that differs between the two sides."""

    key: str
    difference: Difference
    position: Position


def of_stack(base: Plan, head: Plan, encrypted: Sequence[EncryptedValue] = ()) -> tuple[ResourceChange, ...]:
    """One change of the stack itself, where its file says something of it that no resource shows."""
    tiers = list(_lower_tiers(base, head))
    if not tiers and not encrypted:
        return ()
    properties = [change for change, _ in tiers] + [_property(one) for one in encrypted]
    effects = [effect for _, effect in tiers] + [_not_known(one) for one in encrypted]
    causes = tuple(Cause(one.position, one.key) for one in encrypted)
    old, new = (_stack(one) for one in (base, head))
    found = ResourceChange(Operation.OPTIONS, old, new, tuple(properties), effects=by_rank(effects), causes=causes)
    return (found,)


def _stack(plan: Plan) -> Resource:
    name = f"{plan.project}-{plan.stack}"
    urn = f"urn:pulumi:{plan.stack}::{plan.project}::{STACK_TYPE}::{name}"
    return Resource(urn, STACK_TYPE, name, None, True, {})


def _lower_tiers(base: Plan, head: Plan) -> Iterator[tuple[PropertyChange, Effect]]:
    written = _tiers(head)
    for key, old in _tiers(base).items():
        new = written.get(key)
        before = strictness(old) if isinstance(old, str) else None
        if before is None or before == 0 or old == new:
            continue
        after = strictness(new) if isinstance(new, str) else None
        if after is not None and after >= before:
            continue
        today = f"`{new}`" if isinstance(new, str) else "not set"
        why = f"`{key}` was `{old}` and is {today}: policies that stopped a change of this stack no longer do."
        value = MISSING if new is None else new
        change = PropertyChange((key,), kind_of(old, value), old, value, key)
        effect = protection_removed(f"the rules of tier {old}", why, (key,), _SOURCE, certain=after is not None)
        yield change, replace(effect, headline=f"protection removed, the tier goes from {old} to {new or 'none'}")


def _tiers(plan: Plan) -> dict[str, Value]:
    """What says the tier: keys of the stack file, and inputs of components where a program says it by itself."""
    found = {key: value for key, value in plan.config.items() if names_a_tier(key)}
    if found:
        return found
    return {
        f"{one.name}.{name}": value
        for one in plan
        if not one.custom
        for name, value in {**(one.outputs or {}), **one.inputs}.items()
        if names_a_tier(name)
    }


def _property(one: EncryptedValue) -> PropertyChange:
    old = MISSING if one.difference is Difference.ADDED else Secret("before")
    new = MISSING if one.difference is Difference.REMOVED else Secret("after")
    return PropertyChange((one.key,), one.difference, old, new, one.key)


def _not_known(one: EncryptedValue) -> Effect:
    words = {Difference.ADDED: "is new", Difference.REMOVED: "is gone"}
    why = f"The encrypted value of `{one.key}` {words.get(one.difference, 'differs')}; nothing here can decrypt it, so what it changes is not known."
    return Effect(
        EffectKind.UNKNOWN,
        why,
        (one.key,),
        None,
        Data.UNKNOWN,
        safe_path="Let somebody who can decrypt it compare `pulumi config get` on both sides.",
        source=_PULUMI,
        headline=f"the encrypted value of {one.key} {words.get(one.difference, 'differs')}, what it changes is not known",
    )
