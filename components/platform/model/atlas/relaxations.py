"""What production demands, and how a file says in writing that it does without."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from ..base import broken

RELAXABLE: Mapping[str, str] = {
    "small-cluster": "an instance size below M20",
    "public-access": "an IP access list, open to the internet's side",
    "no-backup": "no backups at all",
    "no-continuous-backup": "snapshots only, without point-in-time restore",
    "no-alerts": "nobody is told of anything",
    "server-side-javascript": "JavaScript in queries",
    "data-explorer": "data that people change in Atlas's web console",
}
"""Rule → what it allows in production."""


def _rule(value: str) -> str:
    if value not in RELAXABLE:
        near = difflib.get_close_matches(value, RELAXABLE, n=1)
        raise broken(
            "There is no such rule to relax.",
            f"Did you mean {near[0]}?" if near else f"The rules are {', '.join(RELAXABLE)}.",
        )
    return value


def _reason(value: str) -> str:
    if len(" ".join(value.split())) < 10:
        raise broken(
            "A relaxation is given in writing: its reason is what a reviewer reads, and has at least 10 characters.",
            "Write why, and until when.",
        )
    return value


RelaxableRule = Annotated[str, AfterValidator(_rule), Field(json_schema_extra={"enum": list(RELAXABLE)})]
Reason = Annotated[str, AfterValidator(_reason)]
