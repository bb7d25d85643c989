"""Both sides of a review: what the base asks for and what the head asks for, each program run once.

The base is a commit (its own program, stack files and locked packages, in a temporary worktree) or a state file. What is
the same on both sides is evaluated once. A base that cannot be run is a finding, never a crash.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dolmen.engine.evaluation import ORGANIZATION, TIMEOUT, evaluate_requests
from dolmen.engine.lookups import Lookups
from dolmen.engine.plan import Failure, FailureKind, Note, Plan
from dolmen.engine.project import Project, RefusedError, read_project, stack_names
from dolmen.engine.request import Request
from dolmen.review.diff.cause import Leaves, leaves
from dolmen.review.report.build import Pair
from dolmen.review.report.findings import Enforcement, Finding, FindingKind, Severity
from dolmen.review.report.model import Side
from dolmen.review.sides import git, locks, state
from dolmen.stackfile import Document, StackFileError, read

ACKNOWLEDGED = "acknowledged.yaml"
WORK_TREE = Side("the work tree")
_POLICIES = {"policies": "dolmen.review.policies:observe"}


@dataclass(frozen=True, slots=True)
class Settings:
    """How programs are evaluated; the same on both sides."""

    lookups: Lookups = field(default_factory=Lookups)
    jobs: int | None = None
    timeout: float = TIMEOUT
    organization: str = ORGANIZATION
    observers: Mapping[str, Any] = field(default_factory=lambda: dict(_POLICIES))
    """What looks at the head's resources: the project's own policy pack, if it has one."""


@dataclass(frozen=True, slots=True)
class Compared:
    pairs: tuple[Pair, ...]
    head: Side
    base: Side | None
    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    evaluated: int = 0


def without_base(project: Project, stacks: Sequence[str], settings: Settings) -> Compared:
    """The head alone: everything as it would be created."""
    plans = evaluate_requests([_request(project, stacks, settings, os.urandom(32))])[0]
    pairs = tuple(Pair(None, plan, compared=False) for plan in plans)
    return Compared(pairs, WORK_TREE, None, evaluated=len(plans))


def against_state(project: Project, stack: str, file: Path, settings: Settings) -> Compared:
    """One stack against its export. Raises `StateError` where the file is none."""
    deployed = state.read_state(file)
    plan = evaluate_requests([_request(project, [stack], settings, os.urandom(32))])[0][0]
    head_leaves = _leaves(project, stack)
    base, head = state.aligned(deployed, plan) if plan.failure is None else (deployed, plan)
    pair = Pair(base, replace(head, notes=(*head.notes, *deployed.notes)), None, head_leaves)
    return Compared((pair,), WORK_TREE, Side(file.name), evaluated=1)


def against_commit(project: Project, stacks: Sequence[str] | None, reference: str, settings: Settings) -> Compared:
    """The stacks named (or all of both sides) against a commit. Raises `GitError` where there is no such commit."""
    repository = git.repository(project.folder)
    base = git.commit(repository, reference)
    changed = git.changed_files(repository, base)
    with git.worktree(repository, base) as tree:
        return _Comparison(project, repository, base, reference, changed, tree, settings).run(stacks)


@dataclass(slots=True)
class _Comparison:
    project: Project
    repository: git.Repository
    base: str
    reference: str
    changed: frozenset[str]
    """Files that differ, from the repository's root."""
    tree: Path
    settings: Settings
    findings: list[Finding] = field(default_factory=list[Finding])
    key: bytes = field(default_factory=lambda: os.urandom(32))

    def run(self, stacks: Sequence[str] | None) -> Compared:
        old = self._base_project()
        names = _Names(stack_names(self.project), stack_names(old) if old else ())
        renamed = self._renamed(names) if old else {}
        wanted = [name for name in names.head if stacks is None or name in stacks]
        wanted += [name for name in stacks or () if name not in wanted and name not in names.base]
        gone = [name for name in names.base if name not in names.head and name not in renamed.values()]
        gone = [name for name in gone if stacks is None or name in stacks]
        before = {name: renamed.get(name, name) for name in wanted}
        evaluated_before = [
            old_name
            for name, old_name in before.items()
            if old_name in names.base and (self._program_changed() or old_name != name or self._file_changed(name))
        ]
        head_plans, base_plans = self._evaluate(old, wanted, [*evaluated_before, *gone])
        pairs = [self._pair(name, before[name], head_plans, base_plans, names, old) for name in wanted]
        pairs += [Pair(base_plans[name], None, self._base_leaves(old, name), None) for name in gone]
        label = self.repository.run("rev-parse", "--short", self.base).strip()
        return Compared(
            tuple(pairs),
            Side(git.described(self.repository)),
            Side(label, self.reference),
            tuple(self.findings),
            evaluated=len(head_plans) + len(base_plans),
        )

    # ---- what differs

    @property
    def _prefix(self) -> str:
        relative = os.path.relpath(self.project.folder.resolve(), self.repository.root.resolve())
        return "" if relative == "." else f"{relative}/"

    def _stack_prefix(self, project: Project, root: Path) -> str:
        relative = os.path.relpath(project.stack_folder.resolve(), root.resolve())
        return "" if relative == "." else f"{relative}/"

    def _stack_files(self) -> frozenset[str]:
        prefix = self._stack_prefix(self.project, self.repository.root)
        return frozenset(
            path for path in self.changed if path.startswith(prefix) and _is_stack_file(path.removeprefix(prefix))
        )

    def _program_changed(self) -> bool:
        """Whether anything but stack files differs. Everything counts: a program may read any file."""
        return bool(self.changed - self._stack_files())

    def _code_changed(self) -> bool:
        """Whether what differs can be the cause of a change: prose and tests are not, though a program may read them."""
        return any(not _harmless(path) for path in self.changed - self._stack_files())

    def _file_changed(self, stack: str) -> bool:
        prefix = self._stack_prefix(self.project, self.repository.root)
        return any(f"{prefix}Pulumi.{stack}{suffix}" in self.changed for suffix in (".yaml", ".yml"))

    def _renamed(self, names: _Names) -> dict[str, str]:
        """New name → old name, for stacks whose file moved or whose `name` stayed."""
        new, gone = [n for n in names.head if n not in names.base], [n for n in names.base if n not in names.head]
        if not new or not gone:
            return {}
        prefix = self._stack_prefix(self.project, self.repository.root)
        found: dict[str, str] = {}
        for path, old_path in git.renamed_files(self.repository, self.base, prefix).items():
            name, old_name = _stack_name(path), _stack_name(old_path)
            if name in new and old_name in gone:
                found[name] = old_name
        return found

    # ---- the base's project and its packages

    def _base_project(self) -> Project | None:
        folder = self.tree / self._prefix
        try:
            return read_project(folder)
        except RefusedError as error:
            self._find("The base has no Pulumi project", str(error).replace(str(self.tree), "the base"))
            return None

    def _with_packages(self, old: Project) -> Project:
        """The base's project, run with its own packages where its lock differs, else with the head's."""
        if not locks.differ(self.changed, self._prefix):
            options = dict(self.project.options)
            if isinstance(named := options.get("virtualenv"), str):
                options["virtualenv"] = str(self.project.folder / named)
            elif options.get("toolchain") in ("uv", "poetry"):
                _link(self.project.folder / ".venv", old.folder / ".venv")
            return replace(old, options=options)
        try:
            return replace(old, options={"virtualenv": str(locks.environment(old.folder))})
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
            if not self._program_changed() and not _elsewhere(self.project):
                # The same program with other stack files: one folder, so that everything imported is shared.
                project = replace(self.project, stack_folder=old.stack_folder)
            requests.append(replace(_request(project, base, self.settings, self.key), observers={}))
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

    def _pair(
        self,
        name: str,
        old_name: str,
        head_plans: Mapping[str, Plan],
        base_plans: Mapping[str, Plan],
        names: _Names,
        old: Project | None,
    ) -> Pair:
        head = head_plans[name]
        if old is None:
            return Pair(_no_plan(name, "The base has no Pulumi project."), head)
        if old_name not in names.base:
            return Pair(None, head, None, _leaves(self.project, name), self._code_changed())
        base = base_plans.get(old_name, head)
        found: list[Finding] = []
        if base.failure is not None and head.failure is None:
            found.append(_base_failed(base, self.reference))
        head_leaves = _leaves(self.project, name)
        base_leaves = self._base_leaves(old, old_name)
        if base is not head and _ciphertexts(self.project, name) != _ciphertexts(old, old_name):
            unseen = Note(
                "not-analysed", f"encrypted values of {name}", "they differ, and nothing here can decrypt them"
            )
            head = replace(head, notes=(*head.notes, unseen))
        return Pair(base, head, base_leaves, head_leaves, self._code_changed(), tuple(found))

    def _base_leaves(self, old: Project | None, name: str) -> Leaves | None:
        return _leaves(old, name) if old is not None else None

    def _find(self, title: str, message: str) -> None:
        self.findings.append(Finding("base", title, message, Severity.HIGH, Enforcement.ADVISORY, FindingKind.BASE))


@dataclass(frozen=True, slots=True)
class _Names:
    head: tuple[str, ...]
    base: tuple[str, ...]


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
    """Whether another interpreter would read the project's folder: it names an environment that is not the running one."""
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
        remedy="Nothing is compared for this environment; read what it would create with `dolmen plan`.",
        position=failure.position,
    )


def _no_plan(stack: str, message: str) -> Plan:
    return Plan("", stack, ORGANIZATION, (), {}, failure=Failure(FailureKind.REFUSED, message))


def _leaves(project: Project, stack: str) -> Leaves | None:
    document = _document(project, stack)
    return leaves(document) if document is not None else None


def _ciphertexts(project: Project, stack: str) -> list[str]:
    """The lines of a stack file that hold encrypted values, in order: whether they differ is all that can be said."""
    for suffix in (".yaml", ".yml"):
        path = project.stack_folder / f"Pulumi.{stack}{suffix}"
        if path.is_file():
            lines = path.read_text("utf-8", "replace").splitlines()
            return sorted(line.split("secure:", 1)[1].strip() for line in lines if "secure:" in line)
    return []


def _document(project: Project, stack: str) -> Document | None:
    for suffix in (".yaml", ".yml"):
        path = project.stack_folder / f"Pulumi.{stack}{suffix}"
        if path.is_file():
            with contextlib.suppress(StackFileError):
                return read(path, os.path.relpath(path, project.folder))
    return None


def _harmless(path: str) -> bool:
    return path.endswith((".md", ".rst")) or path.split("/", 1)[0] in ("docs", "tests", ".github")


def _is_stack_file(name: str) -> bool:
    return name == ACKNOWLEDGED or _stack_name(name) is not None


def _stack_name(path: str) -> str | None:
    name = path.rsplit("/", 1)[-1]
    if "/" in path and name == path:
        return None
    for suffix in (".yaml", ".yml"):
        if name.startswith("Pulumi.") and name.endswith(suffix) and len(name) > len("Pulumi.") + len(suffix):
            return name[len("Pulumi.") : -len(suffix)]
    return None


def _link(target: Path, link: Path) -> None:
    if target.exists() and not link.exists():
        link.symlink_to(target)
