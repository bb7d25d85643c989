"""Registers of acceptances as commits have them, and what of the head's counts."""

from __future__ import annotations

import posixpath

from dolmen.engine.project import Project
from dolmen.review.report.altered import Register, register
from dolmen.review.sides import trees
from dolmen.review.sides.base import BaseCommit
from dolmen.stackfile import Acceptance, StackFileError
from dolmen.stackfile.accepted import FILE, parse_acceptances


def judging_register(
    project: Project, head: tuple[Acceptance, ...], base: BaseCommit, *, accept_new: bool = False
) -> Register:
    """What counts of the head's acceptances: what the base has, too, and its branch has not withdrawn since."""
    before = _at(base, base.commit, project)
    if base.tip:
        now = _at(base, base.tip, project)
        before = register(now, before).counting
    return register(before, head, accept_new=accept_new)


def _at(base: BaseCommit, commit: str, project: Project) -> tuple[Acceptance, ...]:
    """The acceptances of a commit; none where its register has a mistake."""
    at = BaseCommit(base.repository, commit, base.side)
    folder = at.stack_folder(project)
    text = trees.text(base.repository, commit, posixpath.normpath(f"{folder}/{FILE}")) if folder is not None else None
    try:
        return parse_acceptances(text, FILE, at.stack_names(project)) if text else ()
    except StackFileError:
        return ()
