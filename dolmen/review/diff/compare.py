"""Two plans → what changes, resource by resource, in the order in which the engine would decide it.

Both plans are previews of a program from scratch, so values that only a cloud can give are unknown on both sides. They
are taken as equal unless what makes them is created, replaced or otherwise renewed: such chains are followed along the
property dependencies (a replaced endpoint changes the connection string, the string changes the secret).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from dolmen.engine.plan import Options, Plan, Resource, Unknown, Value
from dolmen.engine.urns import STACK_TYPE, is_default_provider, is_urn
from dolmen.review.diff.changes import MOVED, Operation, ResourceChange
from dolmen.review.diff.matching import Matches, match
from dolmen.review.diff.moves import Move, moves
from dolmen.review.diff.paths import covered, reset, text
from dolmen.review.diff.values import (
    MISSING,
    AnyValue,
    Difference,
    PropertyChange,
    at,
    comparison,
    differences,
    equal,
    is_unknown,
    kind_of,
    unknown_leaves,
)
from dolmen.review.diff.veiled import veiled_resources
from dolmen.review.effects.model import Effect, by_rank


@dataclass(frozen=True, slots=True)
class Update:
    """Everything that is needed to judge a resource that stays."""

    old: Resource
    new: Resource
    old_inputs: Mapping[str, Value]
    new_inputs: Mapping[str, Value]
    """After `ignoreChanges`, and with the region that the provider fills in."""
    changes: tuple[PropertyChange, ...]
    forced: tuple[PropertyChange, ...] = ()
    """The changes that `replaceOnChanges` turns into a replacement."""
    forced_by: tuple[str, ...] = ()
    """Other reasons to replace: `replaceWith`, or the URN of a dependency that is deleted first."""
    goes_first: bool = False
    """Whether something that it depends on is deleted first, and it has to go before that."""


@dataclass(frozen=True, slots=True)
class Judgement:
    effects: tuple[Effect, ...] = ()
    replaces: bool = False
    unplanned: bool = False
    """The provider sees no difference in what the program writes otherwise."""
    delete_first: bool = False
    reasons: tuple[str, ...] = ()
    renews_outputs: bool = False
    """Values that the cloud gives change although the resource stays."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Says what a change means; see `dolmen.review.effects.judge`."""

    update: Callable[[Update], Judgement]
    create: Callable[[Resource], tuple[Effect, ...]]
    delete: Callable[[Resource, bool], tuple[Effect, ...]]
    """(resource, whether what it is `deletedWith` goes too)"""
    moved: Callable[[Move], tuple[Effect, ...]]
    options: Callable[[Resource, Resource], tuple[Effect, ...]]
    """(old, new): what other options of Pulumi take away."""
    implied: Callable[[Resource, Plan], Mapping[str, Value]]
    """Inputs that the provider fills in from its configuration (the region)."""


@dataclass(slots=True)
class _Walk:
    base: Plan | None
    head: Plan | None
    matches: Matches
    judge: Judge
    renewed: set[str] = field(default_factory=set[str])
    """New URNs whose outputs may differ."""
    replaced: set[str] = field(default_factory=set[str])
    gone_first: set[str] = field(default_factory=set[str])
    """New URNs that are deleted before they are created again."""


def compare(base: Plan | None, head: Plan | None, judge: Judge) -> tuple[ResourceChange, ...]:
    """The resources that differ. `None` stands for a stack that does not exist on that side."""
    if base is not None and head is not None and base.resources is head.resources and base.config is head.config:
        return ()  # one evaluation serves for both sides
    walk = _Walk(base, head, match(base, head), judge)
    found = [_of_new(resource, walk) for resource in head or ()]
    stays = {old.urn for old in walk.matches.old_of.values()}
    gone = [resource for resource in base or () if resource.urn not in stays]
    leaving = {resource.urn for resource in gone}
    created = (change.new for change in found if change is not None and change.operation is Operation.CREATE)
    moved = moves(gone, [one for one in created if one is not None], walk.matches)
    found = [_moved(moved[change.urn], walk) if change and change.urn in moved else change for change in found]
    once = {move.old.urn for move in moved.values()}
    found += [_deleted(resource, leaving, judge) for resource in reversed(gone) if resource.urn not in once]
    return tuple(change for change in found if change is not None)


def _moved(move: Move, walk: _Walk) -> ResourceChange:
    """One finding of what the engine plans as a creation and a deletion."""
    how = comparison(move.new.type)
    old, new = veiled_resources(move.old, move.new)
    changes = differences(dict(old.inputs), dict(new.inputs), how)
    blocked = ("`protect` stops the preview: a protected resource is not deleted.",) if move.old.options.protect else ()
    return ResourceChange(
        Operation.REPLACE,
        old,
        new,
        properties=tuple(changes),
        options=_option_changes(move.old.options, move.new.options, walk.matches),
        effects=by_rank((*walk.judge.moved(move), *walk.judge.options(old, new))),
        replaced_because=(MOVED,),
        blocked=blocked,
    )


def _of_new(resource: Resource, walk: _Walk) -> ResourceChange | None:
    if resource.type == STACK_TYPE:
        return None
    old = walk.matches.old_of.get(resource.urn)
    if resource.read:
        return _read(old, resource)
    if old is None or old.read or old.custom != resource.custom:
        walk.renewed.add(resource.urn)
        operation = Operation.IMPORT if resource.options.import_id else Operation.CREATE
        return ResourceChange(operation, None, resource, effects=walk.judge.create(resource))
    return _updated(*veiled_resources(old, resource), walk)


def _read(old: Resource | None, new: Resource) -> ResourceChange | None:
    if old is not None and old.read and old.id == new.id:
        return None
    found = PropertyChange(("id",), Difference.UPDATED, (old.id if old else None) or MISSING, new.id or MISSING, "id")
    return ResourceChange(Operation.READ, old, new, properties=(found,))


def _updated(old: Resource, new: Resource, walk: _Walk) -> ResourceChange | None:
    how = comparison(new.type, walk.matches.same)
    old_inputs = {**_implied(old, walk.base, walk.judge), **old.inputs}
    wanted = {**_implied(new, walk.head, walk.judge), **new.inputs}
    effective: Mapping[str, Value] = wanted
    for path in new.options.ignore_changes:
        effective = reset(path, old_inputs, effective)
    changes = differences(old_inputs, effective, how)
    ignored = [c for c in differences(old_inputs, wanted, how) if c not in changes] if effective != wanted else []
    changes += _chained(old, new, effective, walk)
    options = _option_changes(old.options, new.options, walk.matches)
    lost = walk.judge.options(old, new) if options and (new.custom or new.remote) else ()
    if not new.custom:
        operation = Operation.UPDATE if changes else Operation.OPTIONS
        if not changes and not options:
            return None
        return ResourceChange(operation, old, new, properties=tuple(changes), options=options, effects=lost)

    forced_by = [urn for urn in new.options.replace_with if urn in walk.replaced]
    if _provider_urn(new.options) in walk.replaced:
        forced_by.append(_provider_urn(new.options))
    first = [
        urn
        for urn in sorted(_all_makers(old))
        if walk.matches.new_urn.get(urn) in walk.gone_first and _goes_too(old, new, urn, walk.judge)
    ]
    forced_by += [walk.matches.new_urn[urn] for urn in first if walk.matches.new_urn[urn] not in forced_by]
    forced = tuple(c for c in changes if covered(new.options.replace_on_changes, c.path))
    update = Update(old, new, old_inputs, effective, tuple(changes), forced, tuple(forced_by), goes_first=bool(first))
    judged = walk.judge.update(update)
    if judged.replaces:
        walk.renewed.add(new.urn)
        walk.replaced.add(new.urn)
        if judged.delete_first:
            walk.gone_first.add(new.urn)
    elif judged.renews_outputs:
        walk.renewed.add(new.urn)
    if not changes and not judged.replaces:
        if not options and not ignored:
            return None
        operation = Operation.OPTIONS if options else Operation.SAME
        return ResourceChange(operation, old, new, ignored=tuple(ignored), options=options, effects=lost)
    blocked = tuple(_blocks_replacement(old, new, judged, walk)) if judged.replaces else ()
    operation = Operation.REPLACE if judged.replaces else Operation.UPDATE
    if judged.unplanned:
        operation = Operation.OPTIONS if options else Operation.SAME
    return ResourceChange(
        operation,
        old,
        new,
        properties=tuple(changes),
        ignored=tuple(ignored),
        options=options,
        effects=by_rank((*judged.effects, *lost)),
        delete_first=judged.delete_first,
        replaced_because=judged.reasons,
        blocked=blocked,
    )


def _implied(resource: Resource, plan: Plan | None, judge: Judge) -> Mapping[str, Value]:
    return judge.implied(resource, plan) if plan is not None and resource.custom else {}


def _chained(old: Resource, new: Resource, inputs: Mapping[str, Value], walk: _Walk) -> list[PropertyChange]:
    """Unknown values whose makers are new, replaced, or not the same ones as before."""
    found: list[PropertyChange] = []
    for name, value in inputs.items():
        makers = new.property_dependencies.get(name, ())
        because = next((urn for urn in makers if urn in walk.renewed), None)
        if because is None:
            before = {walk.matches.new_urn.get(urn, urn) for urn in old.property_dependencies.get(name, ())}
            because = next((urn for urn in makers if urn not in before), None)
            if because is None and before <= set(makers):
                continue
        for path, leaf in unknown_leaves(value, (name,)):
            before_leaf = at(old.inputs, path)
            if not is_unknown(before_leaf) or covered(new.options.ignore_changes, path):
                continue  # a difference already, or ignored
            found.append(PropertyChange(path, Difference.MAY_CHANGE, before_leaf, leaf, text(path), because))
    return found


def _blocks_replacement(old: Resource, new: Resource, judged: Judgement, walk: _Walk) -> Iterator[str]:
    if old.options.protect and new.options.protect:
        yield "`protect` stops the preview: a protected resource is not replaced."
    if new.options.import_id:
        yield "`import` names an id: the engine refuses to replace what it was told to import."
    for dependent in walk.head or () if judged.delete_first else ():
        before = walk.matches.old_of.get(dependent.urn)
        if before is None or not before.options.protect or old.urn not in _all_makers(before):
            continue
        if _goes_too(before, dependent, old.urn, walk.judge):
            yield f"`protect` on `{dependent.name}`, which has to go first, stops it."


def _goes_too(old: Resource, new: Resource, maker: str, judge: Judge) -> bool:
    """Whether a resource would be replaced if everything that it takes from `maker` were unknown.

    The engine asks this for each dependent of what it deletes first (`calculateDependentReplacements`).
    """
    if not old.custom or not new.custom:
        return False
    names = [name for name, makers in old.property_dependencies.items() if maker in makers and name in old.inputs]
    lost = tuple(PropertyChange((name,), Difference.MAY_CHANGE, old.inputs[name], Unknown(), name) for name in names)
    inputs = {**old.inputs, **{name: Unknown() for name in names}}
    return bool(lost) and judge.update(Update(old, new, old.inputs, inputs, lost)).replaces


def _all_makers(resource: Resource) -> set[str]:
    return {urn for makers in resource.property_dependencies.values() for urn in makers}


def _deleted(resource: Resource, leaving: set[str], judge: Judge) -> ResourceChange | None:
    if resource.read or resource.type == STACK_TYPE:
        return None
    kept = bool(resource.options.retain_on_delete)
    operation = Operation.FORGET if kept and resource.custom else Operation.DELETE
    with_it = resource.options.deleted_with in leaving
    blocked = ("`protect` stops the preview: a protected resource is not deleted.",) if resource.options.protect else ()
    effects = judge.delete(resource, with_it) if resource.custom else ()
    return ResourceChange(operation, resource, None, effects=effects, blocked=blocked)


_OPTIONS: Mapping[str, str] = {
    "protect": "protect",
    "retain_on_delete": "retainOnDelete",
    "delete_before_replace": "deleteBeforeReplace",
    "ignore_changes": "ignoreChanges",
    "replace_on_changes": "replaceOnChanges",
    "deleted_with": "deletedWith",
    "import_id": "import",
    "plugin_download_url": "pluginDownloadURL",
    "hooks": "hooks",
}


def _option_changes(old: Options, new: Options, matches: Matches) -> tuple[PropertyChange, ...]:
    found: list[PropertyChange] = []
    for attribute, name in _OPTIONS.items():
        before, after = (_option(attribute, getattr(side, attribute)) for side in (old, new))
        if attribute == "deleted_with" and old.deleted_with and matches.same(old.deleted_with, new.deleted_with or ""):
            continue
        if not equal(before, after):
            found.append(PropertyChange((name,), kind_of(before, after), before, after, name))
    before, after = (_provider_name(side) for side in (old, new))
    if before != after and not matches.same(*(_provider_urn(side) for side in (old, new))):
        found.append(PropertyChange(("provider",), Difference.UPDATED, before, after, "provider"))
    return tuple(found)


def _option(attribute: str, value: object) -> AnyValue:
    """Off, empty and not said are the same, except where "no" overrides the provider."""
    if isinstance(value, tuple):
        return [str(item) for item in cast("tuple[object, ...]", value)] or MISSING
    if isinstance(value, str) or value is True:
        return value
    if isinstance(value, Mapping):
        hooks = cast("Mapping[str, tuple[str, ...]]", value)
        named: dict[str, Value] = {name: list[Value](some) for name, some in hooks.items() if some}
        return named or MISSING
    return False if value is False and attribute == "delete_before_replace" else MISSING


def _provider_urn(options: Options) -> str:
    """The URN of the provider that a program names; empty for a default one."""
    urn = options.provider_urn
    return "" if not is_urn(urn) or is_default_provider(urn) else urn


def _provider_name(options: Options) -> str:
    return _name(_provider_urn(options)) or "default"


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]
