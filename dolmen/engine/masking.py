"""Masks secrets in what a program says by itself.

Its output, its log messages, its exceptions. Values are masked where they become a plan (`values.Decoder`). Text is the
program's own: whatever the program marked as secret, or got from secret configuration, is looked for in it and
replaced, and so is the user info of every address. What a program makes of a secret beyond the usual spellings
(reversed, split, hashed) is not recognised.

In values the mask carries a tag, keyed with the run's random key, so that another secret is another value: it is taken
off where a value is shown (`untagged`).
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import json
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from enum import Enum
from typing import Any
from urllib.parse import quote

from dolmen.engine import stand_ins
from dolmen.engine.plan import Plan, Resource
from dolmen.stackfile.user_info import without_user_info

MASK = "[secret]"
SHORTEST = 6
"""Characters. Shorter texts stand in every output by chance, and masking them would only garble it."""
_SHORTEST_IN_VALUES = 12
"""Of what only the program calls secret: it may be a word that many values hold by right."""
_STDOUT = 1
_MADE_UP = re.compile("[‹›]")
_TAG = re.compile(r"\[secret:[0-9a-f]{8}\]")


def tagged(key: bytes) -> Callable[[str], str]:
    """Masks that differ where what they hide differs, for values of one run."""

    def mask(hidden: str) -> str:
        digest = hmac.new(key, hidden.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
        return f"[secret:{digest[:8]}]"

    return mask


def untagged(text: str) -> str:
    """The text as people and files see it."""
    return _TAG.sub(MASK, text) if "[secret:" in text else text


class Mask:
    """Replaces secret texts, in the spellings that programs print."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = frozenset(secrets)
        spellings = {spelling for secret in self._secrets if len(secret) >= SHORTEST for spelling in _spellings(secret)}
        self._spellings = sorted(spellings, key=len, reverse=True)

    def text(self, text: str) -> str:
        text = stand_ins.shown(text)
        for spelling in self._spellings:
            text = text.replace(spelling, MASK)
        return without_user_info(text)

    def _but_urns(self, text: str) -> str:
        """Texts of a finding; its URN has to stay the one of its resource."""
        return text if text.startswith("urn:pulumi:") else self.text(text)

    def findings(self, found: Mapping[str, Any]) -> Mapping[str, Any]:
        """What observers found, without secrets."""
        return {name: _deep(one, self._but_urns) for name, one in found.items()}

    def plan(self, plan: Plan) -> Plan:
        """The plan without the secrets that the program's own texts hold."""
        failure = plan.failure
        return replace(
            plan,
            notes=tuple(
                replace(one, subject=self.text(one.subject), detail=self.text(one.detail)) for one in plan.notes
            ),
            findings=self.findings(plan.findings),
            invokes=tuple(replace(one, arguments=_deep(dict(one.arguments), self.text)) for one in plan.invokes),
            failure=replace(failure, message=self.text(failure.message)) if failure else None,
            diagnostics=tuple(replace(one, message=self.text(one.message)) for one in plan.diagnostics),
        )

    def values(self, plan: Plan, declared: Iterable[str], key: bytes) -> Plan:
        """The plan without secrets in values, names and options that the program marks nowhere as secret.

        `declared`: what the stack file calls secret. Of the rest, what is part of a URN is no secret.
        """
        known = {one for one in declared if len(one) >= SHORTEST and not _MADE_UP.search(one)}
        urns = "\n".join(resource.urn for resource in plan.resources)
        found = sorted(
            {
                one
                for one in self._secrets
                if one in known or (len(one) >= _SHORTEST_IN_VALUES and one not in urns and not _MADE_UP.search(one))
            },
            key=len,
            reverse=True,
        )
        if not found:
            return plan
        mask, spelled = tagged(key), {spelling: one for one in found for spelling in _spellings(one)}
        pattern = re.compile("|".join(re.escape(one) for one in sorted(spelled, key=len, reverse=True)))

        def in_value(text: str) -> str:
            return pattern.sub(lambda match: mask(spelled[match.group()]), text)

        def in_name(text: str) -> str:
            return pattern.sub(MASK, text)

        def masked(one: Resource) -> Resource:
            inputs, outputs = (_deep(side, in_value) for side in (one.inputs, one.outputs))
            named = pattern.search(
                repr((one.urn, one.id, one.parent, one.dependencies, one.options, one.property_dependencies))
            )
            return replace(_deep(one, in_name) if named else one, inputs=inputs, outputs=outputs)

        return replace(
            plan,
            resources=tuple(masked(one) for one in plan.resources),
            outputs=_deep(plan.outputs, in_value),
            config=_deep(plan.config, in_value),
        )

    def own_output(self) -> None:
        """Mask what this process printed, where that is a file."""
        try:
            regular = stat.S_ISREG(os.fstat(_STDOUT).st_mode)
        except OSError:  # the program closed it
            return
        if not regular:
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


def masked_addresses(plan: Plan, key: bytes) -> Plan:
    """A plan that no evaluation made, with the user info of its addresses masked as evaluations do."""
    mask = tagged(key)

    def hidden(text: str) -> str:
        return without_user_info(text, mask)

    def masked(one: Resource) -> Resource:
        return replace(one, inputs=_deep(one.inputs, hidden), outputs=_deep(one.outputs, hidden))

    config, outputs = _deep(plan.config, hidden), _deep(plan.outputs, hidden)
    return replace(plan, resources=tuple(masked(one) for one in plan.resources), config=config, outputs=outputs)


def _deep(value: Any, text: Callable[[str], str]) -> Any:
    """Any data of a plan with its texts changed."""
    if isinstance(value, str):
        return value if isinstance(value, Enum) else text(value)
    if isinstance(value, list | tuple):
        items = [_deep(item, text) for item in value]
        return items if isinstance(value, list) else type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    if isinstance(value, Mapping):
        return {_deep(name, text): _deep(item, text) for name, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = {one.name: _deep(getattr(value, one.name), text) for one in dataclasses.fields(value) if one.init}
        return replace(value, **parts)
    return value


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
