"""Works out the options of a resource: what it inherits, its provider, its aliases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dolmen.engine import aliases, urns
from dolmen.engine.deployment import Deployment
from dolmen.engine.plan import Options
from dolmen.engine.registration import Registration, given


def inherit(goal: Any, parent: Registration) -> None:
    """Give a resource what it takes from its parent (`inheritFromParent`)."""
    giver = parent.goal
    if not goal.deletedWith:
        goal.deletedWith = giver.deletedWith
    for name in ("protect", "retainOnDelete"):
        if not given(goal, name) and given(giver, name):
            setattr(goal, name, getattr(giver, name))
    if not goal.provider and giver.provider:
        package = urns.package_of(urns.type_of(giver.provider.rsplit("::", 1)[0]))
        if (not goal.remote and not goal.custom) or package == urns.package_of(goal.type):
            goal.provider = giver.provider


def options_of(
    goal: Any,
    providers: Mapping[str, str],
    parent: Registration | None,
    deployment: Deployment,
    packages: Mapping[str, Any],
) -> Options:
    """The options of a registration, after inheritance and transforms."""
    own = aliases.collapse(goal, deployment)
    of_parent = (*parent.options.aliases, *parent.options.inherited_aliases) if parent is not None else ()
    inherited = aliases.inherited(goal, own, tuple(filter(urns.is_urn, of_parent)), deployment)
    said = goal.deleteBeforeReplaceDefined or goal.deleteBeforeReplace
    timeouts = {name: getattr(goal.customTimeouts, name) for name in ("create", "update", "delete")}
    return Options(
        protect=goal.protect if given(goal, "protect") else None,
        retain_on_delete=goal.retainOnDelete if given(goal, "retainOnDelete") else None,
        delete_before_replace=goal.deleteBeforeReplace if said else None,
        ignore_changes=tuple(goal.ignoreChanges),
        replace_on_changes=tuple(goal.replaceOnChanges),
        aliases=own,
        inherited_aliases=inherited,
        additional_secret_outputs=tuple(goal.additionalSecretOutputs),
        custom_timeouts={name: duration for name, duration in timeouts.items() if duration},
        provider=_provider(goal, packages),
        providers=providers,
        version=goal.version or None,
        plugin_download_url=goal.pluginDownloadURL or None,
        import_id=goal.importId or None,
        deleted_with=goal.deletedWith or None,
        replace_with=tuple(getattr(goal, "replace_with", ())),  # older SDKs lack this and what follows
        hide_diffs=tuple(getattr(goal, "hideDiffs", ())),
        hooks=_hooks(goal),
    )


def _provider(goal: Any, packages: Mapping[str, Any]) -> str | None:
    """The provider that a resource names, or the default one of its package."""
    if urns.is_provider(goal.type) or not (goal.custom or goal.remote):
        return None
    if goal.provider:
        return goal.provider
    package, version = urns.package_of(goal.type), goal.version
    registered = packages.get(getattr(goal, "packageRef", ""))
    if registered is not None:
        named = registered.parameterization if given(registered, "parameterization") else registered
        package, version = named.name, named.version
    return f"default:{package}@{version or '*'}"


def _hooks(goal: Any) -> dict[str, tuple[str, ...]]:
    bound = getattr(goal, "hooks", None)
    if bound is None:
        return {}
    return {field.name: names for field in bound.DESCRIPTOR.fields if (names := tuple(getattr(bound, field.name)))}
