"""From rules and their catalogue to the policies of a CrossGuard pack.

CrossGuard fixes a policy's enforcement when it is configured; ours depends on the tier, which a resource's platform
says. So a rule that is mandatory somewhere becomes two policies that judge alike and never both report: one mandatory,
`elasticache-tls`, and one for advice, `elasticache-tls-advice`, which also shows what is exempted. Both carry the tag
`rule:elasticache-tls`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    ResourceValidationPolicy,
    Severity,
    StackValidationPolicy,
)

from .. import modules
from .catalogue import TIERS, Entry, read_catalogue, read_data
from .exemptions import Exemptions, parse_exemptions, read_exemptions
from .memory import Memory
from .resources import Resource
from .rule import RULES, Rule, Settings

TIER_POLICY = "platform-tier"
MARKS_POLICY = "secret-marks"
UNJUDGED_POLICY = "not-judged"
EXEMPTIONS_POLICY = "policy-exemptions"
_LEVELS = {"mandatory": EnforcementLevel.MANDATORY, "advisory": EnforcementLevel.ADVISORY}
Report = Callable[[str, str | None], None]


def policies(folder: Path, today: date | None = None) -> list[Policy]:
    """Every policy of the pack that lies in `folder`. One list serves one stack: it remembers what it was shown."""
    modules.load()
    catalogue = read_catalogue(folder / "catalogue")
    if missing := set(RULES) ^ set(catalogue):
        raise ValueError(f"rules and catalogue differ: {', '.join(sorted(missing))}")
    pack = _Pack(folder, catalogue, today or date.today())
    return [
        pack.tier_policy(),
        pack.marks_policy(),
        *pack.rule_policies(),
        pack.exemptions_policy(),
        pack.unjudged_policy(),
    ]


class _Pack:
    def __init__(self, folder: Path, catalogue: dict[str, Entry], today: date) -> None:
        self.memory = Memory()
        self.catalogue = catalogue
        self.today = today
        self.exemptions = read_exemptions(folder / "exemptions.yaml", catalogue, today)
        self.tables = cache(partial(read_data, folder / "catalogue"))
        self.stack = ""

    # ---- policies

    def rule_policies(self) -> Iterator[Policy]:
        for identifier, entry in self.catalogue.items():
            for level in entry.levels():
                yield self._policy(RULES[identifier], entry, level)

    def _policy(self, rule: Rule, entry: Entry, level: str) -> Policy:
        advice = level == "advisory" and len(entry.levels()) > 1
        common: dict[str, Any] = {
            "name": f"{entry.id}-advice" if advice else entry.id,
            "description": entry.title,
            "enforcement_level": _LEVELS[level],
            "config_schema": _schema(entry),
            "display_name": entry.title,
            "severity": Severity(entry.severity),
            "tags": [f"rule:{entry.id}", f"service:{entry.service}"],
            "remediation_steps": entry.remedy,
            "url": entry.source if entry.source.startswith("https://") else None,
        }
        if rule.on_resource is not None:
            return ResourceValidationPolicy(validate=partial(self._judge_resource, rule, entry, level), **common)
        return StackValidationPolicy(validate=partial(self._judge_stack, rule, entry, level), **common)

    def tier_policy(self) -> Policy:
        return ResourceValidationPolicy(
            name=TIER_POLICY,
            description="A platform says which tier it is: development, staging or production.",
            validate=self._see,
            enforcement_level=EnforcementLevel.MANDATORY,
            config_schema=PolicyConfigSchema(
                {
                    "tier": {
                        "type": "string",
                        "enum": list(TIERS[:3]),
                        "description": "The tier of what lies in no DataPlatform. Default: judged like production, as advice.",
                    }
                }
            ),
            severity=Severity.HIGH,
            tags=[f"rule:{TIER_POLICY}"],
            remediation_steps="Write tier: development, staging or production.",
        )

    def marks_policy(self) -> Policy:
        """Never changes anything. A validation sees secrets in the clear and without their mark; what is handed to a
        remediation still has it."""
        return ResourceValidationPolicy(
            name=MARKS_POLICY,
            description="Takes down which values are secret, and changes none.",
            remediate=self.memory.mark,
            enforcement_level=EnforcementLevel.REMEDIATE,
            severity=Severity.LOW,
            tags=["observer"],
        )

    def exemptions_policy(self) -> Policy:
        return StackValidationPolicy(
            name=EXEMPTIONS_POLICY,
            description="An exemption has a rule, a resource, a reason and a day on which it ends, and still fits something.",
            validate=self._judge_exemptions,
            enforcement_level=EnforcementLevel.MANDATORY,
            severity=Severity.MEDIUM,
            tags=[f"rule:{EXEMPTIONS_POLICY}"],
            remediation_steps="Correct the entry in policies/exemptions.yaml, or remove it.",
        )

    def unjudged_policy(self) -> Policy:
        """After all others, so that everything has been asked for."""
        return StackValidationPolicy(
            name=UNJUDGED_POLICY,
            description="What could not be judged, because it is known only after the deployment.",
            validate=self._report_unjudged,
            enforcement_level=EnforcementLevel.ADVISORY,
            severity=Severity.LOW,
            tags=["not-judged"],
        )

    # ---- judging

    def _see(self, args: Any, report: Report) -> None:
        tier = args.get_config().get("tier")
        if isinstance(tier, str) and tier in TIERS:
            self.memory.default_tier = tier
        resource = self.memory.see(args)
        if resource.type == "dolmen:index:DataPlatform" and resource.known("tier") not in TIERS[:3]:
            report("It says another one, or none.", None)

    def _judge_resource(self, rule: Rule, entry: Entry, level: str, args: Any, report: Report) -> None:
        if rule.on_resource is None or (args.resource_type not in rule.types and "*" not in rule.types):
            return
        resource = self.memory.see(args)
        config = args.get_config()
        if self._level(entry, resource.tier) == "disabled":
            return
        resource.unjudged.clear()
        found = list(rule.on_resource(resource, self._settings(entry, config)))
        self.memory.wanted(resource, entry.id, resource.unjudged)
        for message in found:
            self._report(entry, level, resource, message, config, report, None)

    def _judge_stack(self, rule: Rule, entry: Entry, level: str, args: Any, report: Report) -> None:
        stack = self.memory.stack(args)
        if rule.on_stack is None:
            return
        config = args.get_config()
        for resource in stack.resources:
            resource.unjudged.clear()
        for resource, message in list(rule.on_stack(stack, self._settings(entry, config))):
            self._report(entry, level, resource, message, config, report, resource.urn)
        for resource in stack.resources:
            if resource.unjudged and self._level(entry, resource.tier) != "disabled":
                self.memory.wanted(resource, entry.id, resource.unjudged)

    def _report(
        self, entry: Entry, level: str, resource: Resource, message: str, config: Any, report: Report, urn: str | None
    ) -> None:
        wanted = self._level(entry, resource.tier)
        if wanted == "disabled":
            return
        exemption = self._exemptions(entry, config).find(entry.id, resource.urn, _stack_of(resource.urn), self.today)
        if exemption is not None:
            self.memory.used.add(exemption)
            if exemption.expired(self.today):
                message = f"{message} The exemption ended on {exemption.until}: {exemption.reason}"
            else:
                wanted = "advisory"
                message = f"[exempted until {exemption.until}: {exemption.reason}] {message}"
        if wanted == level:
            report(message, urn)

    def _judge_exemptions(self, args: Any, report: Report) -> None:
        for problem in self.exemptions.problems:
            report(problem, None)
        stack = next((_stack_of(one.urn) for one in args.resources), "")
        for one in self.exemptions.entries:
            if one not in self.memory.used and one.stack == stack:
                report(f"The exemption from {one.rule} for {one.resource} fits nothing any more: remove it.", None)

    def _report_unjudged(self, args: Any, report: Report) -> None:
        del args
        for urn, paths in self.memory.unjudged.items():
            for path, rules in sorted(paths.items()):
                report(f"{path}: {', '.join(sorted(rules))}", urn)

    # ---- what is configured

    def _level(self, entry: Entry, tier: str) -> str:
        return entry.enforcement[tier]

    def _settings(self, entry: Entry, config: Any) -> Settings:
        def value(name: str, tier: str) -> Any:
            given = config.get(name) if config else None
            return entry.settings[name].value(tier) if given is None else given

        return Settings(value, self.tables)

    def _exemptions(self, entry: Entry, config: Any) -> Exemptions:
        rows: Iterable[Any] = (config or {}).get("exemptions") or []
        added = parse_exemptions([{**row, "rule": entry.id} for row in rows], {entry.id}, self.today)
        return Exemptions((*self.exemptions.entries, *added.entries)) if added.entries else self.exemptions


def _schema(entry: Entry) -> PolicyConfigSchema:
    properties: dict[str, dict[str, Any]] = {
        name: {"type": setting.type, "description": setting.description} for name, setting in entry.settings.items()
    }
    properties["exemptions"] = {
        "type": "array",
        "description": "Violations that are accepted: resource, reason, until (a day), and optionally stack.",
        "items": {
            "type": "object",
            "properties": {name: {"type": "string"} for name in ("resource", "stack", "reason", "until")},
            "required": ["resource", "reason", "until"],
        },
    }
    return PolicyConfigSchema(properties)


def _stack_of(urn: str) -> str:
    return urn.removeprefix("urn:pulumi:").partition("::")[0]
