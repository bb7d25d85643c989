"""Writes values of a plan as JSON, marked where they are special.

`{"$secret": true}`, `{"$unknown": true}`, `{"$placeholder": "<label>"}`, `{"$resource": "<urn>"}` and
`{"$asset": {"kind", "source", "sha256"}}`. A program's own key that begins with `$` is written with one more `$`.
Every JSON that the command prints holds values in this form, and `dolmen gate` reads it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from dolmen.engine.masking import untagged
from dolmen.engine.plan import Asset, Placeholder, Reference, Secret, Unknown
from dolmen.stackfile.user_info import without_user_info


def marked(value: Any) -> Any:
    match value:
        case Secret():
            return {"$secret": True}
        case Unknown():
            return {"$unknown": True}
        case Placeholder(label=label):
            return {"$placeholder": label}
        case Reference(urn=urn):
            return {"$resource": urn}
        case Asset():
            return {
                "$asset": {"kind": value.kind, "source": without_user_info(value.source), "sha256": value.fingerprint}
            }
        case list():
            return [marked(item) for item in cast("list[Any]", value)]
        case Mapping():
            entries = cast("Mapping[str, Any]", value)
            return {untagged(f"${key}" if key.startswith("$") else key): marked(item) for key, item in entries.items()}
        case str():
            return untagged(value)
        case _:
            return value
