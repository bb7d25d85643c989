"""Where the nodes of a cache shall stand: the zone of the primary, then those of its replicas."""

import re
from collections.abc import Iterator, Sequence

from ..arguments import Problem
from .topology import Topology


def zone_problems(zones: Sequence[str | None] | None, topology: Topology) -> Iterator[Problem]:
    """What ElastiCache would refuse, and what would only seem to be done.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
    (PreferredCacheClusterAZs: as many as nodes, not with several node groups)"""
    if zones is None:
        return
    if topology.cluster_mode:
        # With zones of node groups the provider takes no number of replicas beside them, and reads of a change of
        # theirs nothing but ids (measured, v6.58.0): neither replicas nor zones could be changed any more.
        yield Problem(
            ("preferred_zones",),
            "Zones are preferred with cluster mode disabled; in cluster mode ElastiCache spreads each shard over the "
            "zones of the subnets.",
            "Remove it, and name one private subnet of each zone that is wanted.",
        )
        return
    for index, zone in enumerate(zones):
        if zone is not None and not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d[a-z]", zone):
            yield Problem(
                ("preferred_zones", index), "This is not the name of an availability zone.", "Write such as us-east-1a."
            )
    if topology.replicas is not None and len(zones) != 1 + topology.replicas:
        nodes = int(1 + topology.replicas)
        yield Problem(
            ("preferred_zones",),
            f"Each node has its zone, the primary's first: {nodes} node{'s' if nodes > 1 else ''}, and {len(zones)} "
            f"zone{'' if len(zones) == 1 else 's'}.",
            "Name one zone for each node; a zone may stand there more than once.",
        )
    if topology.multi_az and len(zones) > 1 and None not in zones and len(set(zones)) == 1:
        yield Problem(
            ("preferred_zones",),
            "Multi-AZ wants a replica in another zone, and all nodes would stand in one.",
            "Name another zone for one of the replicas.",
        )
