"""Finds and keeps plans in the user's folder, under the hash of everything that they depend on.

A key that no evaluated program ever gets names the entries and goes into their digests: whoever cannot read it can
neither forge an entry nor tell what one is about. A kept plan is read as a foreign one is.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dolmen.engine import cache
from dolmen.engine.closed.model import Held, Hold, Protection
from dolmen.engine.contents import UNCOMPARED
from dolmen.engine.deployment import Job, nothing
from dolmen.engine.evaluator.tree import root_of
from dolmen.engine.interpreter import Interpreter
from dolmen.engine.kept.inputs import Inputs
from dolmen.engine.kept.reads import Reads
from dolmen.engine.kept.trees import UnknownTreeError
from dolmen.engine.plan import Plan
from dolmen.engine.request import Request
from dolmen.engine.surroundings import Surroundings
from dolmen.engine.wire.encode import json_bytes, plan_json
from dolmen.engine.wire.foreign import ForeignDataError, MisfitError, parsed
from dolmen.engine.wire.results import read_plan_of
from dolmen.engine.wire.shapes import reader

KIND = "plans"
_PASSING = re.compile(rb"/dolmen-(base-\d+-|[0-9a-f]{16})| at 0x[0-9a-f]{6,}")
"""Names of temporary folders and of places in memory: another evaluation has others."""
LARGEST = 256 * 1024 * 1024
"""Bytes of all entries; what was not used for longest goes first."""


def fingerprint_key(project: Path) -> bytes | None:
    """Keys the fingerprints of secrets, in plans that are kept; `None` where nothing can be."""
    key = _key(project)
    return _derived(key, b"fingerprints") if key is not None else None


def _derived(key: bytes, what: bytes) -> bytes:
    return hmac.new(key, what, hashlib.sha256).digest()


class Kept:
    """The kept plans of one run."""

    def __init__(self, chosen: Interpreter, requests: Sequence[Request]) -> None:
        self._chosen = chosen
        self._inputs = Inputs(chosen)
        self._key: bytes | None = None
        keys = [_key(request.project.folder) if request.keep else None for request in requests]
        if keys[0] is not None and None not in keys:
            self._key = _derived(keys[0], b"entries")

    def find(self, request: Request, job: Job, kinds: Mapping[str, Any]) -> Plan | None:
        """The plan that an evaluation would give; `kinds`: observer → the type of what it finds."""
        for name in self._names(self._inputs, request, job):
            body = cache.read(KIND, name)
            if body is not None:
                with contextlib.suppress(ForeignDataError):
                    plan = _read(body, job, kinds)
                    cache.used(KIND, name)
                    return replace(plan, stack_file=job.deployment.config.file)
        return None

    def keep(self, plans: Sequence[tuple[Request, Job, Plan, Reads]]) -> None:
        """Keep what can be told to come out the same again. The plans are complete, as they are shown."""
        good = [one for one in plans if one[2].failure is None and one[3].accounted and not _misses_a_file(one[2])]
        if self._key is None or not good:
            return
        now = Inputs(self._chosen)  # a file that was saved meanwhile may have been read before or after
        for request, job, plan, reads in good:
            before, after = (self._names(one, request, job) for one in (self._inputs, now))
            if before and before == after:
                body = _written(plan)
                if not _PASSING.search(body):
                    cache.write(KIND, before[1 if reads.stack_files else 0], body)
        cache.trim(KIND, LARGEST)

    def _names(self, inputs: Inputs, request: Request, job: Job) -> list[str]:
        """The entry of a program that looks at no other stack's file, and that of one that may."""
        if self._key is None:
            return []
        try:
            texts = inputs.of(request, job)
        except (UnknownTreeError, OSError):
            return []
        return [
            hmac.new(self._key, text.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest() for text in texts
        ]


def _misses_a_file(plan: Plan) -> bool:
    """Whether contents could not be read: of a base that is not checked out whole, they may be there all the same."""
    return any(UNCOMPARED in note.detail for note in plan.notes)


def _key(project: Path) -> bytes | None:
    """`None`, too, where the entries lie in the project's own tree: a change can have brought them."""
    inside = cache.folder().resolve().is_relative_to(root_of(project).resolve())
    return None if inside else cache.secret_key(KIND)


def _written(plan: Plan) -> bytes:
    held = plan.surroundings.held if plan.surroundings is not None else {}
    head: dict[str, Any] = {"held": {str(one): list(hold) for one, hold in held.items()}, "seconds": plan.seconds}
    head["passed"] = list(plan.surroundings.passed) if plan.surroundings is not None else []
    return json_bytes(head) + b"\n" + plan_json(replace(plan, surroundings=None))


_HELD = reader(Mapping[str, Hold])


def _read(body: bytes, job: Job, kinds: Mapping[str, Any]) -> Plan:
    """Raises `ForeignDataError`."""
    head, _, data = body.partition(b"\n")
    try:
        written = parsed(head)
        held: Held = {Protection(name): hold for name, hold in _HELD(written["held"]).items()}
        surroundings = Surroundings(held, reader(tuple[str, ...])(written["passed"]))
    except (MisfitError, LookupError, TypeError, ValueError) as error:
        raise ForeignDataError(str(error)) from None
    return replace(read_plan_of(nothing(job.deployment), data, kinds), surroundings=surroundings)
