"""Runs a program in an evaluating child and makes its plan."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from google.protobuf import struct_pb2

import dolmen
from dolmen.engine import configuration, showing
from dolmen.engine import program as programs
from dolmen.engine.deployment import Deployment, Job
from dolmen.engine.engine_service import EngineService
from dolmen.engine.kept.reads import Reads
from dolmen.engine.masking import Mask
from dolmen.engine.monitor import Monitor
from dolmen.engine.observing import Observation, Observer, observe
from dolmen.engine.plan import Invoke, Plan, Resource
from dolmen.engine.registration import Registration
from dolmen.engine.sameness import Sameness
from dolmen.engine.sources import Sources
from dolmen.engine.stand_ins import LEFT
from dolmen.engine.values import Decoder
from dolmen.stackfile.accepted import put_in_effect


def run(job: Job, observers: Mapping[str, Observer]) -> Plan:
    """The plan, with what the observers say of it."""
    done = evaluate(job)
    findings, objection = observe(observers, done.observation)
    plan = replace(done.plan, findings=findings, failure=done.plan.failure or objection)
    return done.mask.plan(plan)


def evaluate(job: Job, root: Path | None = None, mentions: Mapping[str, bool] | None = None) -> Evaluated:
    """Run the program. `root`: the tree that it may read; `mentions`: see `Sameness.known`."""
    deployment = job.deployment
    sources = Sources(deployment.folder)
    same = Sameness(sources, [str(root or deployment.folder)], deployment.stack, mentions or {})
    monitor, engine = Monitor(deployment, sources, job.lookups), EngineService()
    program = job.program
    accept(deployment)
    if isinstance(program, Path):
        keep_out_our_packages(deployment.folder)
        monitor.working_folder = program if program.is_dir() else program.parent
        program = programs.run_file(program)
    failure = programs.run_program(program, monitor, engine, sources, same)
    if same.remark:
        monitor.note("warning", "not the same twice", same.remark)
    showing.leave(monitor, engine)
    decoder = Decoder(job.key, deployment.copy_of)
    plan = replace(
        registered(deployment, monitor.registrations, monitor.stack_outputs, decoder),
        invokes=tuple(
            Invoke(made.token, decoder.properties(made.arguments), made.outcome, made.source, made.output_form)
            for made in monitor.invokes.answers
        ),
        diagnostics=tuple(engine.diagnostics),
        notes=tuple(monitor.notes),
        failure=failure,
    )
    declared = set(configuration.secrets(deployment.config))
    secrets = decoder.seen | declared | engine.remarks.secrets
    mask = Mask(secrets)
    mask.own_output()
    observation = _observation(deployment, monitor, engine, secrets, failed=failure is not None)
    return Evaluated(mask.values(mask.plan(plan), declared, job.key), observation, mask, same.reads)


def registered(
    deployment: Deployment, registrations: Mapping[str, Registration], outputs: struct_pb2.Struct, decoder: Decoder
) -> Plan:
    """A plan of what was registered, and of nothing else; its texts are not masked yet."""
    return Plan(
        project=deployment.project,
        stack=deployment.stack,
        organization=deployment.organization,
        resources=tuple(_resource(one, decoder) for one in registrations.values()),
        outputs=decoder.properties(outputs),
    )


def is_shown(plan: Plan, job: Job, observation: Observation) -> bool:
    """Whether a plan shows what an observation holds."""
    decoder = Decoder(job.key, job.deployment.copy_of)
    other = registered(job.deployment, observation.registrations, observation.outputs, decoder)
    mask, declared = Mask(observation.secrets), configuration.secrets(job.deployment.config)
    other = mask.values(mask.plan(other), declared, job.key)
    return (plan.resources, plan.outputs) == (other.resources, other.outputs)


def _observation(
    deployment: Deployment, monitor: Monitor, engine: EngineService, secrets: Iterable[str], *, failed: bool
) -> Observation:
    return replace(
        stack_of(deployment),
        registrations=dict(monitor.registrations),
        outputs=monitor.stack_outputs,
        exported=dict(engine.remarks.exported),
        assumed=any(note.kind == "assumed" for note in monitor.notes)
        or any(LEFT in text for text in deployment.config.values.values()),
        failed=failed,
        secrets=frozenset(secrets),
    )


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A program that has run."""

    plan: Plan
    """Without findings and without secrets."""
    observation: Observation
    mask: Mask
    reads: Reads


def stack_of(deployment: Deployment) -> Observation:
    """What is known of a stack before its program has run."""
    return Observation(
        project=deployment.project,
        stack=deployment.stack,
        organization=deployment.organization,
        folder=deployment.folder,
        dry_run=deployment.dry_run,
        config=deployment.config.values,
        secret_keys=deployment.config.secret_keys,
        judged_by=Path(deployment.judged_by) if deployment.judged_by is not None else None,
        acceptances=deployment.acceptances,
    )


def accept(deployment: Deployment) -> None:
    """Let what is accepted on record count in this process."""
    if deployment.acceptances is not None:
        places = (str(deployment.folder), deployment.judged_by)
        put_in_effect((Path(place) for place in places if place is not None), deployment.acceptances)


def keep_out_our_packages(folder: Path) -> None:
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
