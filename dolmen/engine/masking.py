"""Masks secrets in what a program says by itself.

Its output, its log messages, its exceptions. Values are masked where they become a plan (`values.Decoder`). Text is the
program's own: whatever the program marked as secret, or got from secret configuration, is looked for in it and
replaced. What a program makes of a secret beyond the usual spellings (reversed, split, hashed) is not recognised.
"""

from __future__ import annotations

import base64
import json
import os
import stat
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from dolmen.engine.plan import Plan, Value

MASK = "[secret]"
SHORTEST = 6
"""Characters. Shorter texts stand in every output by chance, and masking them would only garble it."""
_STDOUT = 1


class Mask:
    """Replaces secret texts, in the spellings that programs print."""

    def __init__(self, secrets: Iterable[str]) -> None:
        spellings = {spelling for secret in secrets if len(secret) >= SHORTEST for spelling in _spellings(secret)}
        self._spellings = sorted(spellings, key=len, reverse=True)

    def text(self, text: str) -> str:
        for spelling in self._spellings:
            text = text.replace(spelling, MASK)
        return text

    def value(self, value: Value) -> Value:
        """Plan data with secret texts masked, wherever they stand.

        The SDK takes the mark off before it makes a lookup.
        """
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if isinstance(value, Mapping):
            return {name: self.value(item) for name, item in value.items()}
        return value

    def plan(self, plan: Plan) -> Plan:
        """The plan without the secrets that the program's own texts hold."""
        failure = plan.failure
        return replace(
            plan,
            invokes=tuple(
                replace(one, arguments={name: self.value(value) for name, value in one.arguments.items()})
                for one in plan.invokes
            ),
            failure=replace(failure, message=self.text(failure.message)) if failure else None,
            diagnostics=tuple(replace(one, message=self.text(one.message)) for one in plan.diagnostics),
        )

    def own_output(self) -> None:
        """Mask what this process printed, where that is a file."""
        if not self._spellings or not stat.S_ISREG(os.fstat(_STDOUT).st_mode):
            return
        sys.stdout.flush()
        sys.stderr.flush()
        try:
            printed = os.pread(_STDOUT, os.fstat(_STDOUT).st_size, 0)
        except OSError:
            return
        masked = self.text(printed.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        if masked != printed:
            os.ftruncate(_STDOUT, 0)
            os.lseek(_STDOUT, 0, os.SEEK_SET)
            os.write(_STDOUT, masked)


def texts(value: Any) -> Iterable[str]:
    """All texts inside plain data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():  # pyright: ignore[reportUnknownVariableType]
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:  # pyright: ignore[reportUnknownVariableType]
            yield from texts(item)


def _spellings(secret: str) -> Iterable[str]:
    raw = secret.encode("utf-8", "surrogatepass")
    yield secret
    yield quote(raw, safe="")
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield repr(secret)[1:-1]
    yield base64.b64encode(raw).decode()
