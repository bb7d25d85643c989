"""`dolmen plan`: from arguments to plans to what is printed, and the exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from dolmen.cli.project import choose_stacks, find_project
from dolmen.engine.plan import FailureKind, Plan
from dolmen.engine.project import RefusedError

DONE, FAILED, WRONG_INPUT = 0, 1, 2


def plan_command(
    stacks: Sequence[str],
    *,
    folder: Path,
    as_json: bool,
    details: bool,
    lookups: Path | None,
    without_file: bool,
    jobs: int | None,
    timeout: float,
) -> int:
    from dolmen.engine import evaluate

    try:
        project = find_project(folder.resolve())
        chosen = choose_stacks(project, stacks, without_file)
        plans = evaluate(project.folder, chosen, jobs=jobs, timeout=timeout, lookups=lookups)
    except RefusedError as error:
        sys.stderr.write(f"{error}\n")
        return WRONG_INPUT
    if as_json:
        _print_json(plans)
    else:
        _print_text(plans, details)
    return exit_code(plans)


def exit_code(plans: Sequence[Plan]) -> int:
    """Wrong input weighs more than a failed program: it is what the reader can mend."""
    failures = {plan.failure.kind for plan in plans if plan.failure}
    if FailureKind.REFUSED in failures:
        return WRONG_INPUT
    return FAILED if failures else DONE


def _print_json(plans: Sequence[Plan]) -> None:
    import json

    from dolmen.cli.plan_json import plans_json

    json.dump(plans_json(plans), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")


def _print_text(plans: Sequence[Plan], details: bool) -> None:
    from dolmen.cli.console import console
    from dolmen.cli.plan_text import show, show_failure

    out, err = console(), console(stderr=True)
    for plan in plans:
        if plan.failure is None:
            show(out, plan, details)
    for plan in plans:
        if plan.failure is not None:
            show_failure(err, plan)
