"""Both sides of a review: what the base asks for and what the head asks for, each program run once.

The base is a commit (its own program, stack files and locked packages, in a temporary worktree) or a state file. What is
the same on both sides is evaluated once. A base that cannot be run is a finding, never a crash.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dolmen.engine.evaluation import ORGANIZATION, TIMEOUT, evaluate_requests
from dolmen.engine.lookups import Lookups
from dolmen.engine.masking import masked_addresses
from dolmen.engine.plan import Failure, FailureKind, Plan
from dolmen.engine.project import Project, RefusedError, read_project, stack_names
from dolmen.engine.request import Request
from dolmen.engine.unreadable import UNCOMPARED
from dolmen.review import POLICIES, REFUSALS
from dolmen.review.diff.cause import Leaves
from dolmen.review.report.build import Pair
from dolmen.review.report.findings import Enforcement, Finding, FindingKind, Severity
from dolmen.review.report.model import WORK_TREE, Side
from dolmen.review.sides import git, locks, state
from dolmen.review.sides.base import BaseCommit
from dolmen.review.sides.changed import ChangedFiles, changed_files
from dolmen.review.sides.stack_files import encrypted_values, leaves, lost_zeros


@dataclass(frozen=True, slots=True)
class Settings:
    """How programs are evaluated; the same on both sides."""

    lookups: Lookups = field(default_factory=Lookups)
    jobs: int | None = None
    timeout: float = TIMEOUT
    organization: str = ORGANIZATION
    observers: Mapping[str, Any] = field(default_factory=lambda: {**REFUSALS, **POLICIES})
    """What looks at the head's resources: their providers' schemas, and the project's own policy pack, if it has one."""
    judge_base: bool = False
    """Whether the policies look at the base's, too."""


@dataclass(frozen=True, slots=True)
class Compared:
    pairs: tuple[Pair, ...]
    head: Side
    base: Side
    findings: tuple[Finding, ...] = ()
    evaluated: int = 0


def against_state(project: Project, stack: str, file: Path, settings: Settings) -> Compared:
    """One stack against its export. Raises `StateError` where the file is none."""
    key = os.urandom(32)
    deployed = masked_addresses(state.read_state(file), key)
    plan = evaluate_requests([_request(project, [stack], settings, key)])[0][0]
    head_leaves = leaves(project, stack)
    base, head = state.aligned(deployed, plan) if plan.failure is None else (deployed, plan)
    pair = Pair(
        base,
        replace(head, notes=(*head.notes, *deployed.notes)),
        None,
        head_leaves,
        findings=lost_zeros(project, stack),
    )
    return Compared((pair,), WORK_TREE, Side(file.name), evaluated=1)


def against_commit(project: Project, stacks: Sequence[str] | None, base: BaseCommit, settings: Settings) -> Compared:
    """The stacks named (or all of both sides) against a commit. Raises `GitError` where Git cannot answer."""
    changed = changed_files(project, base)
    with git.worktree(base.repository, base.commit) as tree:
        return _Comparison(project, base, changed, tree, settings).run(stacks)


@dataclass(slots=True)
class _Comparison:
    project: Project
    base: BaseCommit
    changed: ChangedFiles
    tree: Path
    settings: Settings
    findings: list[Finding] = field(default_factory=list[Finding])
    key: bytes = field(default_factory=lambda: os.urandom(32))

    def run(self, stacks: Sequence[str] | None) -> Compared:
        old = self._base_project()
        head_names, base_names = stack_names(self.project), stack_names(old) if old else ()
        renamed = self.changed.renamed(base_names, head_names) if old else {}
        wanted = [name for name in head_names if stacks is None or name in stacks]
        wanted += [name for name in stacks or () if name not in wanted and name not in base_names]
        gone = [name for name in base_names if name not in head_names and name not in renamed.values()]
        gone = [name for name in gone if stacks is None or name in stacks]
        before = {name: renamed.get(name, name) for name in wanted}
        evaluated_before = [
            old_name
            for name, old_name in before.items()
            if old_name in base_names and (self.changed.program or old_name != name or self.changed.stack_file(name))
        ]
        head_plans, base_plans = self._evaluate(old, wanted, [*evaluated_before, *gone])
        pairs = [
            self._pair(
                old, name, old_name if old_name in base_names else None, head_plans[name], base_plans.get(old_name)
            )
            for name, old_name in before.items()
        ]
        pairs += [Pair(base_plans[name], None, self._base_leaves(old, name), None) for name in gone]
        return Compared(
            tuple(replace(pair, judged=self.settings.judge_base) for pair in pairs),
            Side(git.described(self.base.repository)),
            self.base.side,
            tuple(self.findings),
            evaluated=len(head_plans) + len(base_plans),
        )

    # ---- the base's project and its packages

    def _base_project(self) -> Project | None:
        folder = self.tree / self.changed.folder
        try:
            return read_project(folder)
        except RefusedError as error:
            self._find("The base has no Pulumi project", str(error).replace(str(self.tree), "the base"))
            return None

    def _with_packages(self, old: Project) -> Project:
        """The base's project, run with its own packages where its lock differs, else with the head's."""
        if not locks.differ(self.changed.names, self.changed.folder):
            options = dict(self.project.options)
            if isinstance(named := options.get("virtualenv"), str):
                options["virtualenv"] = str(self.project.folder / named)
            elif options.get("toolchain") in ("uv", "poetry"):
                _link(self.project.folder / ".venv", old.folder / ".venv")
            return replace(old, options=options)
        try:
            return replace(old, options={"virtualenv": str(locks.interpreter(old.folder))})
        except locks.LockError as error:
            self._find(
                "The base's own packages could not be installed",
                f"The base locks other packages than the head, and {error}. It was evaluated with the head's packages.",
            )
            return replace(old, options={})

    # ---- evaluating

    def _evaluate(
        self, old: Project | None, head: Sequence[str], base: Sequence[str]
    ) -> tuple[dict[str, Plan], dict[str, Plan]]:
        requests = [_request(self.project, head, self.settings, self.key)]
        if old is not None and base:
            project = self._with_packages(old)
            if not self.changed.program and not _elsewhere(self.project):
                # The same program with other stack files: one folder, so that everything imported is shared.
                project = replace(self.project, stack_folder=old.stack_folder)
            request = _request(project, base, self.settings, self.key)
            if project.folder != self.project.folder:
                request = replace(request, copy_of=(str(self.tree), str(self.base.repository.root)))
            unjudged = {name: one for name, one in request.observers.items() if name not in POLICIES}
            requests.append(request if self.settings.judge_base else replace(request, observers=unjudged))
        plans = [
            dict(zip(request.stacks, found, strict=True))
            for request, found in zip(requests, evaluate_requests(requests), strict=True)
        ]
        return plans[0], self._placed(plans[1], old) if len(plans) > 1 and old is not None else {}

    def _placed(self, plans: dict[str, Plan], old: Project) -> dict[str, Plan]:
        """Stack files as the base's own project names them, not as they lie in a temporary folder."""
        folder = os.path.relpath(old.stack_folder, old.folder)
        return {
            name: replace(plan, stack_file=os.path.normpath(f"{folder}/{os.path.basename(plan.stack_file)}"))  # noqa: PTH119
            if plan.stack_file
            else plan
            for name, plan in plans.items()
        }

    def _pair(self, old: Project | None, name: str, old_name: str | None, head: Plan, base: Plan | None) -> Pair:
        """`old_name`: the stack's in the base, where it has it; `base`: its plan there, where that is another one."""
        if old is None:
            return Pair(_no_plan(name, "The base has no Pulumi project."), head)
        found = list(lost_zeros(self.project, name))
        if old_name is None:
            return Pair(None, head, None, leaves(self.project, name), self.changed.code, tuple(found))
        before = {one.message for one in lost_zeros(old, old_name)}
        found = [replace(one, in_base=one.message in before) for one in found]
        base = head if base is None else base
        if base.failure is not None and head.failure is None:
            found.append(_base_failed(base, self.base.side.reference))
        head_leaves = leaves(self.project, name)
        base_leaves = self._base_leaves(old, old_name)
        encrypted = encrypted_values((old, old_name), (self.project, name)) if base is not head else ()
        unread = tuple(one for one in base.notes if one.detail.endswith(UNCOMPARED))
        head = replace(head, notes=tuple(dict.fromkeys((*head.notes, *unread))))
        return Pair(base, head, base_leaves, head_leaves, self.changed.code, tuple(found), encrypted)

    def _base_leaves(self, old: Project | None, name: str) -> Leaves | None:
        return leaves(old, name) if old is not None else None

    def _find(self, title: str, message: str) -> None:
        self.findings.append(Finding("base", title, message, Severity.HIGH, Enforcement.ADVISORY, FindingKind.BASE))


def _request(project: Project, stacks: Sequence[str], settings: Settings, key: bytes) -> Request:
    return Request(
        project,
        tuple(stacks),
        key,
        settings.jobs,
        settings.timeout,
        settings.lookups,
        settings.organization,
        dict(settings.observers),
    )


def _elsewhere(project: Project) -> bool:
    """Whether another interpreter would read the project's folder: it names one that is not running."""
    named = project.options.get("virtualenv")
    if isinstance(named, str) and named:
        place = project.folder / named
        return place.exists() and place.resolve() != Path(sys.prefix).resolve()
    return project.options.get("toolchain") in ("uv", "poetry")


def _base_failed(plan: Plan, reference: str) -> Finding:
    failure = plan.failure or Failure(FailureKind.CRASH, "")
    how = "did not end in time" if failure.kind is FailureKind.TIMEOUT else "cannot be evaluated"
    return Finding(
        "base-failed",
        f"The base {how}",
        f"{reference}: {failure.message.strip().splitlines()[-1] if failure.message.strip() else failure.kind.value}",
        Severity.HIGH,
        Enforcement.ADVISORY,
        FindingKind.BASE,
        remedy="Nothing is compared for this stack; read what it would create with `dolmen plan`.",
        position=failure.position,
    )


def _no_plan(stack: str, message: str) -> Plan:
    return Plan("", stack, ORGANIZATION, (), {}, failure=Failure(FailureKind.REFUSED, message))


def _link(target: Path, link: Path) -> None:
    if target.exists() and not link.exists():
        link.symlink_to(target)
