"""What the cache is made of: shards and replicas."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from ....cache import rules
from ..base import Section


class ClusterMode(Section):
    """Keys spread over shards. Clients must speak the cluster protocol, even with one shard."""

    shards: Annotated[int, Field(ge=1, le=rules.MOST_SHARDS)] = 1
    """Shards, each with its own primary. More of them hold more keys and take more writes."""
    replicas_per_shard: Annotated[int, Field(ge=0, le=rules.MOST_REPLICAS)] = 1
    """Replicas of each shard. The first one lets another zone take over; more of them serve reads."""


def _cluster_mode_form(value: Any) -> str:
    return "tagged-union:disabled" if isinstance(value, str) else "tagged-union:enabled"


ClusterModeChoice = Annotated[
    Annotated[ClusterMode, Tag("tagged-union:enabled")] | Annotated[Literal["disabled"], Tag("tagged-union:disabled")],
    Discriminator(_cluster_mode_form),
]
