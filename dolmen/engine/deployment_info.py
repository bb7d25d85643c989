"""Says what the engine tells a program about its deployment, and what it can do for it."""

from __future__ import annotations

from typing import Any

from pulumi.runtime.proto import resource_pb2

from dolmen.engine.deployment import Deployment

_FEATURES = frozenset(
    {
        "SECRETS", "RESOURCE_REFERENCES", "OUTPUT_VALUES", "ALIAS_SPECS", "REPLACEMENT_TRIGGER", "DELETED_WITH",
        "REPLACE_WITH", "TRANSFORMS", "INVOKE_TRANSFORMS", "PARAMETERIZATION", "RESOURCE_HOOKS", "ERROR_HOOKS",
        "INVOKE_DEPENDS_ON", "STATE_MIGRATIONS",
    }
)  # fmt: skip


def info(deployment: Deployment) -> Any:
    numbers: Any = getattr(resource_pb2, "ResourceMonitorFeature", {})  # SDKs before 2026 ask `supports` instead
    return resource_pb2.DeploymentInfo(
        project=deployment.project,
        stack=deployment.stack,
        organization=deployment.organization,
        config=dict(deployment.config.values),
        configSecretKeys=sorted(deployment.config.secret_keys),
        dryRun=deployment.dry_run,
        parallel=1,
        supportedFeatures=[
            number for name, number in numbers.items() if name.removeprefix("RESOURCE_MONITOR_FEATURE_") in _FEATURES
        ],
    )


def supports(feature: str) -> bool:
    """Whether the engine can do what an SDK asks for in camel case."""
    return "".join(f"_{letter}" if letter.isupper() else letter for letter in feature).upper() in _FEATURES
