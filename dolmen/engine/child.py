"""What happens in an evaluating child: run the program, then turn what the monitor holds into a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf import struct_pb2

from dolmen.engine import program as programs
from dolmen.engine.invokes import Lookups
from dolmen.engine.monitor import Monitor
from dolmen.engine.plan import Invoke, Plan, Resource, Value
from dolmen.engine.project import StackConfig
from dolmen.engine.registration import Registration
from dolmen.engine.sources import Sources
from dolmen.engine.values import Decoder, secret_value, to_protobuf


@dataclass(frozen=True, slots=True)
class Job:
    """Everything a child needs to evaluate one stack."""

    project: str
    stack: str
    organization: str
    folder: Path
    program: Path | Callable[[], Any]
    config: StackConfig
    lookups: Lookups
    key: bytes
    """Keys the fingerprints of secrets; the same for all stacks of a run."""
    dry_run: bool = True

    def run(self) -> Plan:
        sources = Sources(self.folder)
        monitor = Monitor(
            project=self.project,
            stack=self.stack,
            organization=self.organization,
            sources=sources,
            config=self.config.values,
            secret_keys=self.config.secret_keys,
            dry_run=self.dry_run,
            lookups=self.lookups,
        )
        program = programs.run_file(self.program, self.folder) if isinstance(self.program, Path) else self.program
        failure = programs.run_program(program, monitor, self.folder, sources)
        decoder = Decoder(self.key)
        return Plan(
            project=self.project,
            stack=self.stack,
            organization=self.organization,
            resources=tuple(_resource(one, decoder) for one in monitor.registrations.values()),
            outputs=decoder.properties(monitor.stack_outputs).value,
            config=_config(self.config, decoder),
            stack_file=self.config.file,
            invokes=tuple(
                Invoke(made.token, decoder.properties(made.arguments).value, made.outcome, made.source)
                for made in monitor.invokes.made
            ),
            diagnostics=tuple(monitor.diagnostics),
            notes=(*self.config.notes, *monitor.notes),
            failure=failure,
        )


def _resource(registration: Registration, decoder: Decoder) -> Resource:
    goal = registration.goal
    inputs = decoder.properties(goal.object)
    return Resource(
        urn=registration.urn,
        type=goal.type,
        name=goal.name,
        parent=goal.parent or None,
        custom=goal.custom,
        inputs=inputs.value,
        options=registration.options,
        dependencies=tuple(sorted(registration.dependencies)),
        property_dependencies={
            name: tuple(sorted(found)) for name, found in sorted(registration.property_dependencies.items()) if found
        },
        remote=goal.remote,
        read=registration.read,
        id=registration.id,
        outputs=decoder.properties(registration.outputs).value if registration.outputs is not None else None,
        source=registration.frames[0] if registration.frames else None,
        frames=registration.frames,
        assumed=tuple(inputs.assumed),
    )


def _config(config: StackConfig, decoder: Decoder) -> dict[str, Value]:
    shown: dict[str, Value] = {}
    struct = struct_pb2.Struct()
    for key, text in config.values.items():
        value = to_protobuf(text)
        struct.fields[key].CopyFrom(secret_value(value) if key in config.secret_keys else value)
    shown.update(decoder.properties(struct).value)
    return shown
