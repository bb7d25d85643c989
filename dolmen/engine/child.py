"""Runs a program in an evaluating child and makes its plan."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from google.protobuf import struct_pb2

import dolmen
from dolmen.engine import program as programs
from dolmen.engine.lookups import Lookups
from dolmen.engine.masking import Mask
from dolmen.engine.monitor import Monitor
from dolmen.engine.observing import Observation, Observer, observe
from dolmen.engine.plan import Invoke, Note, Plan, Resource, Value
from dolmen.engine.project import StackConfig
from dolmen.engine.registration import Registration
from dolmen.engine.sources import Sources
from dolmen.engine.values import LEFT, Decoder, secret_value, to_protobuf
from dolmen.stackfile.problems import sensitive


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
    observers: Mapping[str, Observer] = field(default_factory=dict[str, Observer])
    notes: tuple[Note, ...] = ()

    def run(self) -> Plan:
        if isinstance(self.program, Path):
            _keep_out_our_packages(self.folder)
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
        program = programs.run_file(self.program) if isinstance(self.program, Path) else self.program
        failure = programs.run_program(program, monitor, self.folder, sources)
        findings: Mapping[str, Any] = {}
        if self.observers:
            findings, objection = observe(self.observers, self._observation(monitor, failed=failure is not None))
            failure = failure or objection
        decoder = Decoder(self.key)
        plan = Plan(
            project=self.project,
            stack=self.stack,
            organization=self.organization,
            resources=tuple(_resource(one, decoder) for one in monitor.registrations.values()),
            outputs=decoder.properties(monitor.stack_outputs).value,
            config=_config(self.config, decoder),
            stack_file=self.config.file,
            invokes=tuple(
                Invoke(
                    made.token, decoder.properties(made.arguments).value, made.outcome, made.source, made.output_form
                )
                for made in monitor.invokes.answers
            ),
            diagnostics=tuple(monitor.diagnostics),
            notes=(*self.notes, *self.config.notes, *monitor.notes),
            failure=failure,
            findings=findings,
        )
        return self._masked(plan, decoder)

    def _masked(self, plan: Plan, decoder: Decoder) -> Plan:
        """The plan without the secrets that the program's own texts hold."""
        secrets = {self.config.values[key] for key in self.config.secret_keys if key in self.config.values}
        mask = Mask(decoder.seen | secrets)
        mask.own_output()
        return replace(
            plan,
            invokes=tuple(mask.invoke(invoke) for invoke in plan.invokes),
            failure=mask.failure(plan.failure),
            diagnostics=tuple(mask.diagnostic(diagnostic) for diagnostic in plan.diagnostics),
        )

    def _observation(self, monitor: Monitor, *, failed: bool) -> Observation:
        return Observation(
            project=self.project,
            stack=self.stack,
            organization=self.organization,
            folder=self.folder,
            dry_run=self.dry_run,
            config=self.config.values,
            secret_keys=self.config.secret_keys,
            registrations=dict(monitor.registrations),
            outputs=monitor.stack_outputs,
            assumed=any(note.kind == "assumed" for note in monitor.notes)
            or any(LEFT in text for text in self.config.values.values()),
            failed=failed,
        )


def _keep_out_our_packages(folder: Path) -> None:
    """Hide the packages that lie beside the engine in a checkout."""
    ours = Path(dolmen.__file__).resolve().parent.parent
    if ours != folder and (ours / "dolmen").is_dir() and ours.name not in ("site-packages", "dist-packages"):
        sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != ours]


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
        # A value under a secret's name is one, although it stands in plain text: it must not reach a report.
        secret = key in config.secret_keys or (sensitive(key.rsplit(":", 1)[-1]) and text[:1] not in ("{", "["))
        struct.fields[key].CopyFrom(secret_value(value) if secret else value)
    shown.update(decoder.properties(struct).value)
    return shown
