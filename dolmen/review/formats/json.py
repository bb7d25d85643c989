"""Both documents as JSON, for programs; their schemas lie beside this file."""

from __future__ import annotations

from typing import Any, TextIO

from dolmen.review.formats import Format
from dolmen.review.formats.parts.clean import json_text
from dolmen.review.formats.parts.plan_json import plans_json
from dolmen.review.formats.parts.review_json import review_json
from dolmen.review.report.model import Review
from dolmen.review.report.plans import Plans


def write_plans(plans: Plans, stream: TextIO) -> None:
    _write(plans_json(plans.stacks, plans.findings), stream)


def write_review(review: Review, stream: TextIO) -> None:
    _write(review_json(review), stream)


def _write(document: dict[str, Any], stream: TextIO) -> None:
    stream.write(json_text(document, indent=1) + "\n")


FORMAT = Format("application/json", ".json", write_plans, write_review)
