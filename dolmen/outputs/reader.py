"""Reads the stack output from what Pulumi prints."""

import json
from typing import Any

from dolmen.outputs.model import VERSION, StackOutput

HOW = "Write it with `pulumi stack output --json`."


class StackOutputError(ValueError):
    """A text that holds no stack output that this version reads. Never repeats a value of it."""


def read_stack_output(text: str) -> StackOutput:
    """The output `dolmen` in the text of `pulumi stack output --json`, or that output alone.

    Raises `StackOutputError`."""
    try:
        data: Any = json.loads(text)
    except ValueError:
        raise StackOutputError(f"This is not JSON. {HOW}") from None
    found = data.get("dolmen", data) if isinstance(data, dict) else None
    if not isinstance(found, dict) or not isinstance(found.get("applications"), dict):
        raise StackOutputError(f"There is no output `dolmen` with applications. {HOW}")
    version = found.get("version")
    if version != VERSION:
        raise StackOutputError(
            f"The output `dolmen` has version {version}, and this Dolmen reads version {VERSION}. "
            "Run `pulumi up` with this Dolmen, or use the Dolmen that wrote it."
        )
    return found  # pyright: ignore[reportReturnType]  (its parts are checked where they are used)
