"""Small programs for the policy pack to judge, through the offline engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pulumi

from dolmen.engine import evaluate_program
from dolmen.engine.observing import Observation
from dolmen.policies.framework.pack import registered
from dolmen.policies.framework.policy import DECLARED, Policy
from dolmen.policies.framework.resources import PLATFORM
from dolmen.review import policies
from dolmen.review.policies import judging
from dolmen.review.policies.pack import Pack, load

ROOT = Path(__file__).parents[2]
PACK = ROOT / "policies"


class AnyResource(pulumi.CustomResource):
    """A resource of any type. The SDK finds the program's line for subclasses only, as the providers' are."""

    def __init__(self, kind: str, name: str, props: Mapping[str, Any], opts: pulumi.ResourceOptions) -> None:
        super().__init__(kind, name, dict(props), opts)


class Program:
    """What a case registers resources with. Everything lies in a platform of one tier, unless there is none."""

    def __init__(self, tier: str | None) -> None:
        self.options: dict[str, Any] = {}
        if tier is not None:
            platform = pulumi.ComponentResource(PLATFORM, "platform", {"tier": tier, "region": "ap-northeast-2"})
            self.options["parent"] = platform

    def add(self, kind: str, name: str = "it", options: Mapping[str, Any] | None = None, /, **props: Any) -> Any:
        """A resource by its type token; arguments as the engine sees them. `None` leaves one out."""
        given = {key: value for key, value in props.items() if value is not None}
        return AnyResource(kind, name, given, pulumi.ResourceOptions(**{**self.options, **dict(options or {})}))


Register = Callable[[Program], Any]


@dataclass(frozen=True)
class Case:
    keeps: Register
    breaks: Register
    near: Register
    """The nearest program that looks broken and is not."""
    tier: str | None = "production"
    near_tier: str | None = "production"


def judge(
    program: Register, tier: str | None = "production", pack: Pack | None = None, **config: str
) -> policies.PolicyReport:
    judged = pack or our_pack()

    def observe(observation: Observation) -> policies.PolicyReport:
        return judging.judge(judged, observation)

    plan = evaluate_program(
        lambda: program(Program(tier)),
        config={"aws:region": "ap-northeast-2", **config},
        observers={policies.NAME: observe},
        folder=ROOT,
    )
    assert plan.failure is None, plan.failure.message
    return policies.reports(plan.findings)


def broken(report: policies.PolicyReport) -> set[str]:
    return {finding.id for finding in report.findings}


@cache
def our_pack() -> Pack:
    """Loaded before children are forked; each child judges one stack with its own copy."""
    return load(PACK)


def declared() -> Mapping[str, Policy]:
    """The policies that judge programs, by id."""
    registered()
    return DECLARED


def policy(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str | Sequence[str], resource: str | Sequence[str], **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def trust(principal: Any, condition: Any = None, action: str = "sts:AssumeRole") -> str:
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": principal, "Action": action}
    if condition is not None:
        statement["Condition"] = condition
    return policy(statement)


OWN_ACCOUNT = {"StringEquals": {"aws:SourceAccount": "123456789012"}}
