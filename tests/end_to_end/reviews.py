"""Reviews of many small changes at once, in a process of its own: it forks, and a process that serves gRPC should not.

python -m tests.end_to_end.reviews FOLDER       FOLDER/pairs.json: name → [base, head], folders of projects with one
                                                stack; writes FOLDER/reviews.json: name → the review's JSON
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def reviews_of(pairs: Mapping[str, tuple[Path, Path]], stack: str, folder: Path) -> dict[str, dict[str, Any]]:
    told = {name: [str(base), str(head)] for name, (base, head) in pairs.items()}
    (folder / "pairs.json").write_text(json.dumps(told))
    subprocess.run([sys.executable, "-m", __spec__.name, str(folder), stack], cwd=ROOT, check=True)
    return json.loads((folder / "reviews.json").read_text())


def main() -> None:
    from dolmen.engine.evaluation import evaluate_requests
    from dolmen.engine.lookups import Lookups
    from dolmen.engine.project import read_project
    from dolmen.engine.request import Request
    from dolmen.review.formats.parts.review_json import review_json
    from dolmen.review.report.build import Pair, review, stack_review
    from dolmen.review.report.model import Side

    folder, stack = Path(sys.argv[1]), sys.argv[2]
    pairs: dict[str, list[str]] = json.loads((folder / "pairs.json").read_text())
    places = sorted({place for pair in pairs.values() for place in pair})
    key = os.urandom(32)
    asked = [
        Request(read_project(Path(place)), (stack,), key, 2, 60.0, Lookups(), "organization", {}) for place in places
    ]
    plans = {place: found[0] for place, found in zip(places, evaluate_requests(asked), strict=True)}
    failed = {place: plan.failure.message for place, plan in plans.items() if plan.failure}
    assert not failed, failed
    made = {
        name: review_json(review([stack_review(Pair(plans[base], plans[head]))], Side("head"), Side("base")))
        for name, (base, head) in pairs.items()
    }
    (folder / "reviews.json").write_text(json.dumps(made))


if __name__ == "__main__":
    main()
