"""What a month looks like, as a stack file may say under `usage`; it refines what depends on use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dolmen.engine.plan import Plan
from dolmen.review.cost.price import is_amount

_KEYS = {
    "backupGb": "backup_gb",
    "cacheGb": "cache_gb",
    "logGb": "log_gb",
    "transferGb": "transfer_gb",
    "secretReads": "secret_reads",
}


@dataclass(frozen=True, slots=True)
class Usage:
    """`None`: nothing is said of it. The keys are those of `components/platform/model/usage.py`."""

    backup_gb: float | None = None
    cache_gb: float | None = None
    log_gb: float | None = None
    transfer_gb: float | None = None
    secret_reads: float | None = None


def usage_of(plan: Plan) -> Usage:
    """What the configuration says under the project's own `usage`; of foreign programs only what is meant alike."""
    written = plan.config.get(f"{plan.project}:usage")
    if isinstance(written, str) and written.startswith("{"):
        try:
            written = json.loads(written)
        except ValueError:
            return Usage()
    said: Mapping[str, Any] = written if isinstance(written, Mapping) else {}
    return Usage(**{name: float(said[key]) for key, name in _KEYS.items() if is_amount(said.get(key))})
