"""Evaluates projects and programs: the engine's public functions."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dolmen.engine import configuration, host, interpreter, observing, project, runs
from dolmen.engine.deployment import Deployment, Job, nothing
from dolmen.engine.evaluator.client import UnusableError
from dolmen.engine.interpreter import Interpreter
from dolmen.engine.kept import plans
from dolmen.engine.lookups import Lookups, make_lookups, read_lookups
from dolmen.engine.observing import Observer
from dolmen.engine.plan import Failure, FailureKind, Plan
from dolmen.engine.project import RefusedError, StackConfig
from dolmen.engine.request import Request
from dolmen.engine.sources import Sources

TIMEOUT = 60.0
"""Seconds that a program may take, unless the caller says otherwise."""
ORGANIZATION = "organization"
"""What a self-managed backend calls its only organization."""

_SEED = 32
LookupsSource = Lookups | Mapping[str, Any] | Path | None


def evaluate(
    project_folder: Path,
    stacks: Sequence[str],
    *,
    jobs: int | None = None,
    timeout: float | None = None,
    lookups: LookupsSource = None,
    organization: str = ORGANIZATION,
    observers: Mapping[str, str] | None = None,
    passed: Sequence[str] = (),
    distrusted: str = "",
    meanwhile: Callable[[], object] | None = None,
    keep: bool = False,
) -> list[Plan]:
    """The plans of a project's stacks, in the order given.

    `passed` names variables of the environment that the programs see; `distrusted` says why the project's interpreter is
    not to be run. `meanwhile` is called once while the programs run: the place to import what shows the result. `keep`:
    plans are kept for the next time, and those that are kept are taken.
    Whatever is wrong with a project, a stack file or a program ends in its plan's `failure`. Raises `TypeError` for
    observers that are not given by name (`"module:function"`), or cannot be imported.
    """
    observing.refuse_functions(observers or {})
    key = run_key(project_folder.resolve(), keep=keep)
    try:
        found = project.read_project(project_folder.resolve())
        answers = _lookups(lookups)
    except RefusedError as error:
        return [runs.refusal("", stack, organization, error.failure) for stack in stacks]
    request = Request(
        found,
        tuple(stacks),
        key,
        jobs,
        timeout or TIMEOUT,
        answers,
        organization,
        dict(observers or {}),
        passed=tuple(passed),
        distrusted=distrusted,
        keep=keep,
    )
    return evaluate_requests([request], meanwhile)[0]


def run_key(folder: Path, *, keep: bool) -> bytes:
    """What keys the fingerprints of secrets in one run; with `keep`, in all of this user's."""
    return (plans.fingerprint_key(folder) if keep else None) or os.urandom(_SEED)


def evaluate_requests(requests: Sequence[Request], meanwhile: Callable[[], object] | None = None) -> list[list[Plan]]:
    """The plans of each request, by its project's own interpreter, each in an evaluator.

    Number at once, time limit and variables are those of the first request.
    """
    together: dict[Interpreter, list[int]] = {}
    asked = list(requests)
    for index, request in enumerate(asked):
        chosen, note = interpreter.choose(request.project, request.distrusted)
        if note is not None:
            asked[index] = replace(request, notes=(*request.notes, note))
        together.setdefault(chosen, []).append(index)
    found: dict[int, list[Plan]] = {}
    for chosen, indices in together.items():
        made = _by(chosen, [asked[index] for index in indices], meanwhile)
        found.update(zip(indices, made, strict=True))
        meanwhile = None
    return [found[index] for index in range(len(asked))]


def _by(chosen: Interpreter, requests: list[Request], meanwhile: Callable[[], object] | None) -> list[list[Plan]]:
    try:
        return runs.plans(chosen, requests, meanwhile)
    except UnusableError as error:
        if chosen.running:
            failure = Failure(
                FailureKind.CRASH, f"No program can be evaluated here: {error}. `dolmen doctor` says more."
            )
            return [
                [runs.refusal(one.project.name, stack, one.organization, failure) for stack in one.stacks]
                for one in requests
            ]
        note = interpreter.not_used(chosen, requests[0].project, str(error))
        again = [replace(request, notes=(*request.notes, note)) for request in requests]
        return runs.plans(interpreter.RUNNING, again, None)


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

    def full(key: str) -> str:
        return key if ":" in key else f"{project}:{key}"

    secrets = {full(key): value for key, value in (secret_config or {}).items()}
    values = {**{full(key): value for key, value in (config or {}).items()}, **secrets}
    read = StackConfig(values, frozenset(secrets))
    deployment = Deployment(project, stack, organization, (folder or Path.cwd()).resolve(), read, dry_run)
    seen = observing.load(observers)
    job = Job(deployment, program, _lookups(lookups), os.urandom(_SEED))
    plan = _forked(job, seen, timeout or TIMEOUT)
    if runs.is_broken_by_a_lookup(plan):
        job = replace(job, lookups=replace(job.lookups, output_forms_unknown=True))
        again = _forked(job, seen, timeout or TIMEOUT)
        plan = plan if again.failure is not None else again
    return plan


def _forked(job: Job, observers: Mapping[str, Observer], timeout: float) -> Plan:
    from dolmen.engine import child

    deployment = job.deployment
    kinds = {name: observing.finding_type(one) for name, one in observers.items()}
    plan = host.run(lambda: child.run(job, observers), nothing(deployment), Sources(deployment.folder), timeout, kinds)
    return replace(plan, config=configuration.given(deployment.config, job.key))


def _lookups(source: LookupsSource) -> Lookups:
    if source is None:
        return Lookups()
    if isinstance(source, Lookups):
        return source
    return read_lookups(source) if isinstance(source, Path) else make_lookups(source)
