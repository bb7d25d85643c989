"""The recorded answers of the real providers to Check; `data/README.md` says who answered, and when."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PROVIDERS = {"Atlas": "atlas", "AWS": "aws"}
DATA = Path(__file__).with_name("data")


@dataclass(frozen=True)
class RecordedCheck:
    """One Check, and what the preview's Create said where Check accepted."""

    token: str
    case: str
    about: str
    inputs: Mapping[str, object]
    failures: frozenset[tuple[str, str]]
    """(property, kind)"""
    preview: str | None
    """`ok`, or what a preview's Create refuses; None where Check refused."""

    @property
    def name(self) -> str:
        return f"{self.token.rsplit(':', 1)[1]}, {self.case}, {self.about}: {json.dumps(self.inputs)[-200:]}"


def recorded_checks(provider: str) -> Iterator[RecordedCheck]:
    with gzip.open(DATA / f"{PROVIDERS[provider]}-check.jsonl.gz", "rt") as lines:
        for line in lines:
            row = json.loads(line)
            yield RecordedCheck(
                token=row["type"],
                case=row["case"],
                about=row["about"],
                inputs=row["inputs"],
                failures=frozenset((failure["property"], failure["kind"]) for failure in row["failures"]),
                preview=row.get("previewCreate"),
            )
