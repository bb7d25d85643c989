"""Writes the reference of the policies: `python -m policies.framework.reference > docs/reference/policies.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from .pack import registered
from .policy import ENFORCEMENT, Policy, Scanner, Setting

SUBJECTS = {
    "atlas": "MongoDB Atlas",
    "elasticache": "ElastiCache",
    "secretsmanager": "Secrets Manager",
    "secret": "Secret values and their rotation",
    "iam": "IAM",
    "kms": "KMS",
    "ec2": "VPC: security groups, endpoints, routes",
    "cloudwatch": "CloudWatch",
    "sns": "SNS",
    "awslambda": "Lambda",
    "stack": "The whole stack",
    "": "Tiers and acceptances",
}
"""How the modules' names begin → what they are about."""
SCANNERS: Mapping[Scanner, str] = {
    "checkov": "Checkov",
    "prowler": "Prowler",
    "trivy": "Trivy",
    "security-hub": "Security Hub",
    "config": "AWS Config",
    "cfn-nag": "cfn-nag",
    "cdk-nag": "cdk-nag",
}
NOT_ADOPTED = Path(__file__).resolve().parents[1] / "not-adopted.yaml"
_LEVELS = {"mandatory": "**stops**", "advisory": "advice", "disabled": "–"}

HEAD = """<!-- Made by `make tables` from the policies. -->

# Policies

`dolmen.policies` is a CrossGuard pack of {count} policies. The same ones hold in `pulumi preview --policy-pack policies`,
in `dolmen plan`, and for programs that use single components. What **stops** makes a preview fail; advice is shown. A
project's pack is a folder `policies/` with a `PulumiPolicy.yaml` and this `__main__.py`:

```python
from dolmen.policies import pack

pack()
```

- **The tier** comes from the platform. What lies in none is judged like production, as advice, except for what is
  wrong anywhere; the setting `tier` of the policy `platform-tier` names a tier for it.
- **Settings** are Pulumi's own policy configuration: `--policy-pack-config policies/policy-config.json`, which
  `dolmen plan` reads from that place by itself. `{{"elasticache-backup": {{"minimumDays": 14}}}}` changes a setting,
  `{{"kms-single-region": "disabled"}}` switches a policy off. A policy that stops somewhere is two for Pulumi: the second,
  `<id>-advice`, reports where it is advice.
- **Acceptances** stand in the register `accepted.yaml` in the folder of the stack files, each with what, stack, resource,
  reason and the day on which it ends, at most a year ahead. They are shown in every report. One that is over, or fits
  nothing any more, is a finding. The pack reads the register of the project from whose folder Pulumi runs;
  `pack(project)` names another one.
- **What is known only after the deployment** cannot be judged, and is listed as such (`not-judged`).
- A preview of the real engine cannot tell a password in the program from one in the configuration: there,
  `secret-not-in-program` finds short ones only. `dolmen plan` finds all.
- A policy that asks how old a credential is can only read a date in the keepers of its `RandomPassword`; a generation
  has no date.
"""


def reference() -> str:
    policies = registered()
    parts = [HEAD.format(count=len(policies))]
    for subject, title in SUBJECTS.items():
        of_subject = [one for one in policies.values() if one.module.partition("_")[0] == subject]
        parts += [f"## {title}\n", *_policies(of_subject)]
    parts += ["## What scanners have\n", *_mapping(policies.values()), "### Not adopted, and why\n", *_not_adopted()]
    return "\n".join(parts) + "\n"


def _policies(policies: list[Policy]) -> Iterator[str]:
    yield "| policy | severity | development | staging | production |\n|---|---|---|---|---|"
    for one in policies:
        levels = ENFORCEMENT[one.enforcement]
        cells = " | ".join(_LEVELS[levels[tier]] for tier in ("development", "staging", "production"))
        yield f"| [`{one.id}`](#{one.id}) {one.title} | {one.severity} | {cells} |"
    yield ""
    for one in policies:
        yield f"#### {one.id}\n\n{one.rationale} *{one.remedy}* [Source]({one.source})."
        for name, setting in one.settings.items():
            yield f"\nSetting `{name}`: {setting.description} Default: {_default(setting)}."
        yield ""


def _default(setting: Setting) -> str:
    if isinstance(setting.default, Mapping):
        return ", ".join(f"{tier} {value}" for tier, value in setting.default.items())
    return str(setting.default)


def _mapping(policies: Iterable[Policy]) -> Iterator[str]:
    yield f"| ours | {' | '.join(SCANNERS.values())} |\n|---|{'---|' * len(SCANNERS)}"
    for one in policies:
        if one.scanners:
            cells = [", ".join(one.scanners.get(scanner, ())) for scanner in SCANNERS]
            yield f"| `{one.id}` | {' | '.join(cells)} |"
    yield ""


def _not_adopted() -> Iterator[str]:
    rows: list[dict[str, Any]] = yaml.safe_load(NOT_ADOPTED.read_text(encoding="utf-8"))["checks"]
    yield "| scanner | theirs | why not |\n|---|---|---|"
    for row in rows:
        yield f"| {SCANNERS[row['scanner']]} | {', '.join(row['ids'])} | {row['why']} |"


if __name__ == "__main__":
    sys.stdout.write(reference())
