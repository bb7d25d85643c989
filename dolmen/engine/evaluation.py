"""Evaluate projects and programs: the engine's public functions."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dolmen.engine import host, project
from dolmen.engine.invokes import Lookups, make_lookups, read_lookups
from dolmen.engine.plan import Failure, FailureKind, Plan
from dolmen.engine.project import RefusedError, StackConfig

TIMEOUT = 60.0
"""Seconds that a program may take."""
ORGANIZATION = "organization"
"""What a self-managed backend calls its only organization."""

_SEED = 32

LookupsSource = Lookups | Mapping[str, Any] | Path | None


def evaluate(
    project_folder: Path,
    stacks: Sequence[str],
    *,
    jobs: int | None = None,
    timeout: float = TIMEOUT,
    lookups: LookupsSource = None,
    organization: str = ORGANIZATION,
) -> list[Plan]:
    """The plans of a project's stacks, in the order given.

    Whatever is wrong with a project, a stack file or a program ends in its plan's `failure`; nothing raises.
    """
    key = os.urandom(_SEED)
    try:
        found = project.read_project(project_folder.resolve())
        answers = _lookups(lookups)
    except RefusedError as error:
        return [_empty("", stack, organization, error.failure) for stack in stacks]
    from dolmen.engine import child

    plans: dict[int, Plan] = {}
    tasks: dict[int, host.Task] = {}
    for index, stack in enumerate(stacks):
        try:
            config = project.read_config(found, stack)
        except RefusedError as error:
            plans[index] = _empty(found.name, stack, organization, error.failure)
            continue
        job = child.Job(
            project=found.name,
            stack=stack.rsplit("/", 1)[-1],
            organization=organization,
            folder=found.folder,
            program=found.main,
            config=config,
            lookups=answers,
            key=key,
        )
        tasks[index] = host.Task(job.run, _empty(found.name, stack, organization))
    done = host.run_tasks(list(tasks.values()), jobs, timeout)
    plans.update(zip(tasks, done, strict=True))
    return [plans[index] for index in range(len(stacks))]


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
    timeout: float = TIMEOUT,
) -> Plan:
    """The plan of a function that makes resources, evaluated in a forked child.

    Keys without a namespace belong to `project`. Values of `secret_config` are secret, and nothing else about them
    differs.
    """
    from dolmen.engine import child

    def full(key: str) -> str:
        return key if ":" in key else f"{project}:{key}"

    secrets = {full(key): value for key, value in (secret_config or {}).items()}
    values = {**{full(key): value for key, value in (config or {}).items()}, **secrets}
    job = child.Job(
        project=project,
        stack=stack,
        organization=organization,
        folder=(folder or Path.cwd()).resolve(),
        program=program,
        config=StackConfig(values, frozenset(secrets)),
        lookups=_lookups(lookups),
        key=os.urandom(_SEED),
        dry_run=dry_run,
    )
    return host.run_tasks([host.Task(job.run, _empty(project, stack, organization))], 1, timeout)[0]


def _lookups(source: LookupsSource) -> Lookups:
    if source is None:
        return Lookups()
    if isinstance(source, Lookups):
        return source
    return read_lookups(source) if isinstance(source, Path) else make_lookups(source)


def _empty(project_name: str, stack: str, organization: str, failure: Failure | None = None) -> Plan:
    failure = failure or Failure(FailureKind.CRASH, "The program was not evaluated.")
    return Plan(project_name, stack, organization, (), {}, failure=failure)
