"""What the cache is made of: shards and replicas."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag

from ....cache import replication_group_arguments as defaults
from ....cache.topology import MOST_REPLICAS, MOST_SHARDS
from ..base import Section, for_editors

Shards = Annotated[int, for_editors(minimum=1, maximum=MOST_SHARDS)]
Replicas = Annotated[int, for_editors(minimum=0, maximum=MOST_REPLICAS)]


class ClusterMode(Section):
    """Keys spread over shards. Clients must speak the cluster protocol, even with one shard."""

    shards: Shards = defaults.SHARDS
    """Shards, each with its own primary. More of them hold more keys and take more writes."""
    replicas_per_shard: Replicas = defaults.REPLICAS
    """Replicas of each shard. The first one lets another zone take over; more of them serve reads."""


class NodeScaling(Section):
    """Within which bounds, and by what."""

    minimum: int
    """The fewest that there are."""
    maximum: int
    """The most."""
    cpu_percent: Annotated[int | None, for_editors(minimum=1, maximum=99)] = None
    """The load of the thread that runs commands that is aimed at: of primaries, or of replicas."""
    memory_percent: Annotated[int | None, for_editors(minimum=1, maximum=99)] = None
    """Of shards, in its place: the share of the memory for keys that is aimed at."""
    scale_in: bool = True
    """Whether there may be fewer again."""


class NodeAutoscaling(Section):
    """What follows the load, in cluster mode, on nodes that ElastiCache scales: r7g, r6g, m7g … up to 2xlarge."""

    shards: NodeScaling | None = None
    """Shards of the cache. clusterMode.shards says how many there are at the beginning, and is not compared later."""
    replicas: NodeScaling | None = None
    """Replicas of each shard. clusterMode.replicasPerShard is their beginning."""


def _cluster_mode_form(value: Any) -> str:
    return "tagged-union:disabled" if isinstance(value, str) else "tagged-union:enabled"


ClusterModeChoice = Annotated[
    Annotated[ClusterMode, Tag("tagged-union:enabled")] | Annotated[Literal["disabled"], Tag("tagged-union:disabled")],
    Discriminator(_cluster_mode_form),
]
