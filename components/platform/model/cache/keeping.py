"""What keeps the cache's data and tells of it: snapshots, encryption, logs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from dolmen.stackfile import Problem

from ....cache import rules
from ..base import Section
from .values import KmsKeyArn, LogRetention, SnapshotWindow


class Snapshots(Section):
    """RDB snapshots that ElastiCache takes once a day and keeps in S3."""

    retention_days: Annotated[int, Field(ge=0, le=rules.MOST_RETENTION_DAYS)] = 7
    """Days to keep each snapshot, 0 to 35; 0 takes none. Production keeps at least 7."""
    window: SnapshotWindow = "19:00-20:00"
    """When the daily snapshot begins: hh:mm-hh:mm, UTC, at least an hour, apart from the maintenance window."""
    final: bool | None = None
    """Whether a last snapshot is taken when the cache is deleted. Default: yes in production, else no."""


class CreateKey(Section):
    """A key of the platform's own."""

    deletion_window_days: Annotated[int, Field(ge=7, le=30)] = 30
    """Days in which a deleted key can be brought back; without it, its data is lost."""


class Encryption(Section):
    """The key for data at rest. Nothing here means a key that AWS owns; it is encrypted in any case."""

    create: CreateKey | None = None
    """Make a key for this cache: for its data, its logs and its alarms' topics."""
    adopt: KmsKeyArn | None = None
    """Use a key that exists, for the data. Logs and topics keep keys of their own."""

    def problems(self) -> Iterator[Problem]:
        if self.create is not None and self.adopt is not None:
            yield Problem(("adopt",), "A cache has one key.", "Keep create or adopt.")


class Logs(Section):
    """Logs in CloudWatch."""

    slow_log: bool = True
    """Commands that took longer than slowlog-log-slower-than."""
    engine_log: bool = True
    """What the engine itself reports: failovers, snapshots, warnings."""
    retention_days: LogRetention = 30
    """Days to keep them; CloudWatch knows 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 and some longer ones."""
    kms_key_arn: KmsKeyArn | None = None
    """A key for the logs, whose policy lets CloudWatch Logs use it. Default: the cache's created key, or AWS's own."""
