"""The modules that hold rules: importing one registers its rules."""

from __future__ import annotations

from importlib import import_module

MODULES = (
    "atlas_access",
    "atlas_alerts",
    "atlas_backup",
    "atlas_cluster",
    "atlas_organization",
    "atlas_project",
    "awslambda",
    "cloudwatch",
    "ec2",
    "elasticache",
    "elasticache_access",
    "iam",
    "kms",
    "secrets",
    "secretsmanager",
    "sns",
    "whole_stack",
)


def load() -> None:
    for name in MODULES:
        import_module(f".{name}", __package__)
