"""Has requests evaluated by an evaluator, and makes plans of what comes back."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from dolmen.engine import cache, configuration, observing, passed
from dolmen.engine.closed.reading import leaving_out
from dolmen.engine.deployment import Deployment, Job, nothing
from dolmen.engine.evaluator import outcomes, pool
from dolmen.engine.evaluator.client import Evaluator
from dolmen.engine.evaluator.orders import job_json
from dolmen.engine.evaluator.outcomes import Outcome
from dolmen.engine.evaluator.tree import LEFT_OUT, root_of
from dolmen.engine.imports import SWITCH
from dolmen.engine.interpreter import Interpreter
from dolmen.engine.kept.plans import Kept
from dolmen.engine.kept.reads import Reads, read_reads
from dolmen.engine.plan import Failure, FailureKind, Plan
from dolmen.engine.project import Project, RefusedError, read_config
from dolmen.engine.request import Request
from dolmen.engine.sources import Sources
from dolmen.engine.surroundings import Surroundings
from dolmen.engine.wire.decode import read_findings
from dolmen.engine.wire.foreign import ForeignDataError
from dolmen.engine.wire.learnt import read_learnt
from dolmen.engine.wire.results import read_plan_of, refused

Place = tuple[int, int]
"""Which request, and which of its stacks."""


def plans(chosen: Interpreter, requests: Sequence[Request], meanwhile: Callable[[], object] | None) -> list[list[Plan]]:
    """The plans of each request. Raises `UnusableError` where the interpreter cannot evaluate."""
    found: dict[Place, Plan] = {}
    jobs: dict[Place, Job] = {}
    kept, kinds = Kept(chosen, requests), _kinds(requests)
    for side, request in enumerate(requests):
        for index, stack in enumerate(request.stacks):
            try:
                job = _job(request, stack)
            except RefusedError as error:
                found[side, index] = refusal(request.project.name, stack, request.organization, error.failure)
                continue
            plan = kept.find(request, job, kinds)
            if plan is not None:
                found[side, index] = plan
            else:
                jobs[side, index] = job
    if jobs:
        run = _Run(requests, pool.evaluator(chosen, requests[0].passed), partial(_prepare, requests), kinds)
        found.update(run.all(jobs, meanwhile))
        kept.keep([(requests[one[0]], job, found[one], run.reads[one]) for one, job in jobs.items()])
    elif meanwhile is not None:
        meanwhile()
    return [[found[side, index] for index in range(len(request.stacks))] for side, request in enumerate(requests)]


def refusal(project: str, stack: str, organization: str, failure: Failure) -> Plan:
    """The plan of a stack that cannot be evaluated."""
    return Plan(project, stack, organization, (), {}, failure=failure)


def is_broken_by_a_lookup(plan: Plan) -> bool:
    """Whether what the plan made up for a lookup may be why the program failed."""
    return (
        plan.failure is not None
        and plan.failure.kind is not FailureKind.TIMEOUT
        and any(invoke.output_form and invoke.outcome == "assumed" for invoke in plan.invokes)
    )


def _job(request: Request, stack: str) -> Job:
    project = request.project
    deployment = Deployment(
        project.name,
        stack.rsplit("/", 1)[-1],
        request.organization,
        project.folder,
        read_config(project, stack),
        copy_of=request.copy_of,
        judged_by=request.judged_by,
        acceptances=request.acceptances,
    )
    return Job(deployment, project.main, request.lookups, request.key)


def _prepare(requests: Sequence[Request]) -> dict[str, Any]:
    return {
        "cache": str(cache.folder()),
        "sides": [_side(one) for one in {request.project.folder: request.project for request in requests}.values()],
        "landlock": _folder_of("landlockpy"),
        "observers": {name: one for request in requests for name, one in request.observers.items()},
        "paths": sorted({place for request in requests for place in _paths(request.observers.values())}),
    }


def _side(project: Project) -> dict[str, Any]:
    root = root_of(project.folder)
    read, listed = leaving_out(root, LEFT_OUT)
    places = {"folder": project.folder, "program": project.main, "root": root}
    return {**{name: str(place) for name, place in places.items()}, "read": read, "listed": listed}


def _folder_of(package: str) -> str:
    spec = importlib.util.find_spec(package)
    return str(Path(spec.origin).parent) if spec is not None and spec.origin else ""


def _paths(observers: Any) -> Iterator[str]:
    """Where the modules of observers lie that are no part of this package."""
    for one in observers:
        root = one.partition(":")[0].partition(".")[0]
        file = getattr(sys.modules.get(root), "__file__", None)
        if root != "dolmen" and file:
            place = Path(file).resolve().parent
            yield str(place.parent if Path(file).name == "__init__.py" else place)


def _kinds(requests: Sequence[Request]) -> Mapping[str, Any]:
    """Observer → the type of what it finds."""
    return {
        name: observing.finding_type(found)
        for request in requests
        for name, found in observing.load({**request.observers, **request.own_observers}).items()
    }


class _Run:
    def __init__(
        self,
        requests: Sequence[Request],
        evaluator: Evaluator,
        prepare: Callable[[], dict[str, Any]],
        kinds: Mapping[str, Any],
    ) -> None:
        self._requests, self._evaluator, self._prepare = requests, evaluator, prepare
        self._timeout = requests[0].timeout
        self._surroundings = Surroundings(evaluator.held, tuple(sorted(requests[0].passed)))
        self._kinds = kinds
        self.reads: dict[Place, Reads] = {}
        """What the evaluation of each plan read."""

    def all(self, jobs: Mapping[Place, Job], meanwhile: Callable[[], object] | None) -> dict[Place, Plan]:
        """The plans, also of jobs that had to run again because a made-up lookup broke them.

        A program may do with an `_output` lookup's result, inside `apply`, what only the real result can stand.
        """
        found = self._once(jobs, meanwhile)
        again = {
            place: replace(jobs[place], lookups=replace(jobs[place].lookups, output_forms_unknown=True))
            for place, plan in found.items()
            if is_broken_by_a_lookup(plan)
        }
        if again:
            second = self._once(again, None)
            found.update({place: plan for place, plan in second.items() if plan.failure is None})
        return found

    def _once(self, jobs: Mapping[Place, Job], meanwhile: Callable[[], object] | None) -> dict[Place, Plan]:
        orders = [self._order(place, job) for place, job in jobs.items()]
        jobs_at_once = max(1, self._requests[0].jobs or os.cpu_count() or 1)
        results = self._evaluator.run(orders, self._prepare(), jobs_at_once, meanwhile)
        found: dict[Place, Plan] = {}
        first, used = self._requests[0].project.folder, set[str]()  # a base's temporary folder is never seen again
        for (place, job), outcome in zip(jobs.items(), results, strict=True):
            found[place] = self._plan(self._requests[place[0]], job, outcome)
            self.reads[place] = _reads(outcome, judged=bool(self._requests[place[0]].observers))
            if found[place].failure is None and job.deployment.folder == first:
                used.update(_learnt(outcome))
        if seen := self._evaluator.seen:
            old = cache.read_json("touching", self._evaluator.learnt_as)
            self._remember("touching", {**(old if isinstance(old, dict) else {}), **seen})
        if used:
            self._remember("modules", sorted(used))
        return found

    def _remember(self, kind: str, known: Any) -> None:
        """Keep it for an evaluator's next start."""
        name = self._evaluator.learnt_as
        if name and os.environ.get(SWITCH) != "1" and cache.read_json(kind, name) != known:
            cache.write_json(kind, name, known)

    def _order(self, place: Place, job: Job) -> dict[str, Any]:
        request = self._requests[place[0]]
        return {
            "job": job_json(job),
            "timeout": self._timeout,
            "observed": sorted(request.observers),
            "own": dict(request.own_observers),
        }

    def _plan(self, request: Request, job: Job, outcome: Outcome) -> Plan:
        deployment = job.deployment
        plan = nothing(deployment)
        if outcome.lost:
            plan = replace(plan, failure=Failure(FailureKind.CRASH, outcome.lost))
        elif outcome.late:
            late = outcomes.late(outcome.whereabouts, self._timeout, Sources(deployment.folder))
            plan = replace(plan, failure=late)
        elif outcome.status != 0 or not outcome.data:
            plan = replace(plan, failure=outcomes.death(outcome.status))
        else:
            try:
                plan = self._read(plan, request, job, outcome)
            except ForeignDataError as error:
                plan = refused(plan, error)
        output = outcomes.printed(outcome.printed) + outcomes.printed(outcome.judged)
        plan = replace(plan, output=output, seconds=outcome.seconds, surroundings=self._surroundings)
        return passed.masked(plan, request.passed, deployment.config, request.key)

    def _read(self, asked_for: Plan, request: Request, job: Job, outcome: Outcome) -> Plan:
        """Raises `ForeignDataError`. What is known without the program does not come from it."""
        config = job.deployment.config
        plan = read_plan_of(asked_for, outcome.data, {name: self._kinds[name] for name in request.own_observers})
        notes = (*request.notes, *config.notes, *plan.notes)
        known = configuration.given(config, job.key)
        plan = replace(plan, config=known, stack_file=config.file, plugins=dict(config.plugins), notes=notes)
        if not request.observers or (plan.failure is not None and outcome.findings is None):
            return plan
        asked = {name: self._kinds[name] for name in request.observers}
        said = outcome.findings or {}
        failure = said.get("failure")
        if not isinstance(said.get("findings"), str):
            failure = failure or "The observers' process ended without an answer."
            found: Mapping[str, object] = {}
        else:
            found = read_findings(said["findings"].encode("utf-8", "surrogatepass"), asked, whole=failure is None)
        objection = Failure(FailureKind.PROGRAM, str(failure)) if failure else None
        return replace(plan, findings={**found, **plan.findings}, failure=plan.failure or objection)


def _reads(outcome: Outcome, *, judged: bool) -> Reads:
    found = read_reads(outcome.reads)
    return found | read_reads((outcome.findings or {}).get("reads")) if judged else found


def _learnt(outcome: Outcome) -> tuple[str, ...]:
    try:
        return read_learnt(outcome.learnt)
    except ForeignDataError:
        return ()
