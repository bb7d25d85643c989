"""Pulumi providers over a simulated cloud: one gRPC server per package, attached with PULUMI_DEBUG_PROVIDERS.

The engine's side of the contract, as a bridged provider keeps it: previews create nothing and leave computed properties
unknown, secrets stay secret, names are filled in with a random suffix, and a change does what the contract says.
"""

from __future__ import annotations

import importlib.metadata
import json
import random
from collections.abc import Mapping
from concurrent import futures
from dataclasses import dataclass, field
from typing import Any, NoReturn

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2_grpc, status_pb2
from pulumi.runtime.proto import provider_pb2 as pb

from tests.cloud import check
from tests.cloud.cloud import Cloud, Lost, Refused, Unhealthy
from tests.cloud.contracts import problems
from tests.cloud.diff import changes, diff, kept_values, schemas, state_with, top, without_indices
from tests.cloud.kinds import kind
from tests.cloud.kinds.base import Kind
from tests.cloud.lookups import LOOKUPS, NotFound
from tests.cloud.wire import UNKNOWN, dump, is_secret, load, marked, plain, secret

PACKAGES = ("aws", "mongodbatlas", "random")


@dataclass(frozen=True)
class Checked:
    """What the engine asked a provider to check: the inputs as the program registered them, secrets marked."""

    urn: str
    inputs: Mapping[str, Any]


@dataclass
class Recording:
    """What the engine said to the simulated providers."""

    checked: list[Checked] = field(default_factory=list)
    made_up: set[str] = field(default_factory=set)
    """Names that a provider made up where the program gave none: random, but known in a preview."""
    told: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """URN → what the cloud told about a resource that was asked for by its id."""
    invoked: list[tuple[str, Mapping[str, Any], Mapping[str, Any]]] = field(default_factory=list)
    """Lookups that were answered: token, arguments, result."""


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    def __init__(self, package: str, cloud: Cloud, recording: Recording) -> None:
        self.package, self.cloud, self.recording = package, cloud, recording
        self.settings: dict[str, dict[str, Any]] = {}
        """Each connection's provider configuration: an explicit provider has a connection of its own."""

    # ---- the plugin and its configuration
    def Handshake(self, request: Any, context: Any) -> Any:  # noqa: N802
        return pb.ProviderHandshakeResponse(accept_secrets=True, accept_resources=True)

    def Attach(self, request: Any, context: Any) -> Any:  # noqa: N802
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: Any) -> Any:  # noqa: N802
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:  # noqa: N802
        # The version of the installed SDK: the engine warns about an attached provider that is older than asked for.
        return plugin_pb2.PluginInfo(version=importlib.metadata.version(f"pulumi_{self.package}"))

    def CheckConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        return pb.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        old, new = plain(load(request.olds)), plain(load(request.news))
        replaces = ["region"] if old.get("region") != new.get("region") else []
        changed = pb.DiffResponse.DIFF_SOME if old != new else pb.DiffResponse.DIFF_NONE
        return pb.DiffResponse(changes=changed, replaces=replaces)

    def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802
        self.settings[context.peer()] = plain(load(request.args))
        return pb.ConfigureResponse(acceptSecrets=True, acceptResources=True, supportsPreview=True)

    def _setting(self, context: Any, name: str, default: str) -> str:
        value = self.settings.get(context.peer(), {}).get(name)
        return default if value in (None, UNKNOWN) else str(value)

    # ---- lookups
    def Invoke(self, request: Any, context: Any) -> Any:  # noqa: N802
        look = LOOKUPS.get(request.tok)
        if look is None:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, f"the simulated cloud has no lookup {request.tok}")
            raise AssertionError
        try:
            found = look(self.cloud, plain(load(request.args)), self._setting(context, "region", "us-east-1"))
        except NotFound as missing:
            return pb.InvokeResponse(failures=[pb.CheckFailure(reason=str(missing))])
        self.recording.invoked.append((request.tok, plain(load(request.args)), found))
        return pb.InvokeResponse(**{"return": dump(found)})

    # ---- resources
    def _kind(self, request: Any, context: Any) -> Kind:
        token = request.urn.split("::")[2].split("$")[-1]
        try:
            return kind(token)
        except KeyError:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, f"the simulated cloud has no resource type {token}")
            raise

    def Check(self, request: Any, context: Any) -> Any:  # noqa: N802
        found, news, olds = self._kind(request, context), load(request.news), load(request.olds)
        self.recording.checked.append(Checked(request.urn, load(request.news)))
        filled = self._filled(found, request, news, olds)
        if "region" in found.contract.inputs and self.package == "aws" and news.get("region") is None:
            news["region"] = self._setting(context, "region", "us-east-1")
            filled.append("region")
        for name, value in news.items():  # a policy document may be an object: the provider makes JSON of it
            if found.contract.inputs.get(name) == "json" and isinstance(value, dict) and not is_secret(value):
                news[name] = json.dumps(value)
        wrong = self._objections(found, news, filled)
        if check.known(found.token):  # inputs are kept as the provider took them: numbers of texts, lists of one
            news = marked(check.converted(found.token, plain(news)), news)
        news["__defaults"] = filled
        return pb.CheckResponse(
            inputs=dump(news), failures=[pb.CheckFailure(property=name, reason=reason) for name, reason in wrong]
        )

    def _objections(self, found: Kind, news: dict[str, Any], filled: list[str]) -> list[tuple[str, str]]:
        """(property, reason) of everything that Check refuses."""
        if not check.known(found.token):
            return [*problems(found.contract, news), *found.problems(plain(news))]
        inputs = plain(news)
        named = found.contract.autonamed
        if named in filled and check.excluded(found.token, named, inputs):
            del inputs[named]  # beside a namePrefix the bridge makes up no name
        return [(failure.property, failure.reason) for failure in check.check(found.token, inputs)]

    def _filled(self, found: Kind, request: Any, news: dict[str, Any], olds: dict[str, Any]) -> list[str]:
        """Fill in names and schema defaults, as the bridge does; the names of what was filled in."""
        filled = []
        for name, value in found.defaults.items():
            if news.get(name) is None:
                news[name] = value
                filled.append(name)
        named = found.contract.autonamed
        if named and news.get(named) is None:
            # The bridge keeps a name that it made up before; one that the program gives up is made up anew.
            kept = named in olds.get("__defaults", ())
            news[named] = plain(olds[named]) if kept else self._autoname(request)
            self.recording.made_up.add(news[named])
            filled.append(named)
        return filled

    def _autoname(self, request: Any) -> str:
        if request.HasField("autonaming") and request.autonaming.proposed_name:
            return str(request.autonaming.proposed_name)
        name = request.name or request.urn.split("::")[-1]
        return f"{name}-{random.Random(request.randomSeed).randbytes(4).hex()[:7]}"

    def Diff(self, request: Any, context: Any) -> Any:  # noqa: N802
        found = self._kind(request, context)
        olds, news = load(request.old_inputs), load(request.news)
        # What the provider compares with is the state, where the cloud's own spelling of a value is kept.
        old = found.canonical(plain(olds))
        new = {**plain(news), "__defaults": news.get("__defaults", [])}
        answer = diff(found.token, old, state_with(old, plain(load(request.olds))), new)
        if answer.error is not None:
            context.abort(grpc.StatusCode.UNKNOWN, answer.error)
        # A type of the plugin framework says which property changes and not where in it, as recorded.
        detailed = found.token not in schemas() or schemas()[found.token].flavour != "framework"
        detail = {
            path: pb.PropertyDiff(
                kind=pb.PropertyDiff.Kind.Value(f"{how}_REPLACE" if top(path) in answer.replaces else how),
                inputDiff=True,
            )
            for path, how in answer.detail.items()
        }
        return pb.DiffResponse(
            changes=pb.DiffResponse.DIFF_NONE if answer.change == "none" else pb.DiffResponse.DIFF_SOME,
            diffs=answer.changed,
            detailedDiff=detail if detailed else {},
            hasDetailedDiff=detailed,
            replaces=answer.replaces,
            # pulumi-aws deletes some types first whatever their name.
            deleteBeforeReplace=answer.delete_before_replace
            or (answer.change == "replace" and found.delete_before_replace),
        )

    def Create(self, request: Any, context: Any) -> Any:  # noqa: N802
        found, inputs = self._kind(request, context), load(request.properties)
        self._refuse_plan(context, found, inputs)
        if request.preview:
            return pb.CreateResponse(properties=dump(self._planned(found, inputs)))
        name = request.urn.split("::")[-1]
        try:
            made = self.cloud.create(found.token, name, plain(inputs), request.timeout)
        except Unhealthy as failed:
            self._half_made(context, found, failed, inputs)
        except (Refused, Lost) as error:
            _abort(context, error)
        return pb.CreateResponse(id=made, properties=dump(self._state(found, made, inputs)))

    def _refuse_plan(self, context: Any, found: Kind, inputs: dict[str, Any]) -> None:
        """End the call where the provider's own plan refuses what Check accepted."""
        wrong = check.preview_problems(found.token, plain(inputs)) if check.known(found.token) else ()
        if wrong:
            context.abort(grpc.StatusCode.UNKNOWN, "; ".join(problem.reason for problem in wrong))

    def _planned(self, found: Kind, inputs: dict[str, Any]) -> dict[str, Any]:
        """A creation's outputs in a preview: what the cloud adds is not known yet."""
        names = [*found.contract.computed, *found.contract.computed_if_unset]
        unknown = {name: UNKNOWN for name in names if inputs.get(name) is None}
        return {**unknown, **{name: secret(value) for name, value in unknown.items() if self._hidden(found, name)}} | {
            name: value for name, value in inputs.items() if name != "__defaults"
        }

    def _hidden(self, found: Kind, name: str) -> bool:
        return name in found.contract.secret

    def _state(self, found: Kind, resource_id: str, like: dict[str, Any]) -> dict[str, Any]:
        """All outputs of something that exists, with the secrets that `like` has and the provider's own."""
        known = self.cloud.read(found.token, resource_id)
        assert known is not None, resource_id
        _, outputs = known
        return {
            name: secret(value) if self._hidden(found, name) else marked(value, like.get(name))
            for name, value in outputs.items()
            if value is not None
        }

    def Read(self, request: Any, context: Any) -> Any:  # noqa: N802
        found = self._kind(request, context)
        state, inputs = load(request.properties), load(request.inputs)
        known, resource_id = self._known(found, request.id)
        if known is None:
            return pb.ReadResponse()
        told, outputs = known
        self.recording.told[request.urn] = outputs
        names = [name for name in inputs if name in told or name == "__defaults"] if inputs else list(told)
        now = {name: inputs[name] if name == "__defaults" else marked(told[name], inputs.get(name)) for name in names}
        if not inputs:  # an import: the values that the provider marks as secret
            now = {name: secret(value) if self._hidden(found, name) else value for name, value in now.items()}
        elif any(name in told and name not in inputs for name in told):
            # Something that the program never said was set by hand: the provider tells of it all the same.
            now |= {
                name: value
                for name, value in told.items()
                if name not in inputs and name in found.contract.inputs and value not in (None, [], {}, "", False, 0)
            }
        return pb.ReadResponse(
            id=resource_id, properties=dump(self._state(found, resource_id, state or inputs)), inputs=dump(now)
        )

    def _known(self, found: Kind, wanted: str) -> tuple[Any, str]:
        """What has this id, in the state's spelling or in the one that imports use."""
        for resource_id in [wanted, *self._imported(found, wanted)]:
            if known := self.cloud.read(found.token, resource_id):
                return known, resource_id
        return None, wanted

    def _imported(self, found: Kind, wanted: str) -> list[str]:
        return [live.id for live in self.cloud.all(found.token) if wanted in found.import_ids(live)]

    def Update(self, request: Any, context: Any) -> Any:  # noqa: N802
        found, news = self._kind(request, context), load(request.news)
        if request.preview:
            return pb.UpdateResponse(properties=dump({**load(request.olds), **news}))
        old = found.canonical(plain(load(request.old_inputs)))
        wrong = [
            path
            for path, _ in changes(old, plain(news))
            if found.rule(without_indices(path), old, plain(news)) == "applyError"
        ]
        if wrong:
            context.abort(grpc.StatusCode.UNKNOWN, f"{found.token} doesn't support update ({', '.join(wrong)})")
        known = self.cloud.read(found.token, request.id)
        values = kept_values(found.token, plain(news), known[0] if known else {})
        try:
            self.cloud.update(found.token, request.id, values, request.timeout)
        except Unhealthy as failed:
            self._half_made(context, found, failed, news)
        except (Refused, Lost) as error:
            _abort(context, error)
        return pb.UpdateResponse(properties=dump(self._state(found, request.id, news)))

    def Delete(self, request: Any, context: Any) -> Any:  # noqa: N802
        try:
            self.cloud.delete(self._kind(request, context).token, request.id, request.timeout)
        except (Refused, Lost, Unhealthy) as error:
            _abort(context, error)
        return empty_pb2.Empty()

    def _half_made(self, context: Any, found: Kind, failed: Unhealthy, inputs: dict[str, Any]) -> NoReturn:
        """Answer with an error that carries the state of what was made, so that the engine records it."""
        state = self._state(found, failed.id, inputs)
        detail = pb.ErrorResourceInitFailed(
            id=failed.id, properties=dump(state), inputs=dump(inputs), reasons=[str(failed)]
        )
        status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(failed))
        status.details.add().Pack(detail)
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        context.abort(grpc.StatusCode.UNKNOWN, str(failed))
        raise AssertionError


def _abort(context: Any, error: Exception) -> NoReturn:
    lost = isinstance(error, Lost)
    context.abort(grpc.StatusCode.UNAVAILABLE if lost else grpc.StatusCode.UNKNOWN, str(error))
    raise AssertionError


def serve(cloud: Cloud, recording: Recording) -> tuple[list[grpc.Server], str]:
    """Start all packages; the second result is the value for PULUMI_DEBUG_PROVIDERS."""
    servers, ports = [], []
    options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    for package in PACKAGES:
        server = grpc.server(futures.ThreadPoolExecutor(max_workers=64), options=options)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(package, cloud, recording), server)
        ports.append(f"{package}:{server.add_insecure_port('127.0.0.1:0')}")
        server.start()
        servers.append(server)
    return servers, ",".join(ports)
