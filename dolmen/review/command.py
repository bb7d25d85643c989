"""The review of a project: both sides evaluated, compared and judged."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dolmen.engine.project import Project
from dolmen.review.across.findings import claimed_twice
from dolmen.review.report import build
from dolmen.review.report.findings import Finding
from dolmen.review.report.model import Review
from dolmen.review.sides import evaluate
from dolmen.review.sides.base import BaseCommit
from dolmen.review.sides.git import place_in_repository
from dolmen.review.sides.links import refuse_outsiders
from dolmen.review.sides.prices import judging_prices
from dolmen.review.sides.registers import judging_register
from dolmen.stackfile import Acceptance, read_acceptances
from dolmen.stackfile.accepted import FILE


def review(
    project: Project, stacks: Sequence[str] | None, base: BaseCommit | Path, settings: evaluate.Settings | None = None
) -> Review:
    """The review of the stacks named, or of all of them, against a commit or a `pulumi stack export` of the one named.

    Raises `GitError`, `StateError`, `StackFileError` (for `accepted.yaml` and files of prices) and `RefusedError`: wrong input.
    """
    started = time.monotonic()
    settings = settings or evaluate.Settings()
    if isinstance(base, BaseCommit):
        refuse_outsiders(project, base.repository)
    entries = acceptances(project)
    prices, wrong = judging_prices(project, base if isinstance(base, BaseCommit) else None)
    if isinstance(base, BaseCommit):
        register = judging_register(project, entries, base, accept_new=settings.accept_new)
        entries = register.counting
        compared = evaluate.against_commit(project, stacks, base, settings, register)
    else:
        compared = evaluate.against_state(project, next(iter(stacks or ()), ""), base, settings)
    return build.review(
        [build.stack_review(replace(pair, prices=prices)) for pair in compared.pairs],
        compared.head,
        compared.base,
        acceptances=entries,
        findings=(*compared.findings, *wrong, *_claimed_twice(compared.pairs)),
        altered=compared.altered,
        not_compared=compared.not_compared,
        doubtful=compared.doubtful,
        seconds=time.monotonic() - started,
        evaluated=compared.evaluated,
        folder=place_in_repository(project.folder),
        surroundings=compared.surroundings,
    )


def _claimed_twice(pairs: Sequence[build.Pair]) -> tuple[Finding, ...]:
    """What two stacks claim. One whose file goes stays deployed, and keeps what it has."""
    heads = (pair.head or pair.base for pair in pairs)
    bases = (pair.base for pair in pairs)
    return claimed_twice([one for one in heads if one is not None], [one for one in bases if one is not None])


def acceptances(project: Project) -> tuple[Acceptance, ...]:
    """The project's register of acceptances. Raises `StackFileError`."""
    return read_acceptances(project.stack_folder / FILE)
