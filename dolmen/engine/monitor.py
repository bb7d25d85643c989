"""Answers the SDK as the real engine's preview would.

The resource monitor, in the program's own process. Pulumi's Python SDK talks to whatever object answers the monitor's
calls, so neither socket nor CLI is needed. What the engine does to a registration before it is planned (inheritance
from the parent, providers of components, transforms, dependencies, aliases) is repeated here in the engine's order.
Source: https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/resource/deploy/source_eval.go
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import callback_pb2, engine_pb2, provider_pb2, resource_pb2

from dolmen.engine import aliases, invokes, sources, transforms, urns
from dolmen.engine.assets import missing_files
from dolmen.engine.lookups import Lookups
from dolmen.engine.plan import Diagnostic, Failure, FailureKind, Note, Options, Position, Severity
from dolmen.engine.registration import Registration, given
from dolmen.engine.values import UNKNOWN, UNKNOWN_VALUE, holds_unknown, secret_value

_NONE: dict[str, int] = {}
"""(SDKs of 2025 and before have no such enumeration, nor some of the fields that are asked for with a default.)"""
_FEATURES = [
    number
    for name, number in getattr(resource_pb2, "ResourceMonitorFeature", _NONE).items()
    if name.removeprefix("RESOURCE_MONITOR_FEATURE_")
    in {
        "SECRETS", "RESOURCE_REFERENCES", "OUTPUT_VALUES", "ALIAS_SPECS", "REPLACEMENT_TRIGGER", "DELETED_WITH",
        "REPLACE_WITH", "TRANSFORMS", "INVOKE_TRANSFORMS", "PARAMETERIZATION", "RESOURCE_HOOKS", "ERROR_HOOKS",
        "INVOKE_DEPENDS_ON", "STATE_MIGRATIONS",
    }
]  # fmt: skip
_LEGACY_FEATURES = frozenset(
    {
        "secrets", "resourceReferences", "outputValues", "aliasSpecs", "replacementTrigger", "deletedWith",
        "replaceWith", "transforms", "invokeTransforms", "parameterization", "resourceHooks", "errorHooks",
    }
)  # fmt: skip
"""How SDKs before `GetDeploymentInfo` ask."""


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


class Monitor:
    """Resource monitor and engine in one object, for several threads."""

    def __init__(
        self,
        *,
        project: str,
        stack: str,
        organization: str,
        sources: sources.Sources,
        config: Mapping[str, str],
        secret_keys: frozenset[str],
        dry_run: bool,
        lookups: Lookups,
    ) -> None:
        self.project = project
        self.stack = stack
        self.organization = organization
        self.config = config
        self.secret_keys = secret_keys
        self.dry_run = dry_run
        self.registrations: dict[str, Registration] = {}
        self.stack_outputs = struct_pb2.Struct()
        self.diagnostics: list[Diagnostic] = []
        self.invokes = invokes.Invokes(lookups)
        self.refusal: Failure | None = None
        """The first thing that the engine refused: a program may swallow the exception, the plan may not."""
        self.hooks: dict[str, bool] = {}
        """Resource hook → whether it also runs in a preview."""
        self.callback: Callable[[callback_pb2.Callback, bytes], bytes] | None = None
        """Calls a function of the program (transforms), set by the host once the program registers one."""
        self._sources = sources
        self._packages: dict[str, resource_pb2.RegisterPackageRequest] = {}
        self._stack_transforms: list[callback_pb2.Callback] = []
        self._invoke_transforms: list[callback_pb2.Callback] = []
        self._notes: dict[Note, None] = {}
        self._lock = threading.RLock()

    # ---- what the plan takes from here

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

    # ---- features

    def GetDeploymentInfo(self, _: Any) -> Any:  # noqa: N802
        return resource_pb2.DeploymentInfo(
            project=self.project,
            stack=self.stack,
            organization=self.organization,
            config=dict(self.config),
            configSecretKeys=sorted(self.secret_keys),
            dryRun=self.dry_run,
            parallel=1,
            supportedFeatures=_FEATURES,
        )

    def SupportsFeature(self, request: Any) -> Any:  # noqa: N802
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in _LEGACY_FEATURES)

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
        with self._lock:
            if request.name in self.hooks:
                self.refuse(f"resource hook already registered for name {request.name!r}")
            self.hooks[request.name] = bool(request.on_dry_run)
        if request.on_dry_run:
            self.note("not-analysed", f"resource hook {request.name}", "Hooks are not run by an offline plan.")
        return empty_pb2.Empty()

    def RegisterErrorHook(self, request: Any) -> Any:  # noqa: N802
        with self._lock:
            if request.name in self.hooks:
                self.refuse(f"resource hook already registered for name {request.name!r}")
            self.hooks[request.name] = False
        return empty_pb2.Empty()

    def _call_back(self, callback: Any, payload: bytes) -> bytes:
        if self.callback is None:
            self.refuse("a transform was registered without a way to call it", grpc.StatusCode.INTERNAL)
        return self.callback(callback, payload)

    # ---- lookups

    def Invoke(self, request: Any) -> Any:  # noqa: N802
        call = resource_pb2.ResourceInvokeRequest()
        call.CopyFrom(request)
        for transform in list(self._invoke_transforms):
            transforms.transform_invoke(transform, call, self._call_back)
        if call.tok == "pulumi:pulumi:getResource":
            return self._get_resource(call)
        deferred = self._pending(getattr(call, "dependsOn", ())) or self._unconfigured(call.provider)
        return self.invokes.answer(call, self.note, deferred=deferred)

    def _get_resource(self, call: Any) -> Any:
        urn = call.args.fields["urn"].string_value
        with self._lock:
            found = self.registrations.get(urn)
        if found is None:
            self.refuse(f"unknown resource {urn}")
        answer = struct_pb2.Struct()
        answer.fields["urn"].string_value = urn
        answer.fields["id"].string_value = found.id or UNKNOWN
        answer.fields["state"].struct_value.CopyFrom(found.state)
        response = resource_pb2.ResourceInvokeResponse()
        getattr(response, "return").CopyFrom(answer)
        return response

    def _pending(self, dependencies: Any) -> bool:
        """Whether something at or below these URNs is yet to be created."""
        roots = set(dependencies)
        with self._lock:
            known = dict(self.registrations)
        children: dict[str, list[str]] = {}
        for urn, registration in known.items():
            if registration.parent:
                children.setdefault(registration.parent, []).append(urn)
        todo, seen = list(roots), set[str]()
        while todo:
            urn = todo.pop()
            if urn in seen:
                continue
            seen.add(urn)
            registration = known.get(urn)
            if registration is not None and registration.custom and not registration.exists:
                return True
            if registration is None or not registration.custom:
                todo.extend(children.get(urn, ()))
        return False

    def Call(self, request: Any) -> Any:  # noqa: N802
        self.note("not-analysed", f"method {request.tok}", "A provider's method was called; its results are unknown.")
        response = provider_pb2.CallResponse()
        getattr(response, "return").CopyFrom(invokes.unknown_result())
        urns_of_arguments = {urn for listed in request.argDependencies.values() for urn in listed.urns}
        response.returnDependencies["result"].urns.extend(sorted(urns_of_arguments))
        return response

    # ---- resources

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802
        goal = resource_pb2.RegisterResourceRequest()
        goal.CopyFrom(request)
        self._check_urns(goal)
        if (goal.custom or goal.remote) and len(goal.type.split(":")) != 3:
            self.refuse(f"Type '{goal.type}' is not a valid type token (must have format '*:*:*')")
        parent = self.registrations.get(goal.parent)
        if parent is not None:
            _inherit(goal, parent.goal)
        if goal.custom or goal.remote:
            goal.provider = goal.provider or goal.providers.get(urns.package_of(goal.type), "")
            if not goal.provider and parent is not None and not parent.custom:
                goal.provider = parent.providers.get(urns.package_of(goal.type), "")
        transforms.transform_resource(goal, self._chain(goal, parent), self._call_back)
        providers = dict(goal.providers)
        if not goal.custom and parent is not None and not parent.custom:
            providers = {**parent.providers, **providers}
        registration = Registration(
            urn=urns.make_urn(self.stack, self.project, goal.parent, goal.type, goal.name),
            goal=goal,
            providers=providers,
            frames=self._sources.frames(goal),
            id=goal.importId or None if goal.custom else None,
        )
        registration.dependencies, registration.property_dependencies = transforms.dependencies(goal)
        registration.state = self._state(goal)
        registration.options = self._options(registration)
        with self._lock:
            self._accept(registration)
        for value in goal.object.fields.values():
            for path in missing_files(value):
                self.note("warning", path, "The file does not exist here; a deployment without it fails.")
        if goal.remote:
            self.note("not-analysed", registration.urn, "A remote component: another process builds what is inside it.")
        response = resource_pb2.RegisterResourceResponse(urn=registration.urn, id=registration.id or "")
        if goal.custom:
            response.object.CopyFrom(registration.state)
        return response

    def _check_urns(self, goal: Any) -> None:
        named = [("parent", goal.parent), ("DeletedWith", goal.deletedWith)]
        named += [("dependency", urn) for urn in goal.dependencies]
        for what, urn in named:
            if urn and not urns.is_urn(urn):
                self.refuse(f"invalid {what} URN: {urn!r} is not a valid URN")
        if goal.parent and goal.parent not in self.registrations:
            self.refuse(f"the parent {goal.parent} of {goal.name} is not registered")

    def _chain(self, goal: Any, parent: Registration | None) -> list[Any]:
        """A resource's own transforms, then its parents', then the stack's."""
        chain: list[Any] = list(goal.transforms)
        while parent is not None:
            chain.extend(parent.goal.transforms)
            parent = self.registrations.get(parent.goal.parent)
        return chain + list(self._stack_transforms)

    def _accept(self, registration: Registration) -> None:
        if registration.urn in self.registrations:
            self.refuse(
                f"Duplicate resource URN '{registration.urn}'; try giving it a unique name",
                grpc.StatusCode.ALREADY_EXISTS,
                registration.frames,
            )
        self.registrations[registration.urn] = registration

    def _state(self, goal: Any) -> struct_pb2.Struct:
        """What the program gets back: a preview knows its inputs alone."""
        state = struct_pb2.Struct()
        if self._unconfigured(goal.provider):
            return state
        state.CopyFrom(goal.object)
        if goal.custom:
            for name in goal.additionalSecretOutputs:
                if name in state.fields:
                    state.fields[name].CopyFrom(secret_value(state.fields[name]))
                elif self.dry_run:
                    state.fields[name].CopyFrom(secret_value(UNKNOWN_VALUE))
        return state

    def _unconfigured(self, provider: str) -> bool:
        """Whether a provider's configuration is not known yet.

        Then nothing is known of what it manages.
        """
        found = self.registrations.get(provider.rsplit("::", 1)[0]) if provider else None
        return found is not None and any(holds_unknown(value) for value in found.goal.object.fields.values())

    def _options(self, registration: Registration) -> Options:
        goal = registration.goal
        own = aliases.collapse(goal, self.stack, self.project)
        parent = self.registrations.get(goal.parent)
        of_parent = (*parent.options.aliases, *parent.options.inherited_aliases) if parent is not None else ()
        return Options(
            protect=goal.protect if given(goal, "protect") else None,
            retain_on_delete=goal.retainOnDelete if given(goal, "retainOnDelete") else None,
            delete_before_replace=goal.deleteBeforeReplace
            if goal.deleteBeforeReplaceDefined or goal.deleteBeforeReplace
            else None,
            ignore_changes=tuple(goal.ignoreChanges),
            replace_on_changes=tuple(goal.replaceOnChanges),
            aliases=own,
            inherited_aliases=aliases.inherited(
                goal, own, tuple(filter(urns.is_urn, of_parent)), self.stack, self.project
            ),
            additional_secret_outputs=tuple(goal.additionalSecretOutputs),
            custom_timeouts={
                name: getattr(goal.customTimeouts, name)
                for name in ("create", "update", "delete")
                if getattr(goal.customTimeouts, name)
            },
            provider=self.provider_reference(goal),
            providers=dict(registration.providers),
            version=goal.version or None,
            plugin_download_url=goal.pluginDownloadURL or None,
            import_id=goal.importId or None,
            deleted_with=goal.deletedWith or None,
            replace_with=tuple(getattr(goal, "replace_with", ())),
            hide_diffs=tuple(getattr(goal, "hideDiffs", ())),
            hooks=_hooks(goal),
        )

    def provider_reference(self, goal: Any) -> str | None:
        if urns.is_provider(goal.type) or not (goal.custom or getattr(goal, "remote", False)):
            return None
        if goal.provider:
            return goal.provider
        package, version = urns.package_of(goal.type), goal.version
        reference = getattr(goal, "packageRef", "")
        registered = self._packages.get(reference) if reference else None
        if registered is not None:
            package, version = registered.name, registered.version
            if given(registered, "parameterization"):
                package, version = registered.parameterization.name, registered.parameterization.version
        return f"default:{package}@{version or '*'}"

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
        registration = Registration(
            urn=urns.make_urn(self.stack, self.project, request.parent, request.type, request.name),
            goal=goal,
            read=True,
            id=None if request.id == UNKNOWN else request.id,
            frames=self._sources.frames(request),
            dependencies=set(request.dependencies),
        )
        registration.state = self._state(goal)
        registration.options = self._options(registration)
        with self._lock:
            self._accept(registration)
        if request.type == "pulumi:pulumi:StackReference":
            self.note("assumed", f"stack {request.id}", "The outputs of another stack are unknown.")
        else:
            self.note("assumed", registration.urn, "Looked up by id; what the cloud holds under it is unknown.")
        response = resource_pb2.ReadResourceResponse(urn=registration.urn, properties=registration.state)
        if hasattr(response, "id"):
            response.id = registration.id or ""
        return response

    def ExistsResource(self, request: Any) -> Any:  # noqa: N802
        self.note("assumed", f"{request.type} {request.id}", "Whether it exists is unknown.")
        return resource_pb2.ExistsResourceResponse(exists=False, unknown=True)

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        with self._lock:
            registration = self.registrations.get(request.urn)
            if registration is None:
                self.refuse(f"outputs were registered for the unknown resource {request.urn}")
            registration.outputs = struct_pb2.Struct()
            registration.outputs.CopyFrom(request.outputs)
            if registration.goal.type == urns.STACK_TYPE:
                self.stack_outputs.CopyFrom(request.outputs)
        return empty_pb2.Empty()

    # ---- the engine's service

    def Log(self, request: Any) -> Any:  # noqa: N802
        if request.severity != engine_pb2.DEBUG:
            severity = {
                engine_pb2.INFO: Severity.INFO,
                engine_pb2.WARNING: Severity.WARNING,
                engine_pb2.ERROR: Severity.ERROR,
            }[request.severity]
            with self._lock:
                self.diagnostics.append(Diagnostic(severity, request.message, request.urn or None))
        return empty_pb2.Empty()

    def GetRootResource(self, _: Any) -> Any:  # noqa: N802
        return engine_pb2.GetRootResourceResponse(urn="")

    def SetRootResource(self, _: Any) -> Any:  # noqa: N802
        return engine_pb2.SetRootResourceResponse()

    def StartDebugging(self, _: Any) -> Any:  # noqa: N802
        return empty_pb2.Empty()

    def RequirePulumiVersion(self, _: Any) -> Any:  # noqa: N802
        return engine_pb2.RequirePulumiVersionResponse()


def _hooks(goal: Any) -> dict[str, tuple[str, ...]]:
    bound = getattr(goal, "hooks", None)
    if bound is None:
        return {}
    return {field.name: names for field in bound.DESCRIPTOR.fields if (names := tuple(getattr(bound, field.name)))}


def _inherit(child: Any, parent: Any) -> None:
    """Give a resource what it takes from its parent (`inheritFromParent`)."""
    if not child.deletedWith:
        child.deletedWith = parent.deletedWith
    if not given(child, "protect") and given(parent, "protect"):
        child.protect = parent.protect
    if not given(child, "retainOnDelete") and given(parent, "retainOnDelete"):
        child.retainOnDelete = parent.retainOnDelete
    if not child.provider and parent.provider:
        package = urns.package_of(urns.type_of(parent.provider.rsplit("::", 1)[0]))
        if (not child.remote and not child.custom) or package == urns.package_of(child.type):
            child.provider = parent.provider
