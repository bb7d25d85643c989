"""The whole report as one HTML file: no script, no network, readable in light, dark and on paper.

Everything is escaped by the template engine. A strict content security policy holds even if that failed: nothing but
this file's own style is allowed.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from typing import Any, TextIO

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from dolmen.review.diff.changes import SIGNS
from dolmen.review.formats import Format
from dolmen.review.formats.parts import tree
from dolmen.review.formats.parts.clean import one_line, short, split_address, visible
from dolmen.review.formats.parts.drawing import CLASSES, drawing
from dolmen.review.report import access_words, brief, cost_words, stack_outputs, words
from dolmen.review.report.altered import SHOWN_OF_A_REASON, TITLE
from dolmen.review.report.blocks import told
from dolmen.review.report.build import of_plans
from dolmen.review.report.groups import finding_groups, to_tell
from dolmen.review.report.model import Review
from dolmen.review.report.plans import Plans
from dolmen.review.report.ran_in import clauses

_CODE = re.compile(r"`([^`]*)`")
_COUNTED = (("+", "create", "created"), ("~", "update", "changed"), ("±", "replace", "replaced"), ("−", "delete", "deleted"))  # fmt: skip
"""Sign, key of the counts and class, word for those who hear the page."""
_LINK = Markup('<a href="https://{}" rel="noreferrer noopener">{}</a>')
_NAMES: dict[str, Any] = {
    "words": words,
    "clauses": clauses,
    "access_words": access_words,
    "told": told,
    "to_tell": to_tell,
    "finding_groups": finding_groups,
    "sentence": stack_outputs.sentence,
    "brief": brief,
    "cost_words": cost_words,
    "signs": SIGNS,
    "classes": CLASSES,
    "counted": _COUNTED,
    "drawing": drawing,
    "tree": lambda plan: list(tree.lines(tree.roots(plan), details=False)),
    "alters": TITLE,
    "longest_reason": SHOWN_OF_A_REASON,
}
"""What the templates may call."""


def write_review(review: Review, stream: TextIO) -> None:
    engine = _engine()
    style = engine.get_template("style.css").render()
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"
    page = engine.get_template("page.html")
    harmful = bool(review.not_compared) or any(words.is_harmful(stack) for stack in review.stacks)
    stream.write(page.render(review=review, harmful=harmful, style=Markup(style), policy=Markup(policy)) + "\n")  # noqa: S704 (ours)


def write_plans(plans: Plans, stream: TextIO) -> None:
    write_review(of_plans(plans), stream)


@functools.cache
def _engine() -> Environment:
    engine = Environment(
        loader=PackageLoader("dolmen.review.formats"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    engine.filters |= {
        "visible": visible,
        "short": short,
        "code": _code,
        "prose": _prose,
        "lines": _lines,
        "link": _link,
    }
    engine.globals.update(_NAMES)
    return engine


def _code(text: str, longest: int = 160) -> Markup:
    return Markup("<code>{}</code>").format(short(text, longest))


def _prose(text: str) -> Markup:
    """A sentence; what stands between backticks is code."""
    parts = _CODE.split(one_line(text))
    return Markup("").join(_code(part) if index % 2 else part for index, part in enumerate(parts))


def _link(reference: str) -> Markup:
    """Where one of our own rules comes from: a link where the reference begins with an address, else text."""
    address, rest = split_address(visible(reference))
    linked = _LINK.format(address, address.partition("/")[0]) if address else Markup("")
    return linked + rest


def _lines(message: str) -> str:
    return "\n".join(short(line, 400) for line in message.splitlines()[:200])


FORMAT = Format("text/html", ".html", write_plans, write_review)
