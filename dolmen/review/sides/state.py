"""`pulumi stack export` as a plan, so that a program can be compared with what was deployed last.

Format: https://www.pulumi.com/docs/iac/concepts/state-and-backends/ (deployment versions 3 and 4). Secrets in it are
ciphertext: that there is a secret is known, its value never is, so secrets are not compared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from dolmen.engine.plan import Asset, Note, Options, Placeholder, Plan, Reference, Resource, Secret, Unknown, Value
from dolmen.engine.urns import is_default_provider
from dolmen.engine.values import ARCHIVE, ASSET, RESOURCE, SECRET, SIGNATURE, UNKNOWN, asset_of
from dolmen.review.diff.matching import match
from dolmen.review.diff.values import has_unknown, is_unknown
from dolmen.review.json_files import read_json, without_defaults
from dolmen.review.sides import regions

_KINDS = {SECRET: "secret", ASSET: "asset", ARCHIVE: "archive", RESOURCE: "reference"}


class StateError(Exception):
    """The file is not a stack export. The text is for people."""


def read_state(path: Path) -> Plan:
    """The resources of an export, or of a file of a backend. Raises `StateError`."""
    written = _written(path)
    deployment = written.resources
    everything = [_checked(one, index, path.name) for index, one in enumerate(deployment)]
    live = [one for one in everything if not one.get("delete")]
    resources = tuple(_resource(one) for one in live if not _default_provider(one))
    resources = regions.of_their_own(resources, _default_regions(live))
    stack, project = _names(everything)
    notes = [Note("not-analysed", "the values of secrets", "the state holds them encrypted, so they are not compared")]
    if written.interrupted:
        detail = "an update did not end, so the state may not say what exists; see `pulumi refresh`"
        notes.append(Note("not-analysed", f"{written.interrupted} interrupted operations", detail))
    if len(live) < len(everything):
        detail = "an update could not delete them yet, and the next one tries again"
        notes.append(Note("not-analysed", f"{len(everything) - len(live)} resources that wait to be deleted", detail))
    return Plan(project, stack, "organization", resources, {}, config=_settings(everything), notes=tuple(notes))


@dataclass(frozen=True, slots=True)
class _Written:
    resources: list[Any]
    interrupted: int = 0


def _written(path: Path) -> _Written:
    """The deployment in the file: as `pulumi stack export` writes it, or as a backend of one's own keeps it."""
    content = read_json(path, StateError, f" Write it with `pulumi stack export --file {path.name}`.")
    if not isinstance(content, dict) or content.get("version") not in (3, 4):
        raise StateError(f"{path.name} is not a stack export of version 3 or 4.")
    found = content.get("deployment")
    checkpoint = content.get("checkpoint")
    if isinstance(checkpoint, dict):
        found = cast("dict[str, Any]", checkpoint).get("latest") or {}
    elif "deployment" not in content:
        raise StateError(f"{path.name} has neither a deployment nor a checkpoint.")
    if not isinstance(found, dict | None):
        raise StateError(f"{path.name}: the deployment is not an object.")
    deployment = cast("dict[str, Any]", found or {})
    resources = deployment.get("resources")
    if not isinstance(resources, list | None):
        raise StateError(f"{path.name} has no list of resources.")
    pending: Any = deployment.get("pending_operations") or ()
    return _Written(cast("list[Any]", resources or []), len(pending) if isinstance(pending, list | tuple) else 0)


def _checked(one: Any, index: int, file: str) -> dict[str, Any]:
    if not isinstance(one, dict):
        raise StateError(f"{file}: resource {index + 1} is not an object.")
    resource = cast("dict[str, Any]", one)
    urn = resource.get("urn")
    if not isinstance(urn, str) or not urn.startswith("urn:pulumi:") or len(urn.split("::")) < 4:
        raise StateError(f"{file}: resource {index + 1} has no URN.")
    for name, (kind, called) in _SHAPES.items():
        if resource.get(name) is not None and not isinstance(resource[name], kind):
            raise StateError(f"{file}: {name} of {urn} is not {called}.")
    lists = [*(resource.get("propertyDependencies") or {}).values()]
    lists += [resource.get(name) for name in ("dependencies", "aliases")]
    if not all(one is None or (isinstance(one, list) and all(isinstance(urn, str) for urn in one)) for one in lists):
        raise StateError(f"{file}: dependencies or aliases of {urn} are no lists of URNs.")
    return resource


_SHAPES: Mapping[str, tuple[type[Any], str]] = {
    "inputs": (dict, "an object"),
    "propertyDependencies": (dict, "an object"),
    "type": (str, "text"),
    "parent": (str, "text"),
    "provider": (str, "text"),
    "id": (str, "text"),
    "deletedWith": (str, "text"),
}


def _settings(everything: list[dict[str, Any]]) -> Mapping[str, Value]:
    """What the default providers were set to, `aws:region` and the like; the newest of a package decides."""
    found: dict[str, Value] = {}
    for one in sorted(everything, key=_version):
        if _default_provider(one) and not one.get("delete"):
            package = str(one["urn"].split("::")[2]).rsplit(":", 1)[-1]
            inputs = cast("Mapping[str, Value]", _value(without_defaults(one.get("inputs") or {})))
            settings = {name: value for name, value in inputs.items() if name not in ("version", "pluginDownloadURL")}
            found.update({f"{package}:{name}": value for name, value in settings.items()})
    return found


def _version(one: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d{1,9}", str((one.get("inputs") or {}).get("version", ""))))


def _default_regions(live: list[dict[str, Any]]) -> dict[str, Value]:
    """Default provider → its region: one that another version of the provider left behind may have another."""
    providers = {
        str(one["urn"]): _value((one.get("inputs") or {}).get("region")) for one in live if _default_provider(one)
    }
    return {urn: region for urn, region in providers.items() if urn.split("::")[2] == "pulumi:providers:aws"}


def _default_provider(one: Mapping[str, Any]) -> bool:
    """Default providers are the engine's own business and stand in no program."""
    return is_default_provider(one["urn"])


def _names(everything: list[dict[str, Any]]) -> tuple[str, str]:
    if not everything:
        return "", ""
    stack, project = str(everything[0]["urn"]).split("::")[:2]
    return stack.removeprefix("urn:pulumi:"), project


def _resource(one: Mapping[str, Any]) -> Resource:
    urn: str = one["urn"]
    return Resource(
        urn,
        str(one.get("type") or urn.split("::")[2].rsplit("$", 1)[-1]),
        urn.rsplit("::", 1)[-1],
        one.get("parent") or None,
        bool(one.get("custom")),
        cast("Mapping[str, Value]", _value(without_defaults(one.get("inputs") or {}))),
        Options(
            protect=one.get("protect"),
            retain_on_delete=one.get("retainOnDelete"),
            aliases=tuple(one.get("aliases") or ()),
            provider=one.get("provider"),
            deleted_with=one.get("deletedWith"),
        ),
        dependencies=tuple(one.get("dependencies") or ()),
        property_dependencies={k: tuple(v or ()) for k, v in (one.get("propertyDependencies") or {}).items()},
        read=bool(one.get("external")),
        id=one.get("id"),
    )


def _value(value: Any) -> Value:
    if isinstance(value, list):
        return [_value(one) for one in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return Unknown() if value == UNKNOWN else value
    written = cast("dict[str, Any]", value)
    kind = _KINDS.get(str(written.get(SIGNATURE)))
    if kind == "secret":
        return Secret()
    if kind == "reference":
        return Reference(str(written.get("urn", "")))
    if kind is not None:
        return asset_of(written)
    return {name: _value(inner) for name, inner in written.items()}


# ---- making both sides comparable


def aligned(state: Plan, head: Plan) -> tuple[Plan, Plan]:
    """Both plans without the differences that only say "deployed" and "not deployed yet".

    Where the program takes a value that a cloud gives, the state holds the value itself; it counts as the same unless
    what gives it changes. Secrets count as the same.
    """
    named = replace(state, stack=state.stack or head.stack, project=state.project or head.project)
    news = match(named, head)
    new_of = {old.urn: urn for urn, old in news.old_of.items()}
    heads = head.by_urn()
    olds = tuple(
        _as_written(resource, heads[new_of[resource.urn]]) if resource.urn in new_of else resource for resource in state
    )
    hidden = tuple(replace(resource, inputs=_hidden(resource.inputs)) for resource in head)
    head = replace(head, resources=regions.filled(hidden, head.config, heads, {}))
    # A region that no state names is the one that the program means today.
    settings = {**{key: head.config[key] for key in (regions.KEY,) if key in head.config}, **state.config}
    olds = regions.filled(olds, settings, state.by_urn(), {old: heads[new] for old, new in new_of.items()})
    return replace(named, resources=olds, config=_comparable(settings, head.config)), head


def _comparable(state: Mapping[str, Value], head: Mapping[str, Value]) -> Mapping[str, Value]:
    """Settings of providers as a stack file writes them, without what comes from the environment or a default."""
    return {
        key: _aligned(value, head[key]) if key in head else value
        for key, value in state.items()
        if key in head or key.partition(":")[2] in _TELLING
    }


_TELLING = frozenset({"region", "assumeRoles", "assumeRole", "defaultTags", "allowedAccountIds", "forbiddenAccountIds"})
"""Settings of which it means something that the stack file no longer has them."""


def _as_written(old: Resource, new: Resource) -> Resource:
    """Options that a state does not keep are those of the program."""
    options = replace(
        old.options,
        delete_before_replace=new.options.delete_before_replace,
        ignore_changes=new.options.ignore_changes,
        replace_on_changes=new.options.replace_on_changes,
        import_id=new.options.import_id,
    )
    return replace(old, inputs=_aligned(old.inputs, new.inputs), options=options)


def _aligned(old: Any, new: Any) -> Any:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return {k: _aligned(v, new.get(k)) for k, v in cast("Mapping[str, Any]", old).items()}
    if isinstance(old, list) and isinstance(new, list) and len(cast("list[Any]", old)) == len(cast("list[Any]", new)):
        return [_aligned(a, b) for a, b in zip(cast("list[Any]", old), cast("list[Any]", new), strict=True)]
    if is_unknown(new) or isinstance(new, Placeholder) or (isinstance(new, str | Asset) and has_unknown(new)):
        return _hidden(new)
    return Secret() if isinstance(old, Secret) or isinstance(new, Secret) else old


def _hidden(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _hidden(v) for k, v in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, list):
        return [_hidden(v) for v in cast("list[Any]", value)]
    return Secret() if isinstance(value, Secret) else value
