"""Applies transforms, and works out what a registration depends on.

A transform is a function of the program. The engine calls it with the properties as output values, which carry their
dependencies, and reads the dependencies back from what it returns.
Source: https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/resource/deploy/source_eval.go (`RegisterResource`)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime.proto import resource_pb2

from dolmen.engine.registration import given
from dolmen.engine.values import (
    OUTPUT,
    SECRET,
    SIGNATURE,
    UNKNOWN,
    UNKNOWN_VALUE,
    rebuilt,
    secret_value,
    signature,
    walk,
)

CallBack = Callable[[Any, bytes], bytes]
Declared = Mapping[str, set[str]]
"""Property → URNs."""


def transform_resource(goal: Any, declared: Declared, chain: Sequence[Any], call_back: CallBack) -> None:
    """Run the transforms over a registration, in place."""
    if not chain:
        return
    sent = list(goal.dependencies)
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


def dependencies(goal: Any, declared: Declared) -> tuple[set[str], dict[str, set[str]]]:
    """The URNs that a registration and each of its properties need.

    Output values are reduced to plain ones, in place.
    """
    found = set[str](goal.dependencies)
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


def declared_dependencies(goal: Any) -> dict[str, set[str]]:
    """Dependencies of each property as the SDK sent them, before any transform.

    Without any, each property depends on everything.
    """
    if not goal.propertyDependencies and not goal.remote:
        return {name: set(goal.dependencies) for name in goal.object.fields}
    return {name: set(listed.urns) for name, listed in goal.propertyDependencies.items()}


def output_dependencies(value: struct_pb2.Value) -> set[str]:
    return {
        item.string_value
        for part in walk(value)
        if signature(part) == OUTPUT and "dependencies" in part.struct_value.fields
        for item in part.struct_value.fields["dependencies"].list_value.values
    }


def _upgrade(value: struct_pb2.Value) -> struct_pb2.Value:
    """A value as transforms see it: unknowns and secrets are outputs."""
    kind = signature(value)
    if kind == SECRET:
        return _output(value=_upgrade(value.struct_value.fields["value"]), secret=struct_pb2.Value(bool_value=True))
    if value.string_value == UNKNOWN:
        return _output()
    return rebuilt(value, _upgrade) if kind is None else value


def _output(**fields: struct_pb2.Value) -> struct_pb2.Value:
    fields[SIGNATURE] = struct_pb2.Value(string_value=OUTPUT)
    return struct_pb2.Value(struct_value=struct_pb2.Struct(fields=fields))


def _with_dependencies(value: struct_pb2.Value, urns: set[str]) -> struct_pb2.Value:
    """A property as an output value that names all its dependencies."""
    if output_dependencies(value) >= urns:
        return value
    output = struct_pb2.Value()
    output.CopyFrom(value if signature(value) == OUTPUT else _output(value=value))
    listed = output.struct_value.fields["dependencies"].list_value
    known = {item.string_value for item in listed.values}
    listed.Clear()
    listed.extend(sorted(known | urns))
    return output


def _downgrade(value: struct_pb2.Value) -> struct_pb2.Value:
    if signature(value) != OUTPUT:
        return rebuilt(value, _downgrade)
    fields = value.struct_value.fields
    inner = _downgrade(fields["value"]) if "value" in fields else UNKNOWN_VALUE
    return secret_value(inner) if "secret" in fields and fields["secret"].bool_value else inner


_OPTIONS = (
    ("protect", "protect"),
    ("retainOnDelete", "retain_on_delete"),
    ("customTimeouts", "custom_timeouts"),
    ("hooks", "hooks"),
    ("replacement_trigger", "replacement_trigger"),
    ("version", "version"),
    ("provider", "provider"),
    ("providers", "providers"),
    ("pluginDownloadURL", "plugin_download_url"),
    ("deletedWith", "deleted_with"),
    ("importId", "import"),
    ("dependencies", "depends_on"),
    ("ignoreChanges", "ignore_changes"),
    ("replaceOnChanges", "replace_on_changes"),
    ("aliases", "aliases"),
    ("additionalSecretOutputs", "additional_secret_outputs"),
    ("replace_with", "replace_with"),
    ("hideDiffs", "hide_diff"),
)
"""A registration's options, and what a transform calls them."""


def _to_options(goal: Any) -> Any:
    options = resource_pb2.TransformResourceOptions()
    for name, in_transform in _OPTIONS:
        _copy(goal, name, options, in_transform)
    if goal.deleteBeforeReplaceDefined or goal.deleteBeforeReplace:
        options.delete_before_replace = goal.deleteBeforeReplace
    return options


def _from_options(goal: Any, options: Any) -> None:
    for name, in_transform in _OPTIONS:
        _copy(options, in_transform, goal, name)
    goal.deleteBeforeReplaceDefined = given(options, "delete_before_replace")
    goal.deleteBeforeReplace = options.delete_before_replace


def _copy(source: Any, name: str, target: Any, name_there: str) -> None:
    """Make one field what another message's field is; older SDKs lack some."""
    if name in source.DESCRIPTOR.fields_by_name and name_there in target.DESCRIPTOR.fields_by_name:
        target.ClearField(name_there)
        if given(source, name):
            target.MergeFrom(type(target)(**{name_there: getattr(source, name)}))
