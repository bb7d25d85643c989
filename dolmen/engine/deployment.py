"""Says for which stack a program runs, and what the engine can do for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi.runtime.proto import resource_pb2

from dolmen.engine.project import StackConfig
from dolmen.stackfile import Acceptance

_FEATURES = frozenset(
    {
        "SECRETS", "RESOURCE_REFERENCES", "OUTPUT_VALUES", "ALIAS_SPECS", "REPLACEMENT_TRIGGER", "DELETED_WITH",
        "REPLACE_WITH", "TRANSFORMS", "INVOKE_TRANSFORMS", "PARAMETERIZATION", "RESOURCE_HOOKS", "ERROR_HOOKS",
        "INVOKE_DEPENDS_ON", "STATE_MIGRATIONS",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deployment:
    """What the engine tells a program about the deployment that it is part of."""

    project: str
    stack: str
    organization: str
    folder: Path
    config: StackConfig
    dry_run: bool = True
    copy_of: tuple[str, str] | None = None
    """See `Request.copy_of`."""
    judged_by: str | None = None
    """See `Request.judged_by`."""
    acceptances: tuple[Acceptance, ...] | None = None
    """See `Request.acceptances`."""

    def info(self) -> Any:
        numbers: Any = getattr(resource_pb2, "ResourceMonitorFeature", {})  # SDKs before 2026 ask `supports` instead
        return resource_pb2.DeploymentInfo(
            project=self.project,
            stack=self.stack,
            organization=self.organization,
            config=dict(self.config.values),
            configSecretKeys=sorted(self.config.secret_keys),
            dryRun=self.dry_run,
            parallel=1,
            supportedFeatures=[
                number
                for name, number in numbers.items()
                if name.removeprefix("RESOURCE_MONITOR_FEATURE_") in _FEATURES
            ],
        )


def supports(feature: str) -> bool:
    """Whether the engine can do what an SDK asks for in camel case."""
    return "".join(f"_{letter}" if letter.isupper() else letter for letter in feature).upper() in _FEATURES
