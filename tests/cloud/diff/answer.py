"""A provider's answer to Diff."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.cloud.contracts import is_unknown
from tests.cloud.diff import atlas, aws, elasticache
from tests.cloud.diff.by_contract import ByContract, by_contract
from tests.cloud.diff.differences import Difference, differences
from tests.cloud.diff.own_rules import IGNORED, KEEP_WHAT_THEY_KNOW, REFUSALS, REPLACEMENTS, Look
from tests.cloud.diff.plan import keeps_at_creation, marked_unknown, modified, proposed
from tests.cloud.diff.schema import Schema, schemas
from tests.cloud.diff.state import completed

Change = Literal["none", "update", "replace", "error"]
_WITH_RULES_OF_THEIR_OWN = (atlas, aws, elasticache)
_NOTHING = ByContract({}, (), ())


@dataclass(frozen=True)
class DiffAnswer:
    change: Change
    replaces: tuple[str, ...] = ()
    """The top-level properties for which it is replaced; `__meta` for a plan rule that names none."""
    changed: tuple[str, ...] = ()
    """All top-level properties that differ, those that the cloud computes among them."""
    delete_before_replace: bool = False
    error: str | None = None
    detail: Mapping[str, str] = field(default_factory=dict)
    """Path of what the program changes → `ADD`, `DELETE` or `UPDATE`."""


def diff(
    token: str, old_inputs: Mapping[str, Any], old_state: Mapping[str, Any], new_inputs: Mapping[str, Any]
) -> DiffAnswer:
    """What the provider of a type answers when its old state meets new inputs.

    Values are plain, unknown ones the engine's marker; `__defaults` names what Check filled in.
    """
    schema = schemas().get(token)
    olds, news = _plain(old_inputs), _plain(new_inputs)
    if schema is None:
        return _answer([], frozenset(), by_contract(token, olds, news), set(), delete_first=False)
    state = completed(schema.properties, old_state)
    named = schema.autonamed
    from_program = named is not None and news.get(named) is not None and named not in new_inputs.get("__defaults", ())
    if named and news.get(named) is None and state.get(named) is not None:
        news[named] = state[named]
    said_plan = proposed(schema.properties, news, state, olds, schema.flavour)
    planned = _plan(schema, news, state, said_plan)
    optional_computed = frozenset(name for name, known in schema.properties.items() if known.optional_computed)
    look = Look(state, news, planned, optional_computed)
    ignored = IGNORED.get(token)
    found = [
        each
        for each in differences(schema.properties, state, planned, schema.flavour)
        if ignored is None or not ignored(look, each)
    ]
    if refused := next(_refusals(token, look, found), None):
        return DiffAnswer("error", error=refused)
    replacing = {each.top for each in found if _replaces(schema, each)}
    if token in REPLACEMENTS and REPLACEMENTS[token](look):
        replacing.add("__meta")
    rest = _NOTHING
    if unmeasured := (olds.keys() | news.keys()) - schema.properties.keys():
        rest = by_contract(token, *({name: each.get(name) for name in unmeasured} for each in (olds, news)))
    said = frozenset(each.path for each in differences(schema.properties, state, said_plan, schema.flavour))
    return _answer(found, said, rest, replacing, delete_first=schema.flavour == "sdk" and from_program)


def _answer(
    found: list[Difference], said: frozenset[str], rest: ByContract, replacing: set[str], *, delete_first: bool
) -> DiffAnswer:
    if rest.refused:
        return DiffAnswer("error", error=f"{', '.join(rest.refused)} cannot be updated or removed after creation")
    replaces = tuple(sorted(replacing | {top(path) for path in rest.replacing}))
    if not found and not rest.changed:
        return DiffAnswer("none")
    # What is open in a framework's plan because something else changes is no difference that the program made.
    detail = _detail([each for each in found if each.path in said]) | dict(rest.changed)
    return DiffAnswer(
        "replace" if replaces else "update",
        replaces,
        tuple(sorted({each.top for each in found} | {top(path) for path in rest.changed})),
        bool(replaces) and delete_first,
        detail=detail,
    )


def _detail(found: list[Difference]) -> dict[str, str]:
    """The outermost place of what was added or removed as a whole, the innermost one of what changed."""
    outer = [each for each in found if not each.inside]
    refined = {each.path[: step.start()] for each in outer for step in re.finditer(r"(\[\d+\])?\.", each.path)}
    return {each.path: each.how for each in outer if each.resized or each.path not in refined}


def _plain(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if not name.startswith("__")}


def top(path: str) -> str:
    return path.split(".")[0].split("[")[0]


def _plan(
    schema: Schema, news: Mapping[str, Any], state: Mapping[str, Any], planned: dict[str, Any]
) -> Mapping[str, Any]:
    """The whole plan, from inputs, defaults and old values."""
    if schema.flavour == "sdk" or not any(differences(schema.properties, state, planned, schema.flavour)):
        return planned
    properties = schema.properties
    if schema.token in KEEP_WHAT_THEY_KNOW:
        properties = {name: known for name, known in properties.items() if name in KEEP_WHAT_THEY_KNOW[schema.token]}
    marked = {**planned, **marked_unknown(properties, news, planned)}
    return modified(schema.properties, news, state, marked)


def _refusals(token: str, look: Look, found: list[Difference]) -> Iterator[str]:
    for each in found:
        if _create_only(each):
            yield f"{each.path} cannot be updated or removed after creation"
        if "updateOnly" in each.known.modifiers and each.after is not None:
            yield f"{each.path} can only be set in an update"
    if token in REFUSALS:
        yield from REFUSALS[token](look)


def _create_only(found: Difference) -> bool:
    if "createOnly" not in found.known.modifiers or found.before is None:
        return False
    return not (keeps_at_creation(found.known) and is_unknown(found.after))


def _replaces(schema: Schema, found: Difference) -> bool:
    if "writeOnce" in found.known.modifiers:
        return bool(found.before) and found.after is not None and not is_unknown(found.after)
    if not found.known.replaces:
        return False
    return schema.flavour == "framework" or not found.known.children or found.resized
