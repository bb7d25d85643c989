"""Both sides of a review: what the base asks for and what the head asks for, each program run once.

The base is a commit (its own program, stack files and locked packages, in a temporary worktree) or a state file. What is
the same on both sides is evaluated once. What judges the head is the base's. A base that cannot be run is said, and never
a crash.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

from dolmen.engine.contents import UNCOMPARED
from dolmen.engine.evaluation import ORGANIZATION, TIMEOUT, evaluate_requests, run_key
from dolmen.engine.kept.trees import Tree
from dolmen.engine.lookups import Lookups
from dolmen.engine.masking import masked_addresses
from dolmen.engine.plan import Plan
from dolmen.engine.project import Project, RefusedError, read_project, stack_names
from dolmen.engine.request import Request
from dolmen.engine.site_packages import site_packages
from dolmen.engine.surroundings import Surroundings, together
from dolmen.knowledge.documentation.sdk import InstalledSdks
from dolmen.review import POLICIES, REFUSALS
from dolmen.review.cost.usage import usage_of
from dolmen.review.policies.levels import OBSERVERS
from dolmen.review.report.altered import Alteration, Register
from dolmen.review.report.build import Pair
from dolmen.review.report.findings import Enforcement, Finding, FindingKind, Severity
from dolmen.review.report.model import WORK_TREE, Side
from dolmen.review.sides import git, needed, state, trees
from dolmen.review.sides.altered import altered_files, has_pack, policy_files, with_levels
from dolmen.review.sides.base import BaseCommit
from dolmen.review.sides.brought import why_not_run, why_not_run_for_base
from dolmen.review.sides.changed import ChangedFiles, changed_files
from dolmen.review.sides.lookups import judging_lookups
from dolmen.review.sides.packages import elsewhere, with_packages
from dolmen.review.sides.pairs import Sides
from dolmen.review.sides.stack_files import leaves, lost_zeros
from dolmen.review.sides.uncompared import (
    elsewhere_in_base,
    other_backend,
    other_components,
    submodules_moved,
    tool_of_the_change,
    withdrawn_rules,
)


@dataclass(frozen=True, slots=True)
class Settings:
    """How programs are evaluated; the same on both sides."""

    lookups: Lookups = field(default_factory=Lookups)
    lookups_file: Path | None = None
    """Where they stand."""
    jobs: int | None = None
    timeout: float = TIMEOUT
    observers: Mapping[str, Any] = field(default_factory=lambda: {**REFUSALS, **POLICIES})
    """What looks at the resources of both sides: their providers' schemas, and the policy pack of what it is compared with."""
    accept_new: bool = False
    """Whether acceptances count that the change brings."""
    passed: tuple[str, ...] = ()
    """Names of the environment's variables that the programs see."""
    trust: bool = False
    """Whether an interpreter is run that the change can have brought."""
    sdists: tuple[str, ...] = ()
    """Packages of the base's lock that may be built from their source distributions."""
    keep: bool = False
    """Whether plans are kept, and kept ones are taken."""


@dataclass(frozen=True, slots=True)
class Compared:
    pairs: tuple[Pair, ...]
    head: Side
    base: Side
    findings: tuple[Finding, ...] = ()
    altered: tuple[Alteration, ...] = ()
    not_compared: tuple[str, ...] = ()
    doubtful: bool = False
    """Whether that concerns every stack."""
    evaluated: int = 0
    surroundings: Surroundings | None = None


def against_state(project: Project, stack: str, file: Path, settings: Settings) -> Compared:
    """One stack against its export. Raises `StateError` where the file is none."""
    deployed = state.read_state(file)
    key = run_key(project.folder, keep=settings.keep)
    deployed = masked_addresses(deployed, key)
    distrusted = "" if settings.trust else why_not_run(project)
    plan = evaluate_requests([_request(project, [stack], settings, key, distrusted)])[0][0]
    head_leaves = leaves(project, stack)
    base, head = state.aligned(deployed, plan) if plan.failure is None else (deployed, plan)
    pair = Pair(
        base,
        replace(head, notes=(*head.notes, *deployed.notes)),
        None,
        head_leaves,
        findings=lost_zeros(project, stack),
        sdks=InstalledSdks(site_packages(project)),
        usage=usage_of(plan),  # a state holds no configuration
    )
    return Compared((pair,), WORK_TREE, Side(file.name), evaluated=1, surroundings=plan.surroundings)


def against_commit(
    project: Project, stacks: Sequence[str] | None, base: BaseCommit, settings: Settings, register: Register
) -> Compared:
    """The stacks named (or all of both sides) against a commit. Raises `GitError` where Git cannot answer.

    `register`: what of the head's acceptances counts.
    """
    changed = changed_files(project, base)
    lookups, altered = judging_lookups(settings.lookups_file, settings.lookups, base)
    settings = replace(settings, lookups=lookups)
    register = replace(register, altered=(*register.altered, *altered))
    with git.worktree(base.repository, base.commit) as tree:
        sparse = needed.check_out(base.repository, tree, base.commit, changed.folder)
        key = run_key(project.folder, keep=settings.keep)
        return _Comparison(project, base, changed, tree, sparse, settings, register, key).run(stacks)


@dataclass(slots=True)
class _Comparison:
    project: Project
    base: BaseCommit
    changed: ChangedFiles
    tree: Path
    sparse: bool
    """Whether the tree has only what the project seems to need."""
    settings: Settings
    register: Register
    key: bytes
    not_compared: list[str] = field(default_factory=list[str])
    findings: list[Finding] = field(default_factory=list[Finding])

    def run(self, stacks: Sequence[str] | None) -> Compared:
        old = self._base_project()
        # Before anything of the change runs, which could mend what it reads.
        head_side = Side(git.described(self.base.repository))
        altered = (*self.register.altered, *altered_files(self.project, old, self.changed))
        head_names, base_names = stack_names(self.project), stack_names(old) if old else ()
        renamed = self.changed.renamed(base_names, head_names) if old else {}
        wanted = [name for name in head_names if stacks is None or name in stacks]
        wanted += [name for name in stacks or () if name not in wanted and name not in base_names]
        before = {name: renamed.get(name, name) for name in wanted}
        gone = [name for name in base_names if name not in head_names and name not in before.values()]
        gone = [name for name in gone if stacks is None or name in stacks]
        added = [name for name, old_name in before.items() if old and old_name not in base_names]
        evaluated_before = [
            old_name
            for name, old_name in before.items()
            if name not in added and (self.changed.program or old_name != name or self.changed.stack_file(name))
        ]
        head_plans, base_plans = self._evaluate(
            old, wanted, [*evaluated_before, *gone], added if self.changed.program else ()
        )
        sides = Sides(self.project, old, self.changed.code, self.base.side.reference, self.register.new)
        pairs = [
            sides.added(name, head_plans[name], base_plans.get(name))
            if name in added
            else sides.pair(name, old_name, head_plans[name], base_plans.get(old_name))
            for name, old_name in before.items()
        ]
        pairs += [sides.undescribed(name, base_plans[name]) for name in gone]
        of_stacks = tuple(sides.not_compared(pairs))
        sdks = InstalledSdks(site_packages(self.project))  # the head's, which is what would be deployed
        return Compared(
            tuple(replace(pair, judged=True, sdks=sdks) for pair in pairs),
            head_side,
            self.base.side,
            tuple(self.findings),
            tuple(with_levels(altered, head_plans.values())),
            (*self.not_compared, *of_stacks),
            bool(self.not_compared),
            evaluated=len(head_plans) + len(base_plans),
            surroundings=together(one.surroundings for one in (*head_plans.values(), *base_plans.values())),
        )

    def _base_project(self) -> Project | None:
        self.not_compared += tool_of_the_change(self.base, self.changed)
        self.not_compared += withdrawn_rules(self.base, self.changed)
        try:
            old = read_project(self.tree / self.changed.folder)
        except RefusedError as error:
            self.not_compared.append(elsewhere_in_base(self.project, self.base, self.changed))
            self._find("The base has no Pulumi project", str(error).replace(str(self.tree), "the base"))
            return None
        if old.name != self.project.name:
            self.not_compared.append(
                f"The project is called {self.project.name} here and {old.name} in the base: what is deployed as "
                f"{old.name} stays deployed, and nothing of it is compared."
            )
        self.not_compared += other_backend(old, self.project)
        self.not_compared += submodules_moved(self.base, self.changed)
        self.not_compared += other_components(self.changed)
        return old

    def _find(self, title: str, message: str) -> None:
        self.findings.append(Finding("base", title, message, Severity.HIGH, Enforcement.ADVISORY, FindingKind.BASE))

    # ---- evaluating

    def _evaluate(
        self, old: Project | None, head: Sequence[str], base: Sequence[str], added: Sequence[str]
    ) -> tuple[dict[str, Plan], dict[str, Plan]]:
        """`added`: what the base's program is asked for with the head's stack files."""
        judges = str(self.tree / self.changed.folder)
        # Before anything of the change runs, which could mend what is looked at.
        distrusted = "" if self.settings.trust else why_not_run(self.project)
        request = _request(self.project, head, self.settings, self.key, distrusted)
        changed_pack = policy_files(self.changed.names, self.changed.folder) and has_pack(self.project)
        if POLICIES.keys() <= request.observers.keys() and changed_pack:
            request = replace(request, own_observers=OBSERVERS)
        whole = trees.whole(self.base.repository, self.base.commit) if self.settings.keep else None
        requests = [replace(request, judged_by=judges, judges=whole, acceptances=self.register.counting)]
        if old is not None and (base or added):
            project, unlike, why = with_packages(old, self.project, self.changed, self.settings.sdists)
            self.not_compared += unlike
            if why:
                self._find("The base's own packages could not be installed", why)
            if not self.changed.program and not elsewhere(self.project):
                # The same program with other stack files: one folder, so that everything imported is shared.
                project = replace(self.project, stack_folder=old.stack_folder)
            of_head = replace(project, stack_folder=self.project.stack_folder)
            requests += [
                self._of_base(one, names, judges, distrusted, whole)
                for one, names in ((project, base), (of_head, added))
                if names
            ]
        found = evaluate_requests(requests)
        if self.sparse and any(map(_may_miss_a_file, chain(*found[1:]))):
            needed.check_out_whole(self.base.repository, self.tree, self.base.commit)
            found[1:] = evaluate_requests(requests[1:])
        plans = [dict(zip(request.stacks, some, strict=True)) for request, some in zip(requests, found, strict=True)]
        of_base = {name: plan for some in plans[1:] for name, plan in some.items()}
        return plans[0], self._placed(of_base, old) if old is not None else {}

    def _of_base(
        self, project: Project, stacks: Sequence[str], judges: str, distrusted: str, whole: Tree | None
    ) -> Request:
        why = "" if self.settings.trust else why_not_run_for_base(project, self.tree, self.project, distrusted)
        request = replace(_request(project, stacks, self.settings, self.key, why), judged_by=judges, judges=whole)
        if project.folder != self.project.folder:
            request = replace(request, copy_of=(str(self.tree), str(self.base.repository.root)), tree=whole)
        return request

    def _placed(self, plans: dict[str, Plan], old: Project) -> dict[str, Plan]:
        """Stack files as the base's own project names them, not as they lie in a temporary folder."""
        folder = os.path.relpath(old.stack_folder, old.folder)
        return {
            name: replace(plan, stack_file=os.path.normpath(f"{folder}/{os.path.basename(plan.stack_file)}"))  # noqa: PTH119
            if plan.stack_file
            else plan
            for name, plan in plans.items()
        }


def _may_miss_a_file(plan: Plan) -> bool:
    return plan.failure is not None or any(UNCOMPARED in note.detail for note in plan.notes)


def _request(project: Project, stacks: Sequence[str], settings: Settings, key: bytes, distrusted: str) -> Request:
    return Request(
        project,
        tuple(stacks),
        key,
        settings.jobs,
        settings.timeout,
        settings.lookups,
        ORGANIZATION,
        dict(settings.observers),
        passed=settings.passed,
        distrusted=distrusted,
        keep=settings.keep,
    )
