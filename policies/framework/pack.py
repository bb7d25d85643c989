"""From the declared policies to those of a CrossGuard pack.

CrossGuard fixes a policy's enforcement when it is configured; ours depends on the tier, which a resource's platform
says. So a policy that is mandatory somewhere becomes two that judge alike and never both report: one mandatory,
`elasticache-tls`, and one for advice, `elasticache-tls-advice`, which also shows what is accepted. Both carry the tag
`policy:elasticache-tls`.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pulumi_policy
from pulumi_policy import EnforcementLevel, PolicyConfigSchema, ResourceValidationPolicy, StackValidationPolicy

from dolmen.stackfile import Acceptance, StackFileError, accepted_file, read_acceptances
from dolmen.stackfile.accepted import EFFECTS, acceptance_of, this_day
from dolmen.stackfile.problems import key_text
from dolmen.stackfile.project_file import project_file

from .memory import Memory
from .policy import DECLARED, TIERS, Level, Policy, Setting, Settings, Value
from .resources import PLATFORM, Resource

PLATFORM_TIER = Policy(
    id="platform-tier",
    title="A platform says which tier it is: development, staging or production.",
    severity="high",
    rationale="The tier decides which policies stop; a misspelt one would switch them off.",
    remedy="Write tier: development, staging or production.",
    source="https://www.pulumi.com/docs/iac/crossguard/configuration/",
    settings={"tier": Setting("The tier of what lies in no platform.", "unstated", TIERS[:3])},
)
ACCEPTANCES = Policy(
    id="acceptance-current",
    title="An acceptance is complete, and still fits something.",
    severity="medium",
    rationale="One that nobody needs any more would accept the next mistake of its kind.",
    remedy="Correct it, or remove it.",
    source="https://www.pulumi.com/docs/iac/crossguard/",
)
_LEVELS = {"mandatory": EnforcementLevel.MANDATORY, "advisory": EnforcementLevel.ADVISORY}
Report = Callable[[str, str | None], None]


def registered() -> Mapping[str, Policy]:
    """Every policy of the pack, by id: those that judge a program, and the two about tiers and acceptances."""
    folder = Path(__file__).resolve().parents[1]
    for module in sorted(one.name for one in pkgutil.iter_modules([str(folder)])):
        if not module.startswith("_"):
            import_module(f"..{module}", __package__)
    return {**DECLARED, PLATFORM_TIER.id: PLATFORM_TIER, ACCEPTANCES.id: ACCEPTANCES}


def pack(project: Path | str | None = None) -> None:
    """Declares the pack, as the whole program of a folder that `--policy-pack` names.

    `project`: the folder of the Pulumi project whose register of acceptances counts. Default: the nearest one from the
    working folder upwards, where the engine starts a pack.
    """
    pulumi_policy.PolicyPack(
        name="dolmen",
        enforcement_level=EnforcementLevel.ADVISORY,
        policies=policies(Path(project) if project is not None else None),
        display_name="Dolmen",
        description="What no environment of a data platform on MongoDB Atlas and ElastiCache may become.",
    )


def policies(project: Path | None = None, today: date | None = None) -> list[pulumi_policy.Policy]:
    """The pack's policies. One list serves one stack: it remembers what it was shown."""
    made = _Pack(project or nearest_project(Path.cwd()), today or this_day())
    return [
        ResourceValidationPolicy(validate=made.see, **_described(PLATFORM_TIER, "mandatory")),
        # Never changes anything. A validation sees secrets in the clear and without their mark; what is handed to a
        # remediation still has it.
        ResourceValidationPolicy(
            name="secret-marks",
            description="Records which values are secret, and changes none.",
            remediate=made.memory.mark,
            enforcement_level=EnforcementLevel.REMEDIATE,
            severity=pulumi_policy.Severity.LOW,
            tags=["observer"],
        ),
        *(made.policy(policy, level) for policy in DECLARED.values() for level in policy.levels()),
        StackValidationPolicy(validate=made.judge_acceptances, **_described(ACCEPTANCES, "mandatory")),
        # After all others, so that everything has been asked for.
        StackValidationPolicy(
            name="not-judged",
            description="What could not be judged, because it is known only after the deployment.",
            validate=made.report_unjudged,
            enforcement_level=EnforcementLevel.ADVISORY,
            severity=pulumi_policy.Severity.LOW,
            tags=["not-judged"],
        ),
    ]


def nearest_project(folder: Path) -> Path | None:
    """The folder of the Pulumi project that a folder lies in."""
    return next((one for one in (folder, *folder.parents) if project_file(one) is not None), None)


class _Pack:
    def __init__(self, project: Path | None, today: date) -> None:
        self.memory = Memory()
        self.today = today
        self.acceptances: tuple[Acceptance, ...] = ()
        self.problems: list[str] = []
        """What is wrong with the register; then nothing in it counts."""
        known = registered()
        try:
            if project is not None:
                self.acceptances = read_acceptances(accepted_file(project), known, today)
        except StackFileError as error:
            self.problems = [
                " ".join(filter(None, (f"{error.file}:{one.place}", key_text(one.path), one.rule, one.remedy)))
                for one in error.problems
            ]

    def policy(self, policy: Policy, level: Level) -> pulumi_policy.Policy:
        common = _described(policy, level)
        if policy.on_resource is not None:
            made = ResourceValidationPolicy(validate=partial(self._judge_resource, policy, level), **common)
            if "*" not in policy.types:
                made.of_types = policy.types  # type: ignore[attr-defined]  # whoever asks may leave out other resources
            return made
        return StackValidationPolicy(validate=partial(self._judge_stack, policy, level), **common)

    def see(self, args: Any, report: Report) -> None:
        tier = args.get_config().get("tier")
        if isinstance(tier, str) and tier in TIERS:
            self.memory.default_tier = tier
        resource = self.memory.see(args)
        if resource.type == PLATFORM and resource.known("tier") not in TIERS[:3]:
            report("It says another one, or none.", None)

    def _judge_resource(self, policy: Policy, level: Level, args: Any, report: Report) -> None:
        if policy.on_resource is None or (args.resource_type not in policy.types and "*" not in policy.types):
            return
        resource = self.memory.see(args)
        if policy.level(resource.tier) == "disabled":
            return
        resource.unjudged.clear()
        found = list(policy.on_resource(resource, _settings(policy, args.get_config())))
        self.memory.wanted(resource, policy.id, resource.unjudged)
        for message in found:
            self._report(policy, level, resource, message, report, None)

    def _judge_stack(self, policy: Policy, level: Level, args: Any, report: Report) -> None:
        stack = self.memory.stack(args)
        if policy.on_stack is None:
            return
        for resource in stack.resources:
            resource.unjudged.clear()
        for resource, message in list(policy.on_stack(stack, _settings(policy, args.get_config()))):
            self._report(policy, level, resource, message, report, resource.urn)
        for resource in stack.resources:
            if resource.unjudged and policy.level(resource.tier) != "disabled":
                self.memory.wanted(resource, policy.id, resource.unjudged)

    def _report(
        self, policy: Policy, level: Level, resource: Resource, message: str, report: Report, urn: str | None
    ) -> None:
        wanted = policy.level(resource.tier)
        if wanted == "disabled":
            return
        if overridden := self.memory.overridden(resource):
            message = f"{message} Overridden in the stack file: {', '.join(overridden)}."
        found = acceptance_of(self.acceptances, policy.id, _stack_of(resource.urn), resource.urn, self.today)
        if found is not None:
            self.memory.used.add(found)
            if found.counts(self.today):
                wanted = "advisory"
                message = f"{message} [accepted until {found.until}: {found.reason}]"
            else:
                message = f"{message} It was accepted until {found.until} ({found.place})."
        if wanted == level:
            report(message, urn)

    def judge_acceptances(self, args: Any, report: Report) -> None:
        for problem in self.problems:
            report(problem, None)
        stack = next((_stack_of(one.urn) for one in args.resources), "")
        for one in self.acceptances:
            if one.stack == stack and one.what not in EFFECTS and one not in self.memory.used:
                report(f"{one.place}: {one.what} of {one.resource} fits nothing any more: remove the entry.", None)

    def report_unjudged(self, args: Any, report: Report) -> None:
        del args
        for urn, paths in self.memory.unjudged.items():
            for path, asking in sorted(paths.items()):
                report(f"{path}: {', '.join(sorted(asking))}", urn)


def _described(policy: Policy, level: Level) -> dict[str, Any]:
    """What CrossGuard is told about a policy at one of its levels."""
    advice = level == "advisory" and len(policy.levels()) > 1
    return {
        "name": f"{policy.id}-advice" if advice else policy.id,
        "description": policy.title,
        "enforcement_level": _LEVELS[level],
        "config_schema": PolicyConfigSchema({name: one.schema() for name, one in policy.settings.items()}),
        "display_name": policy.title,
        "severity": pulumi_policy.Severity(policy.severity),
        "tags": [f"policy:{policy.id}"],
        "remediation_steps": policy.remedy,
        "url": policy.source,
    }


def _settings(policy: Policy, config: Mapping[str, Any] | None) -> Settings:
    def value(name: str, tier: str) -> Value:
        given = config.get(name) if config else None
        return policy.settings[name].value(tier) if given is None else given

    return Settings(value)


def _stack_of(urn: str) -> str:
    return urn.removeprefix("urn:pulumi:").partition("::")[0]
