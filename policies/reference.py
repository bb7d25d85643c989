"""Writes the reference of the rules: `python policies/reference.py > docs/reference/policies.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from rules.framework.catalogue import Entry, read_catalogue

CATALOGUE = Path(__file__).parent / "catalogue"
SERVICES = {
    "atlas": "MongoDB Atlas",
    "cloudwatch": "CloudWatch",
    "ec2": "VPC: security groups, endpoints, peering",
    "elasticache": "ElastiCache",
    "iam": "IAM",
    "kms": "KMS",
    "lambda": "Lambda",
    "secretsmanager": "Secrets",
    "sns": "SNS",
    "stack": "The whole stack",
}
SCANNERS = {
    "checkov": "Checkov",
    "prowler": "Prowler",
    "trivy": "Trivy",
    "security-hub": "Security Hub",
    "config": "AWS Config",
    "cfn-nag": "cfn-nag",
    "cdk-nag": "cdk-nag",
}
LETTERS = {"mandatory": "**stops**", "advisory": "advice", "disabled": "–"}

HEAD = """<!-- Made from policies/catalogue by `python policies/reference.py`. -->

# Policies

`policies/` is a CrossGuard pack. The same rules hold in `pulumi preview --policy-pack policies`, in `dolmen plan`, and
for programs that use single components. What **stops** makes a preview fail; advice is shown.

- **The tier** comes from `DataPlatform`. What lies in none is judged like production, as advice, except for what is
  wrong anywhere; the setting `tier` of the policy `platform-tier` names a tier for it.
- **Settings** are Pulumi's own policy configuration: `--policy-pack-config policies/policy-config.json`, which
  `dolmen plan` reads from that place by itself. `{"elasticache-backup": {"minimumDays": 14}}` changes a setting,
  `{"kms-single-region": "disabled"}` switches a rule off. A rule that stops somewhere is two policies: the second,
  `<rule>-advice`, reports where it is advice.
- **Exemptions** stand in `policies/exemptions.yaml`, each with rule, resource, reason and the day on which it ends, at
  most a year ahead. They are shown in every report. One that is over, or fits nothing any more, is a finding.
- **What is known only after the deployment** cannot be judged, and is listed as such (`not-judged`).
- A preview of the real engine cannot tell a password in the program from one in the configuration: there,
  `secret-not-in-program` finds short ones only. `dolmen plan` finds all.
- A rule that asks how old a credential is can only read a date in the keepers of its `RandomPassword`; a generation has
  no date.
"""


def reference() -> str:
    entries = read_catalogue(CATALOGUE)
    by_service: dict[str, list[Entry]] = {}
    for entry in entries.values():
        by_service.setdefault(entry.service, []).append(entry)
    parts = [HEAD, f"{len(entries)} rules:\n"]
    for service, title in SERVICES.items():
        parts += [f"## {title}\n", *_rules(by_service[service])]
    parts += ["## What scanners have\n", *_mapping(entries), "### Not adopted, and why\n", *_not_adopted()]
    return "\n".join(parts) + "\n"


def _rules(entries: list[Entry]) -> Iterator[str]:
    yield "| rule | severity | development | staging | production |\n|---|---|---|---|---|"
    for entry in entries:
        levels = " | ".join(LETTERS[entry.enforcement[tier]] for tier in ("development", "staging", "production"))
        yield f"| [`{entry.id}`](#{entry.id}) {entry.title} | {entry.severity} | {levels} |"
    yield ""
    for entry in entries:
        yield f"#### {entry.id}\n\n{entry.rationale} *{entry.remedy}* [Source]({entry.source})."
        for name, setting in entry.settings.items():
            yield f"\nSetting `{name}`: {setting.description} Default: {_default(setting.default)}."
        yield ""


def _default(default: Any) -> str:
    if isinstance(default, dict):
        return ", ".join(f"{tier} {value}" for tier, value in default.items())
    return str(default)


def _mapping(entries: dict[str, Entry]) -> Iterator[str]:
    yield f"| ours | {' | '.join(SCANNERS.values())} |\n|---|{'---|' * len(SCANNERS)}"
    for entry in entries.values():
        if entry.scanners:
            cells = [", ".join(entry.scanners.get(scanner, ())) for scanner in SCANNERS]
            yield f"| `{entry.id}` | {' | '.join(cells)} |"
    yield ""


def _not_adopted() -> Iterator[str]:
    yield "| scanner | theirs | why not |\n|---|---|---|"
    for row in yaml.safe_load((CATALOGUE / "not-adopted.yaml").read_text(encoding="utf-8"))["rules"]:
        yield f"| {SCANNERS[row['scanner']]} | {', '.join(row['ids'])} | {row['why']} |"


if __name__ == "__main__":
    sys.stdout.write(reference())
