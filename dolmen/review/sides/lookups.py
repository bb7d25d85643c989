"""Answers to lookups: the base's own, where its commit has the file that the command names."""

from __future__ import annotations

from pathlib import Path

from dolmen.engine.lookups import Lookups, make_lookups
from dolmen.engine.project import RefusedError
from dolmen.review.report.altered import Alteration, AlterationKind
from dolmen.review.sides import trees
from dolmen.review.sides.base import BaseCommit
from dolmen.stackfile import StackFileError
from dolmen.stackfile.document import read_text


def judging_lookups(file: Path | None, given: Lookups, base: BaseCommit) -> tuple[Lookups, tuple[Alteration, ...]]:
    """The answers that count, and what the change does to them."""
    root = base.repository.root.resolve()
    path = file.parent.resolve() / file.name if file is not None else None  # that the file is a link is seen below
    if path is None or not path.is_relative_to(root):
        return given, ()
    name = path.relative_to(root).as_posix()
    old = trees.text(base.repository, base.commit, name)
    if old is None:
        text = f"Brings answers to lookups, `{name}`: the base has none, so the change's count."
        return given, (Alteration(AlterationKind.LOOKUPS, text, counts=True),)
    if old == trees.work_tree_text(path):
        return given, ()
    text = f"Changes answers to lookups: `{name}`. The base's count, on both sides."
    try:
        answers = make_lookups(read_text(old, name).values, name)
    except (StackFileError, RefusedError):
        answers = Lookups()
        text = f"Changes answers to lookups: `{name}`. The base's cannot be read, so none count."
    return answers, (Alteration(AlterationKind.LOOKUPS, text),)
