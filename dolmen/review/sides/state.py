"""`pulumi stack export` as a plan, so that a program can be compared with what was deployed last.

Format: https://www.pulumi.com/docs/iac/concepts/state-and-backends/ (deployment versions 3 and 4). Secrets in it are
ciphertext: that there is a secret is known, its value never is, so secrets are not compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from dolmen.engine.plan import Asset, Note, Options, Placeholder, Plan, Reference, Resource, Secret, Unknown, Value
from dolmen.engine.values import ARCHIVE, ASSET, RESOURCE, SECRET, SIGNATURE, UNKNOWN
from dolmen.review.diff.values import has_unknown, is_unknown
from dolmen.review.json_files import read_json, without_defaults

_KINDS = {SECRET: "secret", ASSET: "asset", ARCHIVE: "archive", RESOURCE: "reference"}


class StateError(Exception):
    """The file is not a stack export. The text is for people."""


def read_state(path: Path) -> Plan:
    """The resources of an export. Raises `StateError`."""
    content = read_json(path, StateError, f" Write it with `pulumi stack export --file {path.name}`.")
    found = content.get("deployment") if isinstance(content, dict) else None
    version = content.get("version") if isinstance(content, dict) else None
    if not isinstance(found, dict) or version not in (3, 4):
        raise StateError(f"{path.name} is not a stack export of version 3 or 4.")
    deployment = cast("dict[str, Any]", found)
    written = deployment.get("resources") or []
    if not isinstance(written, list):
        raise StateError(f"{path.name} has no list of resources.")
    resources = tuple(
        _resource(one)
        for one in cast("list[Any]", written)
        if isinstance(one, dict)
        and isinstance(one.get("urn"), str)
        and not one.get("delete")
        and not _default_provider(one)
    )
    stack, project = _names(resources)
    note = Note("not-analysed", "the values of secrets", "the state holds them encrypted, so they are not compared")
    return Plan(project, stack, "organization", resources, {}, notes=(note,))


def _default_provider(one: Mapping[str, Any]) -> bool:
    """Default providers are the engine's own business and stand in no program."""
    name: str = one["urn"].rsplit("::", 1)[-1]
    return str(one.get("type", "")).startswith("pulumi:providers:") and name.startswith("default")


def _names(resources: tuple[Resource, ...]) -> tuple[str, str]:
    if not resources:
        return "", ""
    parts = resources[0].urn.split("::")
    return parts[0].removeprefix("urn:pulumi:"), parts[1] if len(parts) > 1 else ""


def _resource(one: Mapping[str, Any]) -> Resource:
    urn: str = one["urn"]
    return Resource(
        urn,
        str(one.get("type", "")),
        urn.rsplit("::", 1)[-1],
        one.get("parent"),
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
        source = str(written.get("path") or written.get("uri") or "text")
        return Asset(kind, source, written.get("hash"))
    return {name: _value(inner) for name, inner in written.items()}


# ---- making both sides comparable


def aligned(state: Plan, head: Plan) -> tuple[Plan, Plan]:
    """Both plans without the differences that only say "deployed" and "not deployed yet".

    Where the program takes a value that a cloud gives, the state holds the value itself; it counts as the same unless
    what gives it changes. Secrets count as the same.
    """
    news = {resource.urn: resource for resource in head}
    olds = tuple(
        replace(resource, inputs=_aligned(resource.inputs, news[resource.urn].inputs))
        if resource.urn in news
        else resource
        for resource in state
    )
    hidden = tuple(replace(resource, inputs=_hidden(resource.inputs)) for resource in head)
    return replace(state, resources=olds), replace(head, resources=hidden)


def _aligned(old: Any, new: Any) -> Any:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return {k: _aligned(v, new.get(k)) for k, v in cast("Mapping[str, Any]", old).items()}
    if isinstance(old, list) and isinstance(new, list) and len(cast("list[Any]", old)) == len(cast("list[Any]", new)):
        return [_aligned(a, b) for a, b in zip(cast("list[Any]", old), cast("list[Any]", new), strict=True)]
    if is_unknown(new) or isinstance(new, Placeholder) or (isinstance(new, str) and has_unknown(new)):
        return _hidden(new)
    return Secret() if isinstance(old, Secret) or isinstance(new, Secret) else old


def _hidden(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _hidden(v) for k, v in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, list):
        return [_hidden(v) for v in cast("list[Any]", value)]
    return Secret() if isinstance(value, Secret) else value
