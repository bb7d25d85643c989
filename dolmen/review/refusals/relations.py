"""What properties demand of each other: conflicts, partners, groups of which one must stand, variants by a type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from dolmen.knowledge.provider_schema import PropertySchema, TypeSchema
from dolmen.review.refusals.model import Refusal, RefusalKind
from dolmen.review.refusals.values import made_up, shown, waits, waits_inside


def at(inputs: Mapping[str, Any], path: str) -> Any:
    """The value at a path of names; `None` where none is given."""
    value: Any = inputs
    for name in path.split("."):
        value = shown(value)
        if not isinstance(value, Mapping) or waits(value):
            return None
        value = cast("Mapping[str, Any]", value).get(name)
    return value


def given(inputs: Mapping[str, Any], path: str) -> bool:
    """An empty text counts as given, null does not."""
    return shown(at(inputs, path)) is not None


def of_group(path: str, schema: PropertySchema, inputs: Mapping[str, Any], *, at_apply: bool = False) -> Refusal | None:
    """What is wrong with the group of which exactly one, or at least one, must stand."""
    if schema.exactly_one_of:
        group = _group(path, schema.exactly_one_of)
        waiting = [one for one in group if not at_apply and waits_inside(at(inputs, one))]
        standing = [one for one in group if one not in waiting and given(inputs, one)]
        if len(standing) > 1:
            rule = f"only one of {_and(group)} may be given, and {_and(standing)} are{_unless(standing, inputs)}"
            return Refusal(standing[0], RefusalKind.TOO_MANY_OF, rule, f"Keep one of {_and(standing)}.")
        if not standing and not waiting:
            return Refusal(group[0], RefusalKind.NONE_OF, f"one of {_or(group)} must be given", "Give one of them.")
    if schema.at_least_one_of:
        group = _group(path, schema.at_least_one_of)
        if not any(given(inputs, one) for one in group):
            rule = f"at least one of {_or(group)} must be given"
            return Refusal(group[0], RefusalKind.NONE_OF, rule, "Give at least one of them.")
    return None


def partner(at_: str, schema: PropertySchema, inputs: Mapping[str, Any]) -> Refusal | None:
    """The property that has to stand beside this one and does not."""
    missing = [one for one in schema.required_with if not given(inputs, one)]
    if not missing:
        return None
    rule = f"it needs {_and(missing)} beside it"
    return Refusal(at_, RefusalKind.REQUIRES_OTHER, rule, f"Give {_and(missing)} too, or leave {at_} out.")


def conflict(
    at_: str, value: Any, schema: PropertySchema, inputs: Mapping[str, Any], *, at_apply: bool = False
) -> Refusal | None:
    """The property that must not stand beside this one and does. What is not known yet waits for the apply."""
    if not schema.conflicts_with or (waits_inside(value) and not at_apply):
        return None
    others = [one for one in schema.conflicts_with if given(inputs, one) and (at_apply or not waits(at(inputs, one)))]
    if not others:
        return None
    unless = _unless(others, inputs) or (f", unless {at_} turns out to be null" if made_up(value) else "")
    rule = f"it must not stand beside {_and(others)}{unless}"
    return Refusal(at_, RefusalKind.CONFLICTS, rule, f"Leave out {at_} or {_and(others)}.")


def variant(path: str, schema: TypeSchema, inputs: Mapping[str, Any], *, at_apply: bool = False) -> Iterator[Refusal]:
    """What the value of a discriminating property allows beside it, and what it requires."""
    variants = schema.properties[path].discriminator
    chosen = shown(at(inputs, path))
    if not isinstance(chosen, str) or chosen not in variants:
        return
    mine = variants[chosen]
    others = {name for one in variants.values() for name in one.allowed} - set(mine.allowed)
    for name in sorted(others):
        if given(inputs, name) and (at_apply or not waits(at(inputs, name))):
            rule = f"it is not for {path} `{chosen}`{_unless([name], inputs)}"
            yield Refusal(name, RefusalKind.CONFLICTS, rule, f"Leave {name} out.")
    for name in mine.required:
        if not given(inputs, name):
            yield Refusal(name, RefusalKind.MISSING_REQUIRED, f"{path} `{chosen}` needs it", f"Give {name}.")


def _unless(names: Sequence[str], inputs: Mapping[str, Any]) -> str:
    """The reserve about values that the plan made up: the output of a resource is there, a lookup's may be null."""
    found = [one for one in names if made_up(at(inputs, one))]
    return f", unless {_and(found)} turns out to be null" if found else ""


def _group(path: str, listed: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*listed, path)))


def _and(names: list[str] | tuple[str, ...]) -> str:
    return _joined(names, "and")


def _or(names: list[str] | tuple[str, ...]) -> str:
    return _joined(names, "or")


def _joined(names: list[str] | tuple[str, ...], word: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"
