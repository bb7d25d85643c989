"""Settings of providers: those of a stack file reach every resource that names no provider of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from dolmen.engine.plan import Plan, Resource, Value
from dolmen.engine.urns import PROVIDER_PREFIX, is_default_provider, is_provider, is_urn, package_of
from dolmen.knowledge.effects import Data, Source
from dolmen.knowledge.provider_settings import own_to_a_stack
from dolmen.review.diff.changes import Operation, ResourceChange
from dolmen.review.diff.paths import pattern
from dolmen.review.diff.values import PropertyChange, comparison, differences, hides
from dolmen.review.diff.veiled import veiled_resources
from dolmen.review.effects.context.provider_settings import opened, settings_effects
from dolmen.review.effects.context.sides import Sides
from dolmen.review.effects.harm import harms
from dolmen.review.effects.judge import worst_first
from dolmen.review.effects.model import Effect, EffectKind
from dolmen.review.listing import listed

_ENGINE = "pulumi"
"""The namespace of the engine's own settings, which reach every resource."""
_PLUGIN = "plugin"
"""Stands for the project file's `plugins` and `packages`."""
_NOT_IN_A_STATE = ("version", "pluginDownloadURL", _PLUGIN)
_MOST = 5
_MOVED = Source("the Pulumi engine, pkg/resource/deploy/step_generator.go, providerChanged", "2026-11-30")


def of_configuration(sides: Sides) -> tuple[ResourceChange, ...]:
    """Changes of default providers, which stand in the stack file alone."""
    own = (_ENGINE,) if sides.base.stack_file is not None else ()
    named = {*sides.base.plugins, *sides.head.plugins}
    packages = sorted({*own, *named, *_packages(sides.base), *_packages(sides.head)})
    return tuple(change for package in packages for change in _default(package, sides))


def of_addition(head: Plan) -> tuple[ResourceChange, ...]:
    """Default providers of an added stack, where they are set up as no other stack's has to be."""
    added = (default_provider(package, head) for package in sorted(set(_packages(head))))
    changes = (ResourceChange(Operation.CREATE, None, one, effects=_unusual(one)) for one in added)
    return tuple(one for one in changes if one.effects)


def _unusual(provider: Resource) -> tuple[Effect, ...]:
    """What a new provider's settings do that not every provider has of its own."""
    new = _opened(provider)
    nothing = replace(new, inputs={})
    told = (one for one in _changes(nothing, new) if not hides(one.new))  # what nobody can see, nobody can call unusual
    changes = [one for one in told if not own_to_a_stack(pattern(one.path).split("."))]
    judged = settings_effects(nothing, replace(new, inputs=_only(changes, new)), changes)
    written = "" if provider.source is not None else f"{package_of(new.type)}:"
    return tuple(_of_nothing_old(one, written) for one in judged if harms([one]))


def _only(changes: Sequence[PropertyChange], provider: Resource) -> Mapping[str, Value]:
    names = {one.path[0] for one in changes}
    return {name: value for name, value in provider.inputs.items() if name in names}


def _of_nothing_old(effect: Effect, prefix: str) -> Effect:
    """A stack that holds nothing yet misses nothing at another address; whether it is meant is not known."""
    kind = EffectKind.UNKNOWN if effect.kind is EffectKind.WRONG_OBJECT else effect.kind
    named = ", ".join(f"`{prefix}{path}`" for path in effect.properties)
    return replace(effect, kind=kind, why=f"{named}: {effect.why}")


def _packages(plan: Plan) -> Iterator[str]:
    """Packages whose default provider is asked: for resources, and for lookups."""
    yield from (one.package for one in plan if one.custom and one.package != _ENGINE and _by_default(one))
    yield from (one.token.split(":", 1)[0] for one in plan.invokes)


def _default(package: str, sides: Sides) -> Iterator[ResourceChange]:
    old, new = (default_provider(package, plan) for plan in (sides.base, sides.head))
    if sides.base.stack_file is None:
        new = replace(new, inputs={key: value for key, value in new.inputs.items() if key not in _NOT_IN_A_STATE})
    old, new = veiled_resources(old, new)
    changes = tuple(_changes(old, new))
    if changes:
        yield reaching(ResourceChange(Operation.UPDATE, old, new, properties=changes), sides)


def default_provider(package: str, plan: Plan) -> Resource:
    """A package's default provider, as the stack file sets it up."""
    type = f"{PROVIDER_PREFIX}{package}"
    settings = {
        key.partition(":")[2]: opened(value) for key, value in plan.config.items() if key.startswith(f"{package}:")
    }
    if package in plan.plugins:
        settings[_PLUGIN] = plan.plugins[package]
    return Resource(f"urn:pulumi:{plan.stack}::{plan.project}::{type}::default", type, "default", None, True, settings)


def _opened(provider: Resource) -> Resource:
    return replace(provider, inputs={name: opened(value) for name, value in provider.inputs.items()})


def _changes(old: Resource, new: Resource) -> Sequence[PropertyChange]:
    return differences(dict(old.inputs), dict(new.inputs), comparison(new.type))


def _by_default(resource: Resource) -> bool:
    named = resource.options.provider_urn
    return not is_urn(named) or is_default_provider(named)


# ---- whom a changed provider reaches


def reaching(change: ResourceChange, sides: Sides) -> ResourceChange:
    """A new or changed provider with what its settings mean, and the resources that it reaches."""
    if not is_provider(change.type) or change.new is None:
        return change
    if change.old is None:
        return replace(change, effects=worst_first([*change.effects, *_unusual(change.new)]))
    if not change.properties:
        return change
    old, new = _opened(change.old), _opened(change.new)
    later = [one for one in change.properties if one.because]
    effects = settings_effects(old, new, [*_changes(old, new), *later])
    stays = tuple(one for one in change.effects if one.replaces)
    package = package_of(change.type)
    reached = [one for one in sides.managed() if package in (one.package, _ENGINE) and _uses(one, change)]
    names = listed([f"`{one.name}`" for one in reached], _MOST)
    told = f" It reaches {names}." if reached else " No resource of this stack uses it."
    found = worst_first([*stays, *effects, *_disabled(change, reached)])
    if not found:
        found = (Effect(EffectKind.DOES_NOTHING, "Both sides write the same settings.", data=Data.KEPT),)
    first, *others = found
    return replace(change, effects=(replace(first, why=f"{first.why}{told}"), *others))


def _uses(resource: Resource, change: ResourceChange) -> bool:
    if change.name == "default":
        return _by_default(resource) or any(one.path == (_PLUGIN,) for one in change.properties)
    return (resource.options.provider or "").startswith(f"{change.urn}::")


def _disabled(change: ResourceChange, reached: Sequence[Resource]) -> Iterator[Effect]:
    """Resources that are left without a provider."""
    assert change.new is not None, "both sides were asked for"
    listed = change.new.inputs.get("disable-default-providers")
    if change.type != f"{PROVIDER_PREFIX}{_ENGINE}" or not isinstance(listed, list):
        return
    left = [one for one in reached if "*" in listed or one.package in listed]
    if left:
        why = f"`{left[0].name}` and {len(left) - 1} more" if len(left) > 1 else f"`{left[0].name}`"
        yield Effect(
            EffectKind.FAILS_AT_PREVIEW,
            f"Default providers are disabled, and {why} name no provider of their own: the preview fails.",
            ("disable-default-providers",),
            data=Data.KEPT,
            safe_path="Give each of them a provider of the program's own first.",
            source=_MOVED,
        )


# ---- resources that move to another provider


def effects(change: ResourceChange, sides: Sides) -> Iterator[Effect]:
    """What it means for a resource that another provider manages it from now on."""
    old, new = change.old, change.new
    if old is None or new is None or not any(one.path == ("provider",) for one in change.options):
        return
    before, after = (provider_of(one, plan) for one, plan in ((old, sides.base), (new, sides.head)))
    moved = f"It moves from provider `{before.name}` to `{after.name}`."
    settings = _changes(before, after)
    found = settings_effects(before, after, settings)
    if not found:
        why = f"{moved} Both are set up alike, as far as the program says."
        yield Effect(EffectKind.IN_PLACE, why, ("provider",), source=_MOVED, certain=False)
    for effect in found:
        yield replace(effect, why=f"{moved} {effect.why}", properties=("provider",))


def provider_of(resource: Resource, plan: Plan) -> Resource:
    """The provider that manages a resource, its settings opened."""
    explicit = plan.by_urn().get(resource.options.provider_urn)
    return _opened(explicit) if explicit is not None else default_provider(resource.package, plan)
