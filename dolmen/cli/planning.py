"""From the options of `dolmen plan` to a document, where it is written, and the exit code."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeVar

from dolmen.cli import early
from dolmen.cli.exit_codes import ExitCode
from dolmen.cli.log_commands import guarded_errors, json_without_commands, without_commands
from dolmen.cli.plan_options import PlanOptions, refusals
from dolmen.cli.project import choose_stacks, find_project, refuse_lost_identifiers
from dolmen.engine.lookups import Lookups, read_lookups
from dolmen.engine.plan import Failure, FailureKind
from dolmen.engine.project import Project, RefusedError
from dolmen.review import POLICIES, REFUSALS, fail_on, formats
from dolmen.review.formats.parts.clean import one_line, visible_lines
from dolmen.stackfile import StackFileError, read_acceptances
from dolmen.stackfile.accepted import FILE

if TYPE_CHECKING:
    from dolmen.review.report.model import Review
    from dolmen.review.sides.base import BaseCommit


_Document = TypeVar("_Document")


class WrongInputError(Exception):
    """The arguments cannot be followed. The text is for people."""


def run(options: PlanOptions) -> ExitCode:
    if options.watch and not list(refusals(options)):
        from dolmen.cli.watching import watch

        with contextlib.suppress(RefusedError):  # it is said by the run
            return watch(options, find_project(options.folder.resolve()), lambda: _guarded(options))
    return _guarded(options)


def _guarded(options: PlanOptions) -> ExitCode:
    with guarded_errors():
        return _run(options)


def _run(options: PlanOptions) -> ExitCode:
    try:
        refused = list(refusals(options))
        if refused:
            raise WrongInputError("\n".join(refused))
        project = find_project(options.folder.resolve())
        refuse_lost_identifiers(project, options.stacks)
        lookups = read_lookups(options.lookups) if options.lookups else Lookups()
        return _review(project, options, lookups) if options.compares else _plans(project, options, lookups)
    except (RefusedError, StackFileError, WrongInputError) as error:
        sys.stderr.write(f"{visible_lines(str(error))}\n")
        return ExitCode.WRONG_INPUT


def _plans(project: Project, options: PlanOptions, lookups: Lookups) -> ExitCode:
    """What each stack would create."""
    stacks = choose_stacks(project, options.stacks, options.without_file)
    read_acceptances(project.stack_folder / FILE)  # a wrong register is said once, and not by every stack
    from dolmen.review.cost.price_file import read_prices

    prices = read_prices(project.stack_folder)
    from dolmen.engine import evaluate
    from dolmen.review.sides.brought import why_not_run

    started = time.monotonic()
    found = evaluate(
        project.folder,
        stacks,
        jobs=options.jobs,
        timeout=options.timeout,
        lookups=lookups,
        observers=_observers(options),
        passed=options.passed,
        distrusted="" if options.trust else why_not_run(project),
        meanwhile=lambda: formats.load(options.form),
        keep=options.keep,
    )
    _remember(options)
    from dolmen.review.report.plans import plans

    document = plans(project, found, time.monotonic() - started, prices)
    form = formats.load(options.form)
    write = form.plans_in_detail if options.details and form.plans_in_detail else form.plans
    _write(options, lambda stream: _both(document, stream, write, form.plans_cost if options.cost else None))
    reasons = [*fail_on.refused(document), *fail_on.broken(document), *fail_on.of_plans(document, options.fail_on)]
    return _exit_code((plan.failure for plan in found), reasons)


def _review(project: Project, options: PlanOptions, lookups: Lookups) -> ExitCode:
    """What a change would do to each stack."""
    from dolmen.review.command import review
    from dolmen.review.sides.base import base_commit
    from dolmen.review.sides.evaluate import Settings
    from dolmen.review.sides.git import GitError
    from dolmen.review.sides.state import StateError

    form = formats.load(options.form)
    settings = Settings(
        lookups,
        options.lookups,
        options.jobs,
        options.timeout,
        observers=_observers(options),
        accept_new=options.accept_new,
        passed=tuple(options.passed),
        trust=options.trust,
        sdists=tuple(options.sdists),
        keep=options.keep,
    )
    try:
        if options.base is not None:
            base = base_commit(project.folder, options.base, exact=options.base_exact)
            if (gone_project := base.project_between(options.folder, project)) is not None:
                raise WrongInputError(
                    f"{gone_project} has no project file here, and the base has one: that project goes, and what is "
                    f"deployed by it stays. The nearest project, {project.name}, is another one; name it with --project."
                )
            gone = base.stack_names(project)
        else:
            assert options.state is not None, "what to compare with was asked for"
            base, gone = options.state, frozenset[str]()
        stacks = choose_stacks(project, options.stacks, options.without_file, gone) if options.stacks else None
        names = [name.rsplit("/", 1)[-1] for name in stacks] if stacks is not None else None
        document = _bound(options, project, base, lambda: review(project, names, base, settings))
        _remember(options)
    except (GitError, StateError) as error:
        raise WrongInputError(str(error)) from None
    _write(options, lambda stream: _both(document, stream, form.review, form.review_cost if options.cost else None))
    reasons = [*fail_on.refused(document), *fail_on.broken(document), *fail_on.reasons(document, options.fail_on)]
    return _exit_code((stack.failure for stack in document.stacks), reasons)


def _both(
    document: _Document,
    stream: TextIO,
    write: Callable[[_Document, TextIO], object],
    cost: Callable[[_Document, TextIO], object] | None,
) -> None:
    """The document, and every line of what it costs where that is asked for."""
    write(document, stream)
    if cost is not None:
        cost(document, stream)


def _bound(options: PlanOptions, project: Project, base: BaseCommit | Path, judge: Callable[[], Review]) -> Review:
    """The review, bound to the tree as it is before and after it is judged."""
    from dolmen.review.binding import bind

    written = [path for path in (options.output, options.state, options.lookups) if path is not None]
    held = bind.protections(
        policies=options.policies, fail_on=options.fail_on, lookups=options.lookups, timeout=options.timeout
    )
    before = bind.place(project.folder, written)
    return replace(judge(), bound=bind.bound(project, base, before, held, written))


def _remember(options: PlanOptions) -> None:
    from dolmen.engine.evaluator import pool

    if options.keep and not options.watch:
        early.remember(sys.argv[2:], all_kept=not pool.running())


def _observers(options: PlanOptions) -> dict[str, str]:
    return {**REFUSALS, **(POLICIES if options.policies else {})}


def _exit_code(failures: Iterable[Failure | None], reasons: list[str]) -> ExitCode:
    """A stopped change says why. Wrong input weighs more than a failed program: it is what the reader can mend."""
    for reason in dict.fromkeys(reasons):
        sys.stderr.write(f"{one_line(reason)}\n")
    kinds = {failure.kind for failure in failures if failure is not None}
    if FailureKind.REFUSED in kinds:
        return ExitCode.WRONG_INPUT
    return ExitCode.STOPPED if kinds or reasons else ExitCode.DONE


def _write(options: PlanOptions, write: Callable[[TextIO], object]) -> None:
    """A file is written at once, so that none is left half done."""
    if options.output is None:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
        if sys.stdout.isatty():
            write(sys.stdout)
            return
        kept = StringIO()
        write(kept)
        is_json = formats.load(options.form).media_type.endswith("json")
        sys.stdout.write((json_without_commands if is_json else without_commands)(kept.getvalue()))
        return
    stream = StringIO()
    write(stream)
    try:
        options.output.write_text(stream.getvalue(), encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise WrongInputError(f"{options.output} cannot be written: {error.strerror}.") from None
