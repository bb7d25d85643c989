"""`dolmen plan`: from arguments to plans or a review, to what is printed, and the exit code."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from dolmen.cli.project import choose_stacks, find_project
from dolmen.engine.plan import FailureKind, Plan
from dolmen.engine.project import Project, RefusedError
from dolmen.stackfile import StackFileError, read_acceptances
from dolmen.stackfile.accepted import FILE

if TYPE_CHECKING:
    from dolmen.review.report.findings import Finding
    from dolmen.review.report.model import Review

DONE, FAILED, WRONG_INPUT = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for."""

    stacks: Sequence[str]
    folder: Path
    base: str | None
    state: Path | None
    form: str
    output: Path | None
    details: bool
    fail_on: Sequence[str]
    policies: bool
    lookups: Path | None
    without_file: bool
    jobs: int | None
    timeout: float

    @property
    def compares(self) -> bool:
        return self.base is not None or self.state is not None


class WrongInputError(Exception):
    """The arguments cannot be followed. The text is for people."""


def plan_command(wanted: Wanted) -> int:
    try:
        project = find_project(wanted.folder.resolve())
        if wanted.compares or wanted.form in ("markdown", "html"):
            return _review(project, wanted)
        return _plans(project, wanted)
    except (RefusedError, StackFileError, WrongInputError) as error:
        sys.stderr.write(f"{error}\n")
        return WRONG_INPUT
    except OSError as error:
        if wanted.output is None or error.filename != str(wanted.output):
            raise
        sys.stderr.write(f"{wanted.output} cannot be written: {error.strerror}.\n")
        return WRONG_INPUT


# ---- what each stack would create


def _plans(project: Project, wanted: Wanted) -> int:
    from dolmen.engine import evaluate

    read_acceptances(project.stack_folder / FILE)
    if set(wanted.fail_on) - {"policy"}:
        raise WrongInputError("--fail-on judges a change: name what to compare with, by --base or --state.")
    plans = evaluate(
        project.folder,
        choose_stacks(project, wanted.stacks, wanted.without_file),
        jobs=wanted.jobs,
        timeout=wanted.timeout,
        lookups=wanted.lookups,
        observers=_observers(wanted),
        meanwhile=_import_what_shows if wanted.form == "terminal" else None,
    )
    if wanted.form == "json":
        _write(wanted, _json(plans))
    elif wanted.form in ("sarif", "junit"):
        _write(wanted, _findings(plans, wanted.form))
    else:
        _show(plans, wanted)
    broken = "policy" in wanted.fail_on and any(finding.stops for plan in plans for finding in policy_findings(plan))
    return exit_code(plans) or (FAILED if broken else DONE)


def _import_what_shows() -> None:
    """While the programs run, and not after."""
    for module in ("cli.console", "cli.plan_text", "review.cost.estimate", "review.formats.words"):
        importlib.import_module(f"dolmen.{module}")


def _observers(wanted: Wanted) -> dict[str, str]:
    """Named, not imported: a plan without policies does not pay for them."""
    return {"policies": "dolmen.review.policies:observe"} if wanted.policies else {}


def _findings(plans: Sequence[Plan], form: str) -> str:
    found = {plan.stack: policy_findings(plan) for plan in plans}
    if form == "sarif":
        from dolmen.review.formats.sarif import sarif

        return sarif(found)
    from dolmen.review.formats.junit import junit

    return junit(found)


def policy_findings(plan: Plan) -> Sequence[Finding]:
    if not plan.findings:
        return ()
    from dolmen.review.policies import reports

    return reports(plan.findings).findings


def exit_code(plans: Sequence[Plan]) -> int:
    """Wrong input weighs more than a failed program: it is what the reader can mend."""
    failures = {plan.failure.kind for plan in plans if plan.failure}
    if FailureKind.REFUSED in failures:
        return WRONG_INPUT
    return FAILED if failures else DONE


def _json(plans: Sequence[Plan]) -> str:
    import json

    from dolmen.cli.plan_json import plans_json

    return json.dumps(plans_json(plans), indent=1, ensure_ascii=False) + "\n"


def _show(plans: Sequence[Plan], wanted: Wanted) -> None:
    from dolmen.cli.console import console
    from dolmen.cli.plan_text import show_failure

    if wanted.output is not None:
        with wanted.output.open("w", encoding="utf-8") as file:
            _show_all(plans, wanted, file)
    else:
        _show_all(plans, wanted, None)
    err = console(sys.stderr)
    for plan in plans:
        if plan.failure is not None:
            show_failure(err, plan)


def _show_all(plans: Sequence[Plan], wanted: Wanted, file: TextIO | None) -> None:
    from dolmen.cli.console import console
    from dolmen.cli.plan_text import show

    out = console(file or sys.stdout)
    for plan in plans:
        if plan.failure is None:
            show(out, plan, wanted.details)


# ---- what a change would do


def _review(project: Project, wanted: Wanted) -> int:
    from dolmen.engine.lookups import Lookups, read_lookups
    from dolmen.review import command
    from dolmen.review.sides import evaluate as base
    from dolmen.review.sides.git import GitError
    from dolmen.review.sides.state import StateError

    if wanted.base is not None and wanted.state is not None:
        raise WrongInputError("Compare with a commit or with a state: give --base or --state, not both.")
    if wanted.state is not None and len(wanted.stacks) != 1:
        raise WrongInputError(
            "A state belongs to one stack: name it, as in `dolmen plan production --state state.json`."
        )
    stacks = (
        choose_stacks(project, wanted.stacks, wanted.without_file or wanted.base is not None) if wanted.stacks else None
    )
    settings = base.Settings(
        lookups=read_lookups(wanted.lookups) if wanted.lookups else Lookups(),
        jobs=wanted.jobs,
        timeout=wanted.timeout,
        observers=_observers(wanted),
    )
    try:
        report = command.review(project, stacks, reference=wanted.base, state=wanted.state, settings=settings)
    except (GitError, StateError) as error:
        raise WrongInputError(str(error)) from None
    if wanted.form in ("sarif", "junit"):
        raise WrongInputError(f"--format {wanted.form} lists broken policies: use it without --base and --state.")
    if wanted.form == "terminal" and wanted.output is None:
        from dolmen.cli.console import console
        from dolmen.review.formats.terminal import print_review

        print_review(console(sys.stdout), report, details=True)
    else:
        _write(wanted, command.render(report, wanted.form))
    return _review_exit_code(report, wanted)


def _review_exit_code(report: Review, wanted: Wanted) -> int:
    """A closed gate says why; a head that cannot be planned fails with or without a gate."""
    from dolmen.review import command

    reasons = command.stopping(report, wanted.fail_on)
    for reason in reasons:
        sys.stderr.write(f"{reason}\n")
    failures = {environment.failure.kind for environment in report.environments if environment.failure}
    if FailureKind.REFUSED in failures:
        return WRONG_INPUT
    return FAILED if failures or reasons else DONE


def _write(wanted: Wanted, text: str) -> None:
    if wanted.output is None:
        sys.stdout.write(text)
    else:
        wanted.output.write_text(text, encoding="utf-8")
