"""Compares Pulumi's own options of a step, which no provider sees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from dolmen.engine.urns import is_default_provider, is_provider
from dolmen.review.gate.preview import State, Step
from dolmen.review.gate.reviewed import Change
from dolmen.review.json_files import INTERNAL

_DELETING = frozenset({"delete", "delete-replaced", "replace"})
_MAKING = frozenset({"create", "create-replacement", "replace", "import", "import-replacement"})
_KEPT = ("protect", "retainOnDelete")
"""Options whose loss matters, and whose gain does not."""
_RECORDED = frozenset(
    {
        "urn", "custom", "delete", "id", "type", "inputs", "outputs", "parent", "protect", "taint", "external",
        "dependencies", "initErrors", "provider", "propertyDependencies", "pendingReplacement",
        "additionalSecretOutputs", "aliases", "customTimeouts", "importID", "retainOnDelete", "deletedWith",
        "replaceWith", "created", "modified", "sourcePosition", "stackTrace", "ignoreChanges", "hideDiff",
        "replaceOnChanges", "replacementTrigger", "refreshBeforeUpdate", "viewOf", "resourceHooks", "extensionRef",
        "snippetID",
    }
)  # fmt: skip
"""Keys of `ResourceV3`, pulumi v3.259.0. Those that are not compared say nothing of the resource, or show in its step."""
_PLUGIN = ("pluginDownloadURL", "pluginChecksums", "parameterization")
"""What a provider's own inputs say of the plugin that is run."""


def beyond_options(step: Step, change: Change | None) -> Iterator[str]:
    old, new = (side.written if side else {} for side in (step.old, step.new))
    before, after = (change.options(side) if change is not None else {} for side in ("old", "new"))
    if step.old is not None and step.new is not None:
        yield from _lost(old, new, before, after)
        yield from _moved_provider(old, new, before, after)
        yield from _unread(step.old, step.new)
    if change is not None and step.op in _MAKING and step.new is not None:
        yield from _made(new, after)
    if step.op in _DELETING and step.old is not None:
        yield from _deleted(step, old, before)
    if is_provider(step.type):
        yield from _plugin(step, after)


def fewer(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """What the options of one review hold, and those of another do not."""
    for name in _KEPT:
        if before.get(name) and not after.get(name):
            yield f"it is without `{name}`, which the first review has."
    if provider_of(before.get("provider")) != provider_of(after.get("provider")):
        yield "it is of another provider than in the first review."
    for name in ("deletedWith", "import", "pluginDownloadURL"):
        if before.get(name) != after.get(name):
            yield f"its option `{name}` is not that of the first review."


def _lost(
    old: Mapping[str, Any], new: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[str]:
    for name in _KEPT:
        if old.get(name) and not new.get(name) and not (before.get(name) and not after.get(name)):
            yield f"`{name}` would be dropped, which was not reviewed."
    gone = set(old.get("additionalSecretOutputs") or ()) - set(new.get("additionalSecretOutputs") or ())
    reviewed = set(before.get("additionalSecretOutputs") or ()) - set(after.get("additionalSecretOutputs") or ())
    if gone - reviewed:
        yield f"{', '.join(sorted(map(str, gone - reviewed)))} would no longer be secret, which was not reviewed."
    if old.get("deletedWith") != new.get("deletedWith") and (new.get("deletedWith") or "") != after.get(
        "deletedWith", ""
    ):
        yield "`deletedWith` would be another one than the reviewed one."


def _made(new: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name in _KEPT:
        if after.get(name) and not new.get(name):
            yield f"it would be made without `{name}`, which was reviewed."
    reviewed, actual = after.get("provider"), new.get("provider")
    if reviewed and actual and provider_of(reviewed) != provider_of(actual):
        yield f"it would be made by {provider_of(actual)}; the review says {provider_of(reviewed)}."
    if after.get("import") and new.get("importID") and after["import"] != new["importID"]:
        yield "another object would be imported than the reviewed one."


def _deleted(step: Step, old: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[str]:
    if before.get("retainOnDelete") and not old.get("retainOnDelete"):
        yield "it would be deleted; the review says that it stays in the cloud (`retainOnDelete`)."
    if old.get("protect") and step.op == "delete":
        yield "it is protected, and would be deleted."
    if old.get("delete") and step.op == "delete":
        yield "an earlier update left an object to be deleted, which was not reviewed: end that update first."


def _moved_provider(
    old: Mapping[str, Any], new: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[str]:
    was, becomes = (provider_of(side.get("provider")) for side in (old, new))
    reviewed = provider_of(before.get("provider")), provider_of(after.get("provider"))
    if was and becomes and was != becomes and (was, becomes) != reviewed:
        yield f"its provider would change from {was} to {becomes}, which was not reviewed."


def provider_of(reference: Any) -> str:
    """An explicit provider's URN, or the default one of a package.

    Its version is not compared: it follows from the lock, which the tree holds.
    """
    text = str(reference or "")
    if text.startswith("default:"):
        return f"the default provider of {text.removeprefix('default:').partition('@')[0]}"
    urn = text.rpartition("::")[0]
    if is_default_provider(urn):
        return f"the default provider of {urn.split('::')[2].rpartition(':')[2]}"
    return urn


def _unread(old: State, new: State) -> Iterator[str]:
    for name in sorted({*old.written, *new.written} - _RECORDED):
        if old.written.get(name) != new.written.get(name):
            yield f"`{name}` would differ, which this Dolmen does not know: use one that knows this Pulumi."
    if old.written.get("custom", True) != new.written.get("custom", True):
        yield "`custom` would differ, which was not reviewed."
    if bool(old.written.get("external")) != bool(new.written.get("external")):
        yield "`external` would differ, which was not reviewed: a resource is managed, or only read."


def _plugin(step: Step, after: Mapping[str, Any]) -> Iterator[str]:
    """What is run as the provider must not come from elsewhere."""
    if step.new is None:
        return
    new, old = _of_plugin(step.new), _of_plugin(step.old) if step.old is not None else {}
    for name in _PLUGIN:
        was = old.get(name) if step.old is not None else after.get(name)
        if was != new.get(name) and new.get(name) != after.get(name):
            yield f"`{name}` of its plugin would be another one, which was not reviewed."


def _of_plugin(state: State) -> Mapping[str, Any]:
    told = state.raw.get(INTERNAL)
    return {**state.raw, **cast("dict[str, Any]", told)} if isinstance(told, dict) else state.raw
