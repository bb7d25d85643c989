"""The modules that hold rules: importing one registers its rules."""

from __future__ import annotations


def load() -> None:
    from . import (  # noqa: F401
        atlas_access,
        atlas_alerts,
        atlas_backup,
        atlas_cluster,
        atlas_organization,
        atlas_project,
        awslambda,
        cloudwatch,
        ec2,
        elasticache,
        elasticache_access,
        iam,
        kms,
        secrets,
        secretsmanager,
        sns,
        whole_stack,
    )
