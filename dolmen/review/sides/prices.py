"""Prices that count in a review: the base's, whatever the change does to its files."""

from __future__ import annotations

import posixpath

from dolmen.engine.project import Project
from dolmen.review.cost.price import PriceList
from dolmen.review.cost.price_file import OWN, REFRESHED, parse_price_list, read_prices, with_files
from dolmen.review.cost.prices import Prices
from dolmen.review.report.findings import Enforcement, Finding, FindingKind, Severity
from dolmen.review.sides import trees
from dolmen.review.sides.base import BaseCommit
from dolmen.stackfile import StackFileError


def judging_prices(project: Project, base: BaseCommit | None) -> tuple[Prices, tuple[Finding, ...]]:
    """The prices of the base, and what is wrong with its files; without one those of the work tree.

    Raises `StackFileError` for files of the work tree.
    """
    here = read_prices(project.stack_folder)
    if base is None:
        return here, ()
    folder = base.stack_folder(project)
    found: list[PriceList | None] = []
    wrong: list[Finding] = []
    for name in (OWN, REFRESHED):
        text = (
            None if folder is None else trees.text(base.repository, base.commit, posixpath.normpath(f"{folder}/{name}"))
        )
        try:
            found.append(parse_price_list(text, name) if text else None)
        except StackFileError as error:
            found.append(None)
            wrong.append(_finding(name, str(error)))
    return with_files(*found), tuple(wrong)


def _finding(name: str, message: str) -> Finding:
    title = f"The base's {name} cannot be used, so that no price of it counts"
    return Finding("base-prices", title, message, Severity.LOW, Enforcement.ADVISORY, FindingKind.BASE)
