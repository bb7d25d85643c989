"""Asks a pack's policies about a stack, in the engine's order."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from inspect import isawaitable
from typing import Any

from pulumi_policy import ResourceValidationPolicy, StackValidationPolicy
from pulumi_policy.proxy import UnknownValueError

from dolmen.engine.observing import Observation
from dolmen.engine.registration import Registration
from dolmen.review.policies.levels import levels, policy_id
from dolmen.review.policies.model import NotJudged, PolicyReport, failed
from dolmen.review.policies.pack import Pack
from dolmen.review.policies.shown import Shown
from dolmen.review.report.findings import AcceptanceNote, Enforcement, Finding, Severity
from dolmen.stackfile import Acceptance

_SILENT = {"observer", "not-judged"}
"""Tags of policies that break nothing."""
_ACCEPTED = re.compile(r"(.*) \[accepted until (\d{4}-\d{2}-\d{2}): (.*)\]", re.DOTALL)


@dataclass(slots=True)
class _Judgement:
    pack: Pack
    registrations: Mapping[str, Registration]
    stack: str
    acceptances: Sequence[Acceptance] | None
    """`None`: nobody decided what counts."""
    findings: list[Finding] = field(default_factory=list[Finding])
    not_judged: list[NotJudged] = field(default_factory=list[NotJudged])

    def reporter(self, policy: Any, level: Any, urn: str | None) -> Any:
        def report(message: str, about: str | None = None) -> None:
            self.take(policy, level, message or "", urn or about or None)

        return report

    def take(self, policy: Any, level: Any, message: str, urn: str | None) -> None:
        tags: list[str] = policy.tags or []
        if "not-judged" in tags:
            self.not_judged.append(NotJudged(policy.name, urn, message))
            return
        registration = self.registrations.get(urn or "")
        accepted = _ACCEPTED.fullmatch(message)
        note = AcceptanceNote(accepted[3], accepted[2]) if accepted else None
        if note is not None and not self._stands(note, policy_id(policy), level, urn):
            accepted = note = None
        self.findings.append(
            Finding(
                id=policy_id(policy),
                title=policy.display_name or policy.description,
                message=accepted[1] if accepted else message or policy.description,
                severity=Severity(policy.severity.value) if policy.severity else Severity.MEDIUM,
                enforcement=Enforcement.ADVISORY if level.value == "advisory" else Enforcement.MANDATORY,
                urn=urn,
                remedy=policy.remediation_steps or "",
                source=policy.url or "",
                position=registration.frames[0] if registration and registration.frames else None,
                acceptance=note,
            )
        )

    def _stands(self, note: AcceptanceNote, policy: str, level: Any, urn: str | None) -> bool:
        """Whether the register says so, too: a message may end with text of the program."""
        if self.acceptances is None:
            return bool(level.value == "advisory")
        return any(
            (one.reason, one.until.isoformat()) == (note.reason, note.until)
            and (one.fits(policy, self.stack, urn) if urn else (one.what, one.stack) == (policy, self.stack))
            for one in self.acceptances
        )


def judge(pack: Pack, observation: Observation) -> PolicyReport:
    """What the pack says about a stack, in the engine's order: each resource when it is registered, then all."""
    judgement = _Judgement(pack, observation.registrations, observation.stack, observation.acceptances)
    shown = Shown(observation)
    run = [policy for policy in pack.policies if pack.levels[policy.name].value != "disabled"]
    of_resources = [policy for policy in run if isinstance(policy, ResourceValidationPolicy)]
    concerned = cache(lambda token: [policy for policy in of_resources if _concerns(policy, token)])
    for registration in observation.registrations.values():
        if not registration.read:
            _judge_resource(judgement, concerned(str(registration.goal.type)), shown, registration)
    resources = shown.stack()
    for policy in run:
        if isinstance(policy, StackValidationPolicy):
            _validate(judgement, policy, shown.stack_args(resources, pack.config[policy.name]), None)
    return PolicyReport(
        pack=pack.name,
        policies=len({policy_id(policy) for policy in run if not _SILENT & {*(policy.tags or [])}}),
        findings=tuple(dict.fromkeys(judgement.findings)),
        not_judged=tuple(dict.fromkeys(judgement.not_judged)),
        levels=tuple(levels(pack).items()),
    )


def _concerns(policy: Any, token: str) -> bool:
    """Whether a policy is asked about resources of a type; without `of_types` it is about any."""
    types: Collection[str] | None = getattr(policy, "of_types", None)
    return types is None or token in types


def _judge_resource(judgement: _Judgement, policies: Iterable[Any], shown: Shown, registration: Registration) -> None:
    levels, config = judgement.pack.levels, judgement.pack.config
    changed = None
    for policy in policies:
        if levels[policy.name].value == "remediate" and policy.has_remediation():
            args = shown.resource_args(registration, config[policy.name], shown.props(registration, marked=True))
            try:
                changed = _awaited(policy.remediate(args)) or changed
            except UnknownValueError as error:
                judgement.not_judged.append(NotJudged(policy.name, registration.urn, error.message))
            except Exception as error:
                if not _not_applicable(error):
                    judgement.findings.append(failed(f"The policy {policy.name} failed: {error}", registration.urn))
    props = shown.props(registration) if changed is None else changed
    plain = shown.resource_args(registration, {}, props)
    for policy in policies:
        if policy.has_validation():  # a remediation alone judges nothing
            own = config[policy.name]
            args = shown.resource_args(registration, own, props) if own else plain
            _validate(judgement, policy, args, registration.urn)


def _validate(judgement: _Judgement, policy: Any, args: Any, urn: str | None) -> None:
    try:
        level = judgement.pack.levels[policy.name]
        _awaited(policy.validate(args, judgement.reporter(policy, level, urn)))
    except UnknownValueError as error:
        judgement.not_judged.append(NotJudged(policy.name, urn, error.message))
    except Exception as error:
        if not _not_applicable(error):
            judgement.findings.append(failed(f"The policy {policy.name} failed: {type(error).__name__}.", urn))


def _awaited(result: Any) -> Any:
    if result is None or not isawaitable(result):
        return result
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(asyncio.ensure_future(result, loop=loop))
    finally:
        loop.close()


def _not_applicable(error: Exception) -> bool:
    return type(error).__name__ == "_NotApplicableError"
