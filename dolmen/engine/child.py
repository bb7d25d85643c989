"""Runs a program in an evaluating child and makes its plan."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from google.protobuf import struct_pb2

import dolmen
from dolmen.engine import program as programs
from dolmen.engine import showing
from dolmen.engine.deployment import Deployment
from dolmen.engine.engine_service import EngineService
from dolmen.engine.lookups import Lookups
from dolmen.engine.masking import Mask
from dolmen.engine.monitor import Monitor
from dolmen.engine.observing import Observation, Observer, observe
from dolmen.engine.plan import Invoke, Note, Plan, Resource, Value
from dolmen.engine.project import StackConfig
from dolmen.engine.registration import Registration
from dolmen.engine.sources import Sources
from dolmen.engine.stand_ins import LEFT
from dolmen.engine.values import Decoder, secret_value, to_protobuf
from dolmen.stackfile.accepted import put_in_effect
from dolmen.stackfile.problems import sensitive


@dataclass(frozen=True, slots=True)
class Job:
    """Everything a child needs to evaluate one stack."""

    deployment: Deployment
    program: Path | Callable[[], Any]
    lookups: Lookups
    key: bytes
    """Keys the fingerprints of secrets; the same for all stacks of a run."""
    observers: Mapping[str, Observer] = field(default_factory=dict[str, Observer])
    notes: tuple[Note, ...] = ()

    def run(self) -> Plan:
        deployment = self.deployment
        sources = Sources(deployment.folder)
        monitor, engine = Monitor(deployment, sources, self.lookups), EngineService()
        program = self.program
        if deployment.acceptances is not None:
            places = (str(deployment.folder), deployment.judged_by)
            put_in_effect((Path(place) for place in places if place is not None), deployment.acceptances)
        if isinstance(program, Path):
            _keep_out_our_packages(deployment.folder)
            monitor.working_folder = program if program.is_dir() else program.parent
            program = programs.run_file(program)
        failure = programs.run_program(program, monitor, engine, sources)
        showing.leave(monitor, engine)
        findings, objection = observe(self.observers, self._observation(monitor, engine, failed=failure is not None))
        decoder = Decoder(self.key, deployment.copy_of)
        plan = Plan(
            project=deployment.project,
            stack=deployment.stack,
            organization=deployment.organization,
            resources=tuple(_resource(one, decoder) for one in monitor.registrations.values()),
            outputs=decoder.properties(monitor.stack_outputs),
            config=_config(deployment.config, decoder),
            stack_file=deployment.config.file,
            plugins=dict(deployment.config.plugins),
            invokes=tuple(
                Invoke(made.token, decoder.properties(made.arguments), made.outcome, made.source, made.output_form)
                for made in monitor.invokes.answers
            ),
            diagnostics=tuple(engine.diagnostics),
            notes=(*self.notes, *deployment.config.notes, *monitor.notes),
            failure=failure or objection,
            findings=findings,
        )
        declared = {text for key, text in deployment.config.values.items() if _is_secret(key, text, deployment.config)}
        mask = Mask(decoder.seen | declared | engine.remarks.secrets)
        mask.own_output()
        return mask.values(mask.plan(plan), declared, self.key)

    def _observation(self, monitor: Monitor, engine: EngineService, *, failed: bool) -> Observation:
        deployment = self.deployment
        return Observation(
            project=deployment.project,
            stack=deployment.stack,
            organization=deployment.organization,
            folder=deployment.folder,
            dry_run=deployment.dry_run,
            config=deployment.config.values,
            secret_keys=deployment.config.secret_keys,
            registrations=dict(monitor.registrations),
            outputs=monitor.stack_outputs,
            exported=dict(engine.remarks.exported),
            assumed=any(note.kind == "assumed" for note in monitor.notes)
            or any(LEFT in text for text in deployment.config.values.values()),
            judged_by=Path(deployment.judged_by) if deployment.judged_by is not None else None,
            acceptances=deployment.acceptances,
            failed=failed,
        )


def _keep_out_our_packages(folder: Path) -> None:
    """Hide the packages that lie beside the engine in a checkout."""
    ours = Path(dolmen.__file__).resolve().parent.parent
    if ours != folder and (ours / "dolmen").is_dir() and ours.name not in ("site-packages", "dist-packages"):
        sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != ours]


def _resource(registration: Registration, decoder: Decoder) -> Resource:
    goal = registration.goal
    assumed: list[str] = []
    return Resource(
        urn=registration.urn,
        type=goal.type,
        name=goal.name,
        parent=goal.parent or None,
        custom=goal.custom,
        inputs=decoder.properties(goal.object, assumed),
        options=registration.options,
        dependencies=tuple(sorted(registration.dependencies)),
        property_dependencies={
            name: tuple(sorted(found)) for name, found in sorted(registration.property_dependencies.items()) if found
        },
        remote=goal.remote,
        read=registration.read,
        id=registration.id,
        outputs=decoder.properties(registration.outputs) if registration.outputs is not None else None,
        source=registration.frames[0] if registration.frames else None,
        frames=registration.frames,
        assumed=tuple(assumed),
    )


def _config(config: StackConfig, decoder: Decoder) -> dict[str, Value]:
    struct = struct_pb2.Struct()
    for key, text in config.values.items():
        value = to_protobuf(text)
        struct.fields[key].CopyFrom(secret_value(value) if _is_secret(key, text, config) else value)
    return decoder.properties(struct)


def _is_secret(key: str, text: str, config: StackConfig) -> bool:
    """Whether the stack file calls a value secret; under a secret's name it is one, although it stands in plain text."""
    plain = text[:1] in ("{", "[") or text in ("true", "false")
    return key in config.secret_keys or (sensitive(key.rsplit(":", 1)[-1]) and not plain)
