"""Takes resources from a program as the real engine would.

What the engine does to a registration before it is planned (inheritance from the parent, providers of components,
transforms, dependencies, aliases) is repeated here in the engine's order.
Source: https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/resource/deploy/source_eval.go
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, NoReturn

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import callback_pb2, resource_pb2

from dolmen.engine import contents, registration, remote, transforms, urns
from dolmen.engine.deployment import Deployment
from dolmen.engine.options import inherit, options_of
from dolmen.engine.plan import Failure, FailureKind, Note, Position
from dolmen.engine.registration import Registration
from dolmen.engine.remote import UnbuiltError
from dolmen.engine.sources import Sources
from dolmen.engine.unreadable import UNCOMPARED, ContentsError, UnhashedError
from dolmen.engine.values import ASSET, UNKNOWN, UNKNOWN_VALUE, secret_value, signature


class RefusedCallError(grpc.RpcError):
    """A refused call; the SDK asks it for `.code()` and `.details()`."""

    def __init__(self, code: grpc.StatusCode, details: str) -> None:
        super().__init__(details)
        self._code = code
        self._details = details

    def code(self) -> grpc.StatusCode:
        return self._code

    def details(self) -> str:
        return self._details


class Registering:
    """The monitor's calls about resources, for several threads."""

    def __init__(self, deployment: Deployment, sources: Sources) -> None:
        self.deployment = deployment
        self.working_folder = deployment.folder
        """Where the paths of assets begin: where the program starts, wherever it goes afterwards."""
        self.registrations: dict[str, Registration] = {}
        self.stack_outputs = struct_pb2.Struct()
        self.refusal: Failure | None = None
        """The first thing that the engine refused: a program may swallow the exception, the plan may not."""
        self.callback: Callable[[callback_pb2.Callback, bytes], bytes] | None = None
        """Calls a function of the program (transforms), set by the host once the program registers one."""
        self.construct: Callable[[Any], Any] = remote.nobody
        """Builds a remote component, set by the host that can."""
        self._sources = sources
        self._packages: dict[str, resource_pb2.RegisterPackageRequest] = {}
        self._stack_transforms: list[callback_pb2.Callback] = []
        self._pending_transforms: dict[tuple[str, str, str], list[Any]] = {}
        """By parent, type and name."""
        self._notes: dict[Note, None] = {}
        self._lock = threading.RLock()

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(self._notes)

    def note(self, kind: str, subject: str, detail: str) -> None:
        """Tell the reader of the plan something, once."""
        with self._lock:
            self._notes.setdefault(Note(kind, subject, detail))

    def refuse(
        self,
        message: str,
        code: grpc.StatusCode = grpc.StatusCode.INVALID_ARGUMENT,
        frames: tuple[Position, ...] = (),
    ) -> NoReturn:
        with self._lock:
            if self.refusal is None:
                self.refusal = Failure(FailureKind.PROGRAM, message, frames[0] if frames else None)
        raise RefusedCallError(code, message)

    def _call_back(self, callback: Any, payload: bytes) -> bytes:
        if self.callback is None:
            self.refuse("a transform was registered without a way to call it", grpc.StatusCode.INTERNAL)
        return self.callback(callback, payload)

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802
        goal = resource_pb2.RegisterResourceRequest()
        goal.CopyFrom(request)
        self._check_urns(goal)
        if (goal.custom or goal.remote) and len(goal.type.split(":")) != 3:
            self.refuse(f"Type '{goal.type}' is not a valid type token (must have format '*:*:*')")
        parent = self.registrations.get(goal.parent)
        given_by_parent = parent.providers if parent is not None and not parent.custom else {}
        if parent is not None:
            inherit(goal, parent)
        if goal.custom or goal.remote:
            package = urns.package_of(goal.type)
            goal.provider = goal.provider or goal.providers.get(package, "") or given_by_parent.get(package, "")
        declared = transforms.declared_dependencies(goal)
        ours = self._transforms_of(goal)
        chain = [*ours]
        for above in registration.lineage(goal.parent, self.registrations):
            chain.extend(above.goal.transforms)
        transforms.transform_resource(goal, declared, [*chain, *self._stack_transforms], self._call_back)
        dependencies, property_dependencies = transforms.dependencies(goal, declared)
        del goal.transforms[:]
        goal.transforms.extend(ours)  # for what is inside it
        self._hash_contents(goal.object, self._sources.frames(goal))
        why_closed = ""
        if goal.remote:
            goal.providers.update({**given_by_parent, **goal.providers})
            try:
                return self._built(goal, remote.request_of(goal, dependencies, property_dependencies))
            except UnbuiltError as error:
                why_closed = str(error)
                self._pending_transforms.pop((goal.parent, goal.type, goal.name), None)
        made = self._accept(
            Registration(
                urn=self._urn(goal),
                goal=goal,
                providers=dict(goal.providers) if goal.custom else {**given_by_parent, **goal.providers},
                frames=self._sources.frames(goal),
                id=goal.importId or None if goal.custom else None,
                dependencies=dependencies,
                property_dependencies=property_dependencies,
            )
        )
        if goal.remote:
            self.note(
                "not-analysed", made.urn, f"A remote component: what is inside it is not known, for {why_closed}."
            )
        response = resource_pb2.RegisterResourceResponse(urn=made.urn, id=made.id or "")
        if goal.custom:
            response.object.CopyFrom(made.state)
        return response

    def _transforms_of(self, goal: Any) -> list[Any]:
        """A resource's own transforms; of one that its package registers, those of whoever asked for it."""
        key = (goal.parent, goal.type, goal.name)
        with self._lock:
            ours = self._pending_transforms.pop(key, None) or list(goal.transforms)
            if goal.remote and ours:
                self._pending_transforms[key] = ours
        return ours

    def _built(self, goal: Any, request: Any) -> Any:
        """Let a remote component's package build it. Raises `UnbuiltError` where it cannot be had."""
        frames = self._sources.frames(goal)
        try:
            built = self.construct(request)
        except UnbuiltError:
            raise
        except Exception as error:
            self.refuse(f"{goal.type} {goal.name} could not be built: {error}", grpc.StatusCode.UNKNOWN, frames)
        with self._lock:
            self.registrations[built.urn].frames = frames  # where the program asks for it
        return remote.response_of(built)

    def ReadResource(self, request: Any) -> Any:  # noqa: N802
        goal = resource_pb2.RegisterResourceRequest(
            type=request.type,
            name=request.name,
            parent=request.parent,
            custom=True,
            object=request.properties,
            provider=request.provider,
            version=request.version,
            pluginDownloadURL=request.pluginDownloadURL,
            dependencies=request.dependencies,
            additionalSecretOutputs=request.additionalSecretOutputs,
        )
        if getattr(request, "packageRef", ""):
            goal.packageRef = request.packageRef
        self._check_urns(goal)
        made = self._accept(
            Registration(
                urn=self._urn(goal),
                goal=goal,
                read=True,
                id=None if request.id == UNKNOWN else request.id,
                frames=self._sources.frames(request),
                dependencies=set(request.dependencies),
            )
        )
        if request.type == "pulumi:pulumi:StackReference":
            self.note("assumed", f"stack {request.id}", "The outputs of another stack are unknown.")
        else:
            self.note("assumed", made.urn, "Looked up by id; what the cloud holds under it is unknown.")
        response = resource_pb2.ReadResourceResponse(urn=made.urn, properties=made.state)
        if hasattr(response, "id"):
            response.id = made.id or ""
        return response

    def ExistsResource(self, request: Any) -> Any:  # noqa: N802
        self.note("assumed", f"{request.type} {request.id}", "Whether it exists is unknown.")
        return resource_pb2.ExistsResourceResponse(exists=False, unknown=True)

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        with self._lock:
            found = self.registrations.get(request.urn)
            if found is None:
                self.refuse(f"outputs were registered for the unknown resource {request.urn}")
            found.outputs = struct_pb2.Struct()
            found.outputs.CopyFrom(request.outputs)
            if found.goal.type == urns.STACK_TYPE:
                self.stack_outputs.CopyFrom(request.outputs)
        return empty_pb2.Empty()

    def _hash_contents(self, properties: struct_pb2.Struct, frames: tuple[Position, ...]) -> None:
        """Give every asset and archive the hash of its contents. What cannot be read fails, as with the engine."""
        for name, value in properties.fields.items():
            for path, part in contents.in_properties(value, name):
                noun = "asset" if signature(part) == ASSET else "archive"
                try:
                    found = contents.hashed(part, self.working_folder)
                except UnhashedError as error:
                    self.note("not-analysed", error.source, str(error))
                except ContentsError as error:
                    if error.missing is None or self.deployment.copy_of is None:
                        wrong = f'unmarshal properties: failed to compute {noun} hash for "{path}": {error}'
                        self.refuse(wrong, grpc.StatusCode.UNKNOWN, frames)
                    self.note("not-analysed", error.missing, f"Git does not keep it for the base: {UNCOMPARED}")
                else:
                    if found is not None:
                        part.struct_value.fields["hash"].string_value = found

    def _urn(self, goal: Any) -> str:
        return urns.make_urn(self.deployment.stack, self.deployment.project, goal.parent, goal.type, goal.name)

    def _check_urns(self, goal: Any) -> None:
        named = [("parent", goal.parent), ("DeletedWith", goal.deletedWith)]
        named += [("dependency", urn) for urn in goal.dependencies]
        for what, urn in named:
            if urn and not urns.is_urn(urn):
                self.refuse(f"invalid {what} URN: {urn!r} is not a valid URN")
        if goal.parent and goal.parent not in self.registrations:
            self.refuse(f"the parent {goal.parent} of {goal.name} is not registered")

    def _accept(self, made: Registration) -> Registration:
        """Keep a registration, complete with what the program gets back and with its options."""
        made.state = self._state(made.goal)
        parent = self.registrations.get(made.parent)
        made.options = options_of(made.goal, dict(made.providers), parent, self.deployment, self._packages)
        with self._lock:
            if made.urn in self.registrations:
                self.refuse(
                    f"Duplicate resource URN '{made.urn}'; try giving it a unique name",
                    grpc.StatusCode.ALREADY_EXISTS,
                    made.frames,
                )
            self.registrations[made.urn] = made
        return made

    def _state(self, goal: Any) -> struct_pb2.Struct:
        """What the program gets back: a preview knows its inputs alone."""
        state = struct_pb2.Struct()
        if registration.unconfigured(goal.provider, self.registrations):
            return state
        state.CopyFrom(goal.object)
        if goal.custom:
            for name in goal.additionalSecretOutputs:
                if name in state.fields:
                    state.fields[name].CopyFrom(secret_value(state.fields[name]))
                elif self.deployment.dry_run:
                    state.fields[name].CopyFrom(secret_value(UNKNOWN_VALUE))
        return state
