"""Evaluates projects and programs: the engine's public functions."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dolmen.engine import host, imports, interpreter, observing, project
from dolmen.engine.lookups import Lookups, make_lookups, read_lookups
from dolmen.engine.observing import Observer
from dolmen.engine.plan import Failure, FailureKind, Note, Plan
from dolmen.engine.project import RefusedError, StackConfig
from dolmen.engine.request import Request
from dolmen.engine.sources import Sources

TIMEOUT = 60.0
"""Seconds that a program may take, unless the caller says otherwise."""
ORGANIZATION = "organization"
"""What a self-managed backend calls its only organization."""

if TYPE_CHECKING:
    from dolmen.engine.child import Job

_SEED = 32
Place = tuple[int, int]
"""Which request, and which of its stacks."""

LookupsSource = Lookups | Mapping[str, Any] | Path | None


def evaluate(
    project_folder: Path,
    stacks: Sequence[str],
    *,
    jobs: int | None = None,
    timeout: float | None = None,
    lookups: LookupsSource = None,
    organization: str = ORGANIZATION,
    observers: Mapping[str, Observer | str] | None = None,
    meanwhile: Callable[[], object] | None = None,
) -> list[Plan]:
    """The plans of a project's stacks, in the order given.

    `meanwhile` is called once while the programs run: the place to import what shows the result.
    Whatever is wrong with a project, a stack file or a program ends in its plan's `failure`; nothing raises.
    """
    key = os.urandom(_SEED)
    try:
        found = project.read_project(project_folder.resolve())
        answers = _lookups(lookups)
    except RefusedError as error:
        return [_empty("", stack, organization, error.failure) for stack in stacks]
    request = Request(found, tuple(stacks), key, jobs, timeout or TIMEOUT, answers, organization, dict(observers or {}))
    return evaluate_requests([request], meanwhile)[0]


def evaluate_requests(requests: Sequence[Request], meanwhile: Callable[[], object] | None = None) -> list[list[Plan]]:
    """The plans of each request, by its project's own interpreter.

    Those that name no other interpreter, or one that cannot be used, are evaluated together here.
    """
    found: dict[int, list[Plan]] = {}
    here: dict[int, Request] = {}
    for index, request in enumerate(requests):
        named = interpreter.named_by(request.project)
        try:
            if named is not None:
                found[index] = named.evaluate(request)
                continue
        except interpreter.UnusableError as error:
            note = Note("warning", "interpreter", f"{error} The running Python's packages were used.")
            request = replace(request, notes=(*request.notes, note))
        here[index] = request
    if here:
        found.update(zip(here, evaluate_together(list(here.values()), meanwhile), strict=True))
    return [found[index] for index in range(len(requests))]


def evaluate_together(requests: Sequence[Request], meanwhile: Callable[[], object] | None = None) -> list[list[Plan]]:
    """Evaluate several requests in children that share this process's imports.

    Number at once and time limit are those of the first request.
    """
    imports.install()
    from dolmen.engine import child, preload
    from dolmen.engine.deployment import Deployment

    # What somebody else imported into this process (a test run) says nothing about what the program needs.
    fresh = not any(name.startswith("pulumi_") for name in preload.worth_learning())
    plans: dict[Place, Plan] = {}
    jobs: dict[Place, child.Job] = {}
    for side, request in enumerate(requests):
        found = request.project
        observers = observing.load(request.observers)
        for index, stack in enumerate(request.stacks):
            try:
                config = project.read_config(found, stack)
            except RefusedError as error:
                plans[side, index] = _empty(found.name, stack, request.organization, error.failure)
                continue
            short = stack.rsplit("/", 1)[-1]
            deployment = Deployment(
                found.name,
                short,
                request.organization,
                found.folder,
                config,
                copy_of=request.copy_of,
                judged_by=request.judged_by,
                acceptances=request.acceptances,
            )
            jobs[side, index] = child.Job(
                deployment, found.main, request.lookups, request.key, observers, request.notes
            )
    if requests:
        # A base's temporary folder is never seen again: it shares what the head's program is known to import.
        first = requests[0].project.folder
        if len(jobs) > 1:
            preload.preload(first)
            for folder in dict.fromkeys(request.project.folder for request in requests):
                preload.compile_sources(folder, learnt_by=first)
        made, seen = _run(jobs, requests[0].jobs, requests[0].timeout, meanwhile)
        plans.update(made)
        if fresh and seen.get(first):
            preload.learn(first, seen[first])
    return [[plans[side, index] for index in range(len(request.stacks))] for side, request in enumerate(requests)]


def _run(
    jobs: Mapping[Place, Job], at_once: int | None, timeout: float, meanwhile: Callable[[], object] | None = None
) -> tuple[dict[Place, Plan], dict[Path, set[str]]]:
    """Run the jobs, and again those that a made-up lookup broke.

    A program may do with an `_output` lookup's result, inside `apply`, what only the real result can stand.
    Gives the plans, and the modules that the programs of each folder used.
    """
    seen: dict[Path, set[str]] = {}
    plans = dict(zip(jobs, host.run_tasks(_tasks(jobs.values(), seen), at_once, timeout, meanwhile), strict=True))
    again = {
        index: replace(jobs[index], lookups=replace(jobs[index].lookups, output_forms_unknown=True))
        for index, plan in plans.items()
        if plan.failure is not None
        and plan.failure.kind is not FailureKind.TIMEOUT
        and any(invoke.output_form and invoke.outcome == "assumed" for invoke in plan.invokes)
    }
    if again:
        second = host.run_tasks(_tasks(again.values(), seen), at_once, timeout)
        plans.update({index: plan for index, plan in zip(again, second, strict=True) if plan.failure is None})
    return plans, seen


def _tasks(jobs: Iterable[Job], seen: dict[Path, set[str]]) -> list[host.Task]:
    """Jobs as tasks; `seen` gathers the modules that programs used."""
    from dolmen.engine import preload

    return [
        host.Task(
            job.run,
            _empty(deployment.project, deployment.stack, deployment.organization),
            Sources(deployment.folder),
            functools.partial(preload.worth_learning, deployment.folder),
            seen.setdefault(deployment.folder, set()).update,
            {name: observing.finding_type(observer) for name, observer in job.observers.items()},
        )
        for job in jobs
        for deployment in [job.deployment]
    ]


def evaluate_program(
    program: Callable[[], Any],
    *,
    project: str = "test",
    stack: str = "test",
    organization: str = ORGANIZATION,
    config: Mapping[str, str] | None = None,
    secret_config: Mapping[str, str] | None = None,
    dry_run: bool = True,
    lookups: LookupsSource = None,
    folder: Path | None = None,
    timeout: float | None = None,
    observers: Mapping[str, Observer | str] | None = None,
) -> Plan:
    """The plan of a function, evaluated in a forked child.

    Keys without a namespace belong to `project`. Values of `secret_config` are secret, and nothing else about them
    differs.
    """
    from dolmen.engine import child
    from dolmen.engine.deployment import Deployment

    def full(key: str) -> str:
        return key if ":" in key else f"{project}:{key}"

    secrets = {full(key): value for key, value in (secret_config or {}).items()}
    values = {**{full(key): value for key, value in (config or {}).items()}, **secrets}
    read = StackConfig(values, frozenset(secrets))
    deployment = Deployment(project, stack, organization, (folder or Path.cwd()).resolve(), read, dry_run)
    job = child.Job(deployment, program, _lookups(lookups), os.urandom(_SEED), observing.load(observers))
    plans, _ = _run({(0, 0): job}, 1, timeout or TIMEOUT)
    return plans[0, 0]


def _lookups(source: LookupsSource) -> Lookups:
    if source is None:
        return Lookups()
    if isinstance(source, Lookups):
        return source
    return read_lookups(source) if isinstance(source, Path) else make_lookups(source)


def _empty(project_name: str, stack: str, organization: str, failure: Failure | None = None) -> Plan:
    failure = failure or Failure(FailureKind.CRASH, "The program was not evaluated.")
    return Plan(project_name, stack, organization, (), {}, failure=failure)
