"""What `dolmen plan` is asked for, and what of it cannot be honoured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dolmen.cli.files import unwritable
from dolmen.engine import passed
from dolmen.review import formats
from dolmen.review.fail_on import Asked, FailOn
from dolmen.review.sides.locks import ANY, SDIST_NAME


@dataclass(frozen=True, slots=True)
class PlanOptions:
    stacks: Sequence[str] = ()
    folder: Path = Path()
    base: str | None = None
    base_exact: bool = False
    sdists: Sequence[str] = ()
    """Packages of the base's lock that may be built from their source distributions."""
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
    keep: bool = True
    """Whether plans are kept, and kept ones are taken."""
    watch: bool = False
    """Whether to go on, and plan again at each save."""

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
        yield from unwritable(options.output)
    if options.watch:
        yield from _watching(options)


def _comparison(options: PlanOptions) -> Iterator[str]:
    if options.base is not None and options.state is not None:
        yield "Compare with a commit or with a state: give --base or --state, not both."
    elif options.state is not None and len(options.stacks) != 1:
        yield "A state belongs to one stack: name it, as in `dolmen plan production --state state.json`."
    if options.base_exact and options.base is None:
        yield "--base-exact is about the commit that --base names: give --base, too."
    if options.accept_new and options.base is None:
        yield "--accept-new is about acceptances that a change brings: name what to compare with, by --base."
    if options.sdists and options.base is None:
        yield "--base-sdist is about the packages of the commit that --base names: give --base, too."
    for name in options.sdists:
        if not SDIST_NAME.fullmatch(name):
            yield f"--base-sdist {name} names no package: write its name alone, or {ANY} for any."
    of_changes = sorted(str(one) for one in options.fail_on if one.judges_a_change)
    if of_changes and not options.compares:
        yield f"--fail-on {of_changes[0]} judges a change: name what to compare with, by --base or --state."
    if FailOn.POLICY in options.fail_on and not options.policies:
        yield "--fail-on policy can stop nothing with --no-policies: leave one of them out."


def _watching(options: PlanOptions) -> Iterator[str]:
    if options.output is not None:
        yield "--watch shows each plan where it runs, and --output writes one to a file: leave one of them out."
    if options.form != "terminal":
        yield f"--watch is for people at a terminal, and {options.form} for programs: leave one of them out."
    if options.fail_on:
        yield "--fail-on says by its exit code what stops a change, and --watch goes on: leave one of them out."
