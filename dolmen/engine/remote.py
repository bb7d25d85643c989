"""What the engine asks of a package that builds a remote component, and what it passes on to the program.

Source: https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/resource/deploy/source_eval.go (`registerResource`)
"""

from __future__ import annotations

from typing import Any, NoReturn

from pulumi.runtime.proto import provider_pb2, resource_pb2

_NOT_OPTIONS = frozenset({"project", "stack", "config", "inputs", "inputDependencies"})


class UnbuiltError(Exception):
    """A component stays closed. The text is for people: the end of a sentence."""


def nobody(_: Any) -> NoReturn:
    raise UnbuiltError("another process builds it")


def request_of(goal: Any) -> Any:
    """The `ConstructRequest` for a goal; options that both messages have keep their names."""
    request = provider_pb2.ConstructRequest(inputs=goal.object)
    known = request.DESCRIPTOR.fields_by_name.keys()
    for field, value in goal.ListFields():
        if field.name in known and field.name not in _NOT_OPTIONS:
            target = getattr(request, field.name)
            if hasattr(target, "MergeFrom"):
                target.MergeFrom(value)
            else:
                setattr(request, field.name, value)
    for name, dependencies in goal.propertyDependencies.items():
        request.inputDependencies[name].urns.extend(dependencies.urns)
    return request


def response_of(built: Any) -> Any:
    """The program's answer from a `ConstructResponse`."""
    response = resource_pb2.RegisterResourceResponse(urn=built.urn, object=built.state)
    for name, dependencies in built.stateDependencies.items():
        response.propertyDependencies[name].urns.extend(dependencies.urns)
    return response
