"""Values of both files in one shape: the plan's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from dolmen.engine.masking import MASK
from dolmen.engine.plan import Asset, Placeholder, Reference, Secret, Unknown
from dolmen.engine.values import ARCHIVE, ASSET, RESOURCE, SECRET, SIGNATURE, UNKNOWN, asset_of
from dolmen.review.diff.values import MISSING

"""What Pulumi writes in a secret's place, and Dolmen in the place of one inside a text."""


@dataclass(frozen=True, slots=True)
class Large:
    """A value that the review gives as its digest, or that it only measured."""

    digest: str | None


def of_review(written: Any) -> Any:
    """A value of `review_json`, with its marks read back."""
    if isinstance(written, list):
        return [of_review(item) for item in cast("list[Any]", written)]
    if not isinstance(written, dict):
        return Secret() if written == MASK else written
    entries = cast("dict[str, Any]", written)
    match entries:
        case {"$secret": True}:
            return Secret()
        case {"$unknown": True}:
            return Unknown()
        case {"$placeholder": label}:
            return Placeholder(str(label))
        case {"$resource": urn}:
            return Reference(str(urn))
        case {"$absent": True}:
            return MISSING
        case {"$large": _, "$sha256": found}:
            return Large(found)
        case {"$asset": asset}:
            return Asset(str(asset["kind"]), str(asset["source"]), asset["sha256"])
        case _:
            return {k.removeprefix("$") if k.startswith("$$") else k: of_review(v) for k, v in entries.items()}


def of_preview(written: Any) -> Any:
    """A value of `pulumi preview --json`, with the engine's own marks read."""
    if isinstance(written, str):
        return Unknown() if written == UNKNOWN else Secret() if written == MASK else written
    if isinstance(written, list):
        return [of_preview(item) for item in cast("list[Any]", written)]
    if not isinstance(written, dict):
        return written
    entries = cast("dict[str, Any]", written)
    match entries.get(SIGNATURE):
        case None:
            return {key: of_preview(value) for key, value in entries.items()}
        case kind if kind == SECRET:
            return Secret()
        case kind if kind == RESOURCE:
            return Reference(str(entries.get("urn")))
        case kind if kind in (ASSET, ARCHIVE):
            return asset_of(entries)
        case _:
            return Unknown()
