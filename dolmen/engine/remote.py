"""What the engine asks of a package that builds a remote component, and what it passes on to the program.

Source: https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/resource/deploy/source_eval.go (`registerResource`)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from google.protobuf.message import Message
from pulumi.runtime.proto import provider_pb2, resource_pb2


class UnbuiltError(Exception):
    """A component stays closed. The text is for people: the end of a sentence."""


def nobody(_: Any) -> NoReturn:
    raise UnbuiltError("another process builds it")


def request_of(goal: Any, dependencies: Iterable[str], property_dependencies: Mapping[str, Iterable[str]]) -> Any:
    """The `ConstructRequest` for a goal; options that both messages have keep their names."""
    request = provider_pb2.ConstructRequest(inputs=goal.object, dependencies=sorted(dependencies))
    known = request.DESCRIPTOR.fields_by_name.keys()
    for field, value in goal.ListFields():
        if field.name in known and field.name != "dependencies":
            target = getattr(request, field.name)
            if isinstance(value, Message):
                target.MergeFromString(value.SerializeToString())  # the same fields, and another class for timeouts
            elif hasattr(target, "MergeFrom"):
                target.MergeFrom(value)
            else:
                setattr(request, field.name, value)
    for name, urns in property_dependencies.items():
        request.inputDependencies[name].urns.extend(sorted(urns))
    return request


def response_of(built: Any) -> Any:
    """The program's answer from a `ConstructResponse`."""
    response = resource_pb2.RegisterResourceResponse(urn=built.urn, object=built.state)
    for name, dependencies in built.stateDependencies.items():
        response.propertyDependencies[name].urns.extend(dependencies.urns)
    return response
