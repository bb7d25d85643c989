"""The formats of the command's two documents: what stacks would create, and the review of a change.

A format is a module of this folder with a `FORMAT`, and the module's name is the format's: nothing else has to know it.
What formats share lies in `parts`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from dolmen.review.report.model import Review
    from dolmen.review.report.plans import Plans


@dataclass(frozen=True, slots=True)
class Format:
    """Writes either document to a stream."""

    media_type: str
    extension: str
    """Of a file that holds it: `.html`."""
    plans: Callable[[Plans, TextIO], object]
    review: Callable[[Review, TextIO], object]
    plans_in_detail: Callable[[Plans, TextIO], object] | None = None
    """With every resource instead of every component (`--details`), where the format knows the difference."""
    plans_cost: Callable[[Plans, TextIO], object] | None = None
    review_cost: Callable[[Review, TextIO], object] | None = None
    """Every line of what stacks cost (`--cost`), where the document itself does not have it."""


def names() -> tuple[str, ...]:
    """All formats, without importing one of them."""
    return tuple(module.name for module in pkgutil.iter_modules(__path__) if not module.ispkg)


def load(name: str) -> Format:
    """The format of that name, one of `names()`."""
    return importlib.import_module(f"{__name__}.{name}").FORMAT


def text(review: Review, name: str) -> str:
    """A review in that format."""
    stream = StringIO()
    load(name).review(review, stream)
    return stream.getvalue()
