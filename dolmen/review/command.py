"""From arguments to a report, its renderings and the exit code: what the command line calls.

Everything here takes and returns plain values; printing and parsing arguments is the command's.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from dolmen.engine.plan import Plan
from dolmen.engine.project import Project
from dolmen.review.effects.harm import Harm
from dolmen.review.report import build
from dolmen.review.report.findings import Finding
from dolmen.review.report.model import Review
from dolmen.review.sides import evaluate as base
from dolmen.stackfile import Acceptance, read_acceptances
from dolmen.stackfile.accepted import FILE

FORMATS = ("terminal", "markdown", "html", "json")
FAIL_ON = ("data-loss", "downtime", "replacement", "policy", "unknown")
DONE, STOPPED, WRONG_INPUT = 0, 1, 2


def review(
    project: Project,
    stacks: Sequence[str] | None,
    *,
    reference: str | None = None,
    state: Path | None = None,
    settings: base.Settings | None = None,
) -> Review:
    """The report for the stacks named, or for all of them.

    `reference` compares with a commit, `state` with a `pulumi stack export` of the one stack named; without either,
    everything is shown as it would be created. Raises `GitError`, `StateError`, `StackFileError` (for
    `accepted.yaml`) and `RefusedError`: wrong input, exit code 2.
    """
    started = time.monotonic()
    settings = settings or base.Settings()
    entries = acceptances(project)
    if reference is not None:
        compared = base.against_commit(project, stacks, reference, settings)
    elif state is not None:
        stack = next(iter(stacks or ()), "")
        compared = base.against_state(project, stack, state, settings)
    else:
        from dolmen.engine.project import stack_names

        compared = base.without_base(project, stacks if stacks is not None else stack_names(project), settings)
    return build.review(
        [build.environment(pair) for pair in compared.pairs],
        compared.head,
        compared.base,
        acceptances=entries if compared.base is not None else (),
        findings=compared.findings,
        notes=compared.notes,
        seconds=time.monotonic() - started,
        evaluated=compared.evaluated,
    )


def of_plans(plans: Iterable[Plan]) -> Review:
    """A report of plans that somebody else made, without anything to compare with."""
    environments = [build.environment(build.Pair(None, plan, compared=False)) for plan in plans]
    return build.review(environments, base.WORK_TREE, None)


def acceptances(project: Project) -> tuple[Acceptance, ...]:
    """The project's register of acceptances. Raises `StackFileError`."""
    return read_acceptances(project.stack_folder / FILE)


def render(report: Review, form: str) -> str:
    """One of `FORMATS` as text; the terminal's form in 100 columns and without colours."""
    if form == "markdown":
        from dolmen.review.formats.markdown import markdown

        return markdown(report)
    if form == "html":
        from dolmen.review.formats.html import html

        return html(report)
    if form == "json":
        from dolmen.review.formats.json import json_text

        return json_text(report)
    from rich.console import Console

    from dolmen.review.formats.terminal import print_review

    file = io.StringIO()
    print_review(Console(file=file, width=100, highlight=False, markup=False, emoji=False), report)
    return "\n".join(line.rstrip() for line in file.getvalue().split("\n"))


def stopping(report: Review, fail_on: Iterable[str]) -> list[str]:
    """Sentences that say why a gate closes; empty where it stays open.

    Whatever cannot be applied as it is meant (it fails, or writes to the wrong object) closes every gate, as does a
    program that cannot be evaluated. An acceptance that counts opens the gate for its resource and effect.
    """
    asked = set(fail_on)
    if not asked:
        return []
    from dolmen.review.fail_on import reasons

    return list(reasons(report, {Harm(name) for name in asked - {"policy"}}, policy="policy" in asked))


def exit_code(report: Review, fail_on: Iterable[str]) -> int:
    return STOPPED if stopping(report, fail_on) else DONE


__all__ = ["FAIL_ON", "FORMATS", "Finding", "exit_code", "render", "review", "stopping"]
