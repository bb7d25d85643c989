"""Both documents as JSON, for programs; their schemas lie beside this file."""

from __future__ import annotations

import json
import re
from typing import Any, TextIO

from dolmen.review.formats import Format
from dolmen.review.formats.parts.plan_json import plans_json
from dolmen.review.formats.parts.review_json import review_json
from dolmen.review.report.model import Review
from dolmen.review.report.plans import Plans

_UNSEEN = re.compile("[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
"""What hides, turns or ends a line where somebody looks at the file: written as JSON's own escapes."""


def write_plans(plans: Plans, stream: TextIO) -> None:
    _write(plans_json([stack.plan for stack in plans.stacks], [stack.refused for stack in plans.stacks]), stream)


def write_review(review: Review, stream: TextIO) -> None:
    _write(review_json(review), stream)


def _write(document: dict[str, Any], stream: TextIO) -> None:
    text = json.dumps(document, indent=1, ensure_ascii=False)
    stream.write(_UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")


FORMAT = Format("application/json", ".json", write_plans, write_review)
