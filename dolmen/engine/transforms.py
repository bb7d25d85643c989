"""Applies transforms, and works out what a registration depends on.

A transform is a function of the program. The engine calls it with the properties as output values, which carry their
dependencies, and reads the dependencies back from what it returns.
Source: https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/resource/deploy/source_eval.go (`RegisterResource`)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime.proto import resource_pb2

from dolmen.engine.registration import given
from dolmen.engine.values import OUTPUT, SECRET, SIGNATURE, UNKNOWN, UNKNOWN_VALUE, secret_value, signature

CallBack = Callable[[Any, bytes], bytes]


def transform_resource(goal: Any, chain: Sequence[Any], call_back: CallBack) -> None:
    """Run the transforms over a registration, in place."""
    if not chain:
        return
    sent = list(goal.dependencies)
    declared = _declared(goal)
    for name in list(goal.object.fields):
        value = _upgrade(goal.object.fields[name])
        if goal.transforms:
            value = _with_dependencies(value, declared.get(name, set[str]()))
        goal.object.fields[name].CopyFrom(value)
    for transform in chain:
        request = resource_pb2.TransformRequest(
            type=goal.type,
            name=goal.name,
            custom=goal.custom,
            parent=goal.parent,
            properties=goal.object,
            options=_to_options(goal),
        )
        response = resource_pb2.TransformResponse.FromString(call_back(transform, request.SerializeToString()))
        if given(response, "properties"):
            goal.object.CopyFrom(response.properties)
        if given(response, "options"):
            _from_options(goal, response.options)
    if not goal.transforms:  # what a transform of the stack or a parent says about dependencies is not heard
        del goal.dependencies[:]
        goal.dependencies.extend(sent)


def transform_invoke(transform: Any, call: Any, call_back: CallBack) -> None:
    request = resource_pb2.TransformInvokeRequest(
        token=call.tok,
        args=call.args,
        options=resource_pb2.TransformInvokeOptions(
            provider=call.provider, version=call.version, plugin_download_url=call.pluginDownloadURL
        ),
    )
    response = resource_pb2.TransformInvokeResponse.FromString(call_back(transform, request.SerializeToString()))
    if given(response, "args"):
        call.args.CopyFrom(response.args)
    if given(response, "options"):
        call.provider = response.options.provider
        call.version = response.options.version
        call.pluginDownloadURL = response.options.plugin_download_url


def dependencies(goal: Any) -> tuple[set[str], dict[str, set[str]]]:
    """The URNs that a registration and each of its properties need.

    Output values are reduced to plain ones, in place.
    """
    found = set[str](goal.dependencies)
    declared = _declared(goal)
    by_property: dict[str, set[str]] = {} if goal.transforms else dict(declared)
    for name in list(goal.object.fields):
        value = goal.object.fields[name]
        inside = output_dependencies(value)
        if goal.transforms:
            by_property[name] = inside
            found |= inside
        else:
            by_property[name] = by_property.get(name, set[str]()) | inside
        if not goal.remote:
            value.CopyFrom(_downgrade(value))
    return found, by_property


def _declared(goal: Any) -> dict[str, set[str]]:
    """Dependencies of each property as the SDK sent them.

    Without any, each property depends on everything.
    """
    if not goal.propertyDependencies and not goal.remote:
        return {name: set(goal.dependencies) for name in goal.object.fields}
    return {name: set(listed.urns) for name, listed in goal.propertyDependencies.items()}


def output_dependencies(value: struct_pb2.Value) -> set[str]:
    found: set[str] = set()
    kind = value.WhichOneof("kind")
    if kind == "list_value":
        for item in value.list_value.values:
            found |= output_dependencies(item)
    elif kind == "struct_value":
        fields = value.struct_value.fields
        if signature(value) == OUTPUT and "dependencies" in fields:
            found.update(item.string_value for item in fields["dependencies"].list_value.values)
        for item in fields.values():
            found |= output_dependencies(item)
    return found


def _upgrade(value: struct_pb2.Value) -> struct_pb2.Value:
    """A value as transforms see it: unknowns and secrets are outputs."""
    kind = value.WhichOneof("kind")
    result = struct_pb2.Value()
    if kind == "string_value" and value.string_value == UNKNOWN:
        result.struct_value.fields[SIGNATURE].string_value = OUTPUT
    elif kind == "list_value":
        result.list_value.SetInParent()
        for item in value.list_value.values:
            result.list_value.values.add().CopyFrom(_upgrade(item))
    elif signature(value) == SECRET:
        fields = result.struct_value.fields
        fields[SIGNATURE].string_value = OUTPUT
        fields["secret"].bool_value = True
        fields["value"].CopyFrom(_upgrade(value.struct_value.fields["value"]))
    elif kind == "struct_value" and signature(value) is None:
        result.struct_value.SetInParent()
        for name, item in value.struct_value.fields.items():
            result.struct_value.fields[name].CopyFrom(_upgrade(item))
    else:
        return value
    return result


def _with_dependencies(value: struct_pb2.Value, urns: set[str]) -> struct_pb2.Value:
    """A property as an output value that names all its dependencies."""
    if output_dependencies(value) >= urns:
        return value
    output = struct_pb2.Value()
    fields = output.struct_value.fields
    known: set[str] = set()
    if signature(value) == OUTPUT:
        output.CopyFrom(value)
        if "dependencies" in fields:
            known = {item.string_value for item in fields["dependencies"].list_value.values}
    else:
        fields[SIGNATURE].string_value = OUTPUT
        fields["value"].CopyFrom(value)
    fields["dependencies"].list_value.Clear()
    for urn in sorted(known | urns):
        fields["dependencies"].list_value.values.add().string_value = urn
    return output


def _downgrade(value: struct_pb2.Value) -> struct_pb2.Value:
    kind = value.WhichOneof("kind")
    result = struct_pb2.Value()
    if kind == "list_value":
        result.list_value.SetInParent()
        for item in value.list_value.values:
            result.list_value.values.add().CopyFrom(_downgrade(item))
        return result
    if kind != "struct_value":
        return value
    fields = value.struct_value.fields
    if signature(value) == OUTPUT:
        inner = _downgrade(fields["value"]) if "value" in fields else UNKNOWN_VALUE
        return secret_value(inner) if "secret" in fields and fields["secret"].bool_value else inner
    result.struct_value.SetInParent()
    for name, item in fields.items():
        result.struct_value.fields[name].CopyFrom(_downgrade(item))
    return result


def _to_options(goal: Any) -> Any:
    options = resource_pb2.TransformResourceOptions(
        depends_on=goal.dependencies,
        ignore_changes=goal.ignoreChanges,
        replace_on_changes=goal.replaceOnChanges,
        version=goal.version,
        aliases=goal.aliases,
        provider=goal.provider,
        plugin_download_url=goal.pluginDownloadURL,
        deleted_with=goal.deletedWith,
        additional_secret_outputs=goal.additionalSecretOutputs,
        providers=dict(goal.providers),
    )
    for here, there in (("replace_with", "replace_with"), ("hideDiffs", "hide_diff")):
        if hasattr(options, there):
            getattr(options, there).extend(getattr(goal, here, ()))
    setattr(options, "import", goal.importId)
    if given(goal, "protect"):
        options.protect = goal.protect
    if given(goal, "retainOnDelete"):
        options.retain_on_delete = goal.retainOnDelete
    if goal.deleteBeforeReplaceDefined or goal.deleteBeforeReplace:
        options.delete_before_replace = goal.deleteBeforeReplace
    if given(goal, "customTimeouts"):
        options.custom_timeouts.CopyFrom(goal.customTimeouts)
    for name in ("hooks", "replacement_trigger"):
        if hasattr(options, name) and given(goal, name):
            getattr(options, name).CopyFrom(getattr(goal, name))
    return options


_LISTS = (
    ("dependencies", "depends_on"),
    ("ignoreChanges", "ignore_changes"),
    ("replaceOnChanges", "replace_on_changes"),
    ("aliases", "aliases"),
    ("additionalSecretOutputs", "additional_secret_outputs"),
    ("replace_with", "replace_with"),
    ("hideDiffs", "hide_diff"),
)


def _from_options(goal: Any, options: Any) -> None:
    for here, there in _LISTS:
        if not hasattr(options, there):
            continue
        target = getattr(goal, here)
        del target[:]
        target.extend(getattr(options, there))
    goal.version = options.version
    goal.provider = options.provider
    goal.pluginDownloadURL = options.plugin_download_url
    goal.deletedWith = options.deleted_with
    goal.importId = getattr(options, "import")
    goal.providers.clear()
    goal.providers.update(options.providers)
    if given(options, "protect"):
        goal.protect = options.protect
    else:
        goal.ClearField("protect")
    if given(options, "retain_on_delete"):
        goal.retainOnDelete = options.retain_on_delete
    else:
        goal.ClearField("retainOnDelete")
    goal.deleteBeforeReplaceDefined = given(options, "delete_before_replace")
    goal.deleteBeforeReplace = options.delete_before_replace
    for here, there in (
        ("customTimeouts", "custom_timeouts"),
        ("hooks", "hooks"),
        ("replacement_trigger", "replacement_trigger"),
    ):
        if not hasattr(options, there):
            continue
        if given(options, there):
            getattr(goal, here).CopyFrom(getattr(options, there))
        else:
            goal.ClearField(here)
