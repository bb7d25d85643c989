"""Says for which stack a program runs: what needs no SDK."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dolmen.engine.lookups import Lookups
from dolmen.engine.plan import Failure, FailureKind, Plan
from dolmen.engine.project import StackConfig
from dolmen.stackfile import Acceptance


@dataclass(frozen=True, slots=True)
class Deployment:
    """What the engine tells a program about the deployment that it is part of."""

    project: str
    stack: str
    organization: str
    folder: Path
    config: StackConfig
    dry_run: bool = True
    copy_of: tuple[str, str] | None = None
    """See `Request.copy_of`."""
    judged_by: str | None = None
    """See `Request.judged_by`."""
    acceptances: tuple[Acceptance, ...] | None = None
    """See `Request.acceptances`."""


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that an evaluation of one stack needs."""

    deployment: Deployment
    program: Path | Callable[[], Any]
    lookups: Lookups
    key: bytes
    """Keys the fingerprints of secrets; the same for all stacks of a run."""


def nothing(deployment: Deployment) -> Plan:
    """The plan of a stack that was not evaluated."""
    failure = Failure(FailureKind.CRASH, "The program was not evaluated.")
    return Plan(deployment.project, deployment.stack, deployment.organization, (), {}, failure=failure)
