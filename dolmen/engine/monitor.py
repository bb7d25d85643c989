"""Answers the SDK as the real engine's preview would.

The resource monitor, in the program's own process. Pulumi's Python SDK talks to whatever object answers the monitor's
calls, so neither socket nor CLI is needed.
"""

from __future__ import annotations

import hashlib
from typing import Any

from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import callback_pb2, provider_pb2, resource_pb2

from dolmen.engine import invokes, registration, transforms
from dolmen.engine.deployment import Deployment
from dolmen.engine.deployment_info import info, supports
from dolmen.engine.lookups import Lookups
from dolmen.engine.registering import Registering
from dolmen.engine.sources import Sources
from dolmen.engine.values import UNKNOWN, UNKNOWN_VALUE


class Monitor(Registering):
    """The resource monitor of one deployment."""

    def __init__(self, deployment: Deployment, sources: Sources, lookups: Lookups) -> None:
        super().__init__(deployment, sources)
        self.invokes = invokes.Invokes(lookups)
        self._hooks: set[str] = set()
        self._invoke_transforms: list[callback_pb2.Callback] = []

    def GetDeploymentInfo(self, _: Any) -> Any:  # noqa: N802
        return info(self.deployment)

    def SupportsFeature(self, request: Any) -> Any:  # noqa: N802
        return resource_pb2.SupportsFeatureResponse(hasSupport=supports(request.id))

    def RegisterPackage(self, request: Any) -> Any:  # noqa: N802
        reference = hashlib.sha256(request.SerializeToString(deterministic=True)).hexdigest()[:32]
        with self._lock:
            self._packages[reference] = request
        return resource_pb2.RegisterPackageResponse(ref=reference)

    def SignalAndWaitForShutdown(self, _: Any) -> Any:  # noqa: N802
        return empty_pb2.Empty()

    # ---- functions of the program

    def RegisterStackTransform(self, request: Any) -> Any:  # noqa: N802
        with self._lock:
            self._stack_transforms.append(request)
        return empty_pb2.Empty()

    def RegisterStackInvokeTransform(self, request: Any) -> Any:  # noqa: N802
        with self._lock:
            self._invoke_transforms.append(request)
        return empty_pb2.Empty()

    def RegisterResourceHook(self, request: Any) -> Any:  # noqa: N802
        answer = self.RegisterErrorHook(request)
        if request.on_dry_run:
            self.note("not-analysed", f"resource hook {request.name}", "Hooks are not run by an offline plan.")
        return answer

    def RegisterErrorHook(self, request: Any) -> Any:  # noqa: N802
        with self._lock:
            if request.name in self._hooks:
                self.refuse(f"resource hook already registered for name {request.name!r}")
            self._hooks.add(request.name)
        return empty_pb2.Empty()

    # ---- lookups

    def Invoke(self, request: Any) -> Any:  # noqa: N802
        call = resource_pb2.ResourceInvokeRequest()
        call.CopyFrom(request)
        for transform in list(self._invoke_transforms):
            transforms.transform_invoke(transform, call, self._call_back)
        if call.tok == "pulumi:pulumi:getResource":
            return self._get_resource(call.args.fields["urn"].string_value)
        with self._lock:
            known = dict(self.registrations)
        deferred = registration.pending(getattr(call, "dependsOn", ()), known)
        deferred = deferred or registration.unconfigured(call.provider, known)
        return self.invokes.answer(call, self.note, deferred=deferred)

    def _get_resource(self, urn: str) -> Any:
        with self._lock:
            found = self.registrations.get(urn)
        if found is None:
            self.refuse(f"unknown resource {urn}")
        answer = struct_pb2.Struct()
        answer.fields["urn"].string_value = urn
        answer.fields["id"].string_value = found.id or UNKNOWN
        answer.fields["state"].struct_value.CopyFrom(found.state)
        return invokes.returning(resource_pb2.ResourceInvokeResponse(), answer)

    def Call(self, request: Any) -> Any:  # noqa: N802
        self.note("not-analysed", f"method {request.tok}", "A provider's method was called; its results are unknown.")
        response = invokes.returning(provider_pb2.CallResponse(), struct_pb2.Struct(fields={"result": UNKNOWN_VALUE}))
        urns_of_arguments = {urn for listed in request.argDependencies.values() for urn in listed.urns}
        response.returnDependencies["result"].urns.extend(sorted(urns_of_arguments))
        return response
