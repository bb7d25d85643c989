"""Rules of production that a cache may do without, in writing."""

from __future__ import annotations

from ..base import Section
from .values import Reason


class Relaxations(Section):
    """Rules of production that this platform does without, each with the reason why."""

    single_zone: Reason | None = None
    """No replica in another zone: a failed node is an outage, and its data is lost."""
    short_snapshot_retention: Reason | None = None
    """Snapshots kept for less than 7 days, or none."""
    no_final_snapshot: Reason | None = None
    """Nothing is kept when the cache is deleted."""
    burstable_nodes: Reason | None = None
    """t3 and t4g nodes, which slow down when their CPU credits are spent."""
    memory_share: Reason | None = None
    """More or less than 70 to 80 % of a node's memory for keys."""
    no_logs: Reason | None = None
    """The slow log or the engine log switched off."""
    raised_node_quota: Reason | None = None
    """More than 90 nodes, in any tier: AWS allows them after a quota increase."""
