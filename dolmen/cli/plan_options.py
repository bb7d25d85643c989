"""What `dolmen plan` is asked for, and what of it cannot be honoured."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dolmen.engine import passed
from dolmen.review import formats
from dolmen.review.fail_on import Asked, FailOn


@dataclass(frozen=True, slots=True)
class PlanOptions:
    stacks: Sequence[str] = ()
    folder: Path = Path()
    base: str | None = None
    base_exact: bool = False
    state: Path | None = None
    format: str | None = None
    json: bool = False
    output: Path | None = None
    details: bool = False
    cost: bool = False
    """Whether every line of the cost is written, too."""
    fail_on: frozenset[Asked] = frozenset()
    accept_new: bool = False
    policies: bool = True
    lookups: Path | None = None
    passed: Sequence[str] = ()
    """Names of the environment's variables that programs see."""
    trust: bool = False
    """Whether an interpreter is run that the change can have brought."""
    without_file: bool = False
    jobs: int | None = None
    timeout: float = 60.0

    @property
    def form(self) -> str:
        return "json" if self.json else self.format or "terminal"

    @property
    def compares(self) -> bool:
        return self.base is not None or self.state is not None


def refusals(options: PlanOptions) -> Iterator[str]:
    """One line for each thing that cannot be done, found before anything is read or run."""
    if options.json and options.format not in (None, "json"):
        yield f"--json is --format json, and --format {options.format} is asked for, too: give one of them."
    yield from _comparison(options)
    if options.without_file and not options.stacks:
        yield "--without-file plans stacks that are named: name one, as in `dolmen plan preview-7 --without-file`."
    if options.details and options.compares:
        yield "--details shows every resource of a plan; a comparison shows every change already: leave it out."
    elif options.details and formats.load(options.form).plans_in_detail is None:
        yield f"--details is for --format terminal; --format {options.form} has one form only: leave it out."
    if options.cost and formats.load(options.form).review_cost is None:
        yield f"--cost is for --format terminal; --format {options.form} has every line of the cost already: leave it out."
    yield from passed.problems(options.passed)
    if options.output is not None:
        yield from _output(options.output)


def _comparison(options: PlanOptions) -> Iterator[str]:
    if options.base is not None and options.state is not None:
        yield "Compare with a commit or with a state: give --base or --state, not both."
    elif options.state is not None and len(options.stacks) != 1:
        yield "A state belongs to one stack: name it, as in `dolmen plan production --state state.json`."
    if options.base_exact and options.base is None:
        yield "--base-exact is about the commit that --base names: give --base, too."
    if options.accept_new and options.base is None:
        yield "--accept-new is about acceptances that a change brings: name what to compare with, by --base."
    of_changes = sorted(str(one) for one in options.fail_on if one.judges_a_change)
    if of_changes and not options.compares:
        yield f"--fail-on {of_changes[0]} judges a change: name what to compare with, by --base or --state."
    if FailOn.POLICY in options.fail_on and not options.policies:
        yield "--fail-on policy can stop nothing with --no-policies: leave one of them out."


def _output(path: Path) -> Iterator[str]:
    folder = path.parent
    if path.is_dir():
        yield f"{path} is a folder: name a file in it for --output."
    elif not folder.is_dir():
        yield f"{path} cannot be written: there is no folder {folder}."
    elif not os.access(path if path.exists() else folder, os.W_OK):
        yield f"{path} cannot be written: permission denied."
