"""Writes the reference of the policies: `python -m policies.framework.reference > docs/reference/policies.md`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .pack import registered
from .policy import ENFORCEMENT, TIERS, Level, Scanner

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
    "providers": "Providers",
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
LEVELS: Mapping[Level, str] = {"mandatory": "**stops**", "advisory": "advice", "disabled": "–"}


def reference() -> str:
    folder = Path(__file__).resolve().parent
    engine = Environment(  # noqa: S701  (Markdown of our own)
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return engine.get_template("reference.md.j2").render(
        policies=list(registered().values()),
        subjects=SUBJECTS,
        tiers=TIERS,
        levels=LEVELS,
        enforcement=ENFORCEMENT,
        scanners=SCANNERS,
        refused=yaml.safe_load((folder.parent / "not-adopted.yaml").read_text(encoding="utf-8"))["checks"],
    )


if __name__ == "__main__":
    sys.stdout.write(reference())
