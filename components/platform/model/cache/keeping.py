"""What keeps the cache's data and tells of it: snapshots and logs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from dolmen.stackfile import Problem

from ....cache import replication_group_arguments as defaults
from ....cache import replication_group_limits as limits
from ..base import Section, for_editors
from ..key import KeyChoice


class Snapshots(Section):
    """RDB snapshots that ElastiCache takes once a day and keeps in S3."""

    retention_days: Annotated[int, for_editors(minimum=0, maximum=limits.MOST_SNAPSHOT_RETENTION_DAYS)] = (
        defaults.SNAPSHOT_RETENTION_DAYS
    )
    """Days to keep each snapshot, 0 to 35; 0 takes none. Production keeps at least 7."""
    window: str | None = None
    """When the daily snapshot begins: hh:mm-hh:mm, UTC, at least an hour, apart from the maintenance window. Default: four
    in the morning in the region."""
    final: bool | None = None
    """Whether a last snapshot is taken when the cache is deleted. Default: yes in production, else no."""


class Seed(Section):
    """What a new cache is filled from: exactly one of the two. A cache that exists is left alone.

    Where another change replaces the cache, the new one is filled from what stands here then."""

    snapshot: str | None = None
    """A snapshot of ElastiCache, by its name: one of the daily ones, a final one, or one of your own."""
    rdb: tuple[str, ...] | None = None
    """ARNs of RDB files in S3, which ElastiCache may read: arn:aws:s3:::bucket/path.rdb. One without cluster mode."""

    def problems(self) -> Iterator[Problem]:
        if self.snapshot is None and self.rdb is None:
            yield Problem((), "A seed is a snapshot or RDB files.", "Write snapshot: <name>, or rdb: [<ARN>].")


class Logs(Section):
    """Logs in CloudWatch."""

    slow_log: bool = defaults.SLOW_LOG
    """Commands that took longer than slowlog-log-slower-than."""
    engine_log: bool = defaults.ENGINE_LOG
    """What the engine itself reports: failovers, snapshots, warnings."""
    retention_days: Annotated[int, for_editors(enum=[*limits.LOG_RETENTIONS])] = defaults.LOG_RETENTION_DAYS
    """Days to keep them; CloudWatch knows 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 and some longer ones."""
    encryption_key: KeyChoice | None = None
    """A key for the logs, whose policy lets CloudWatch Logs use it. Default: the cache's created key, or AWS's own."""
