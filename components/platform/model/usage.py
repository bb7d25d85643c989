"""What a month looks like: it makes no resource, and refines what a plan says of cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from dolmen.stackfile import Problem

from .base import Section, for_editors

Amount = Annotated[float, for_editors(minimum=0)]


class Usage(Section):
    """What is used in a month, for estimates alone. What is not said is assumed or left out, and the plan says which."""

    backup_gb: Amount | None = None
    """GB that Atlas keeps of snapshots and oplog together."""
    cache_gb: Amount | None = None
    """GB of keys in the cache: the size of one of its snapshots."""
    log_gb: Amount | None = None
    """GB of logs, of all log groups together."""
    transfer_gb: Amount | None = None
    """GB between clients and the cluster."""
    secret_reads: Amount | None = None
    """How many times secrets are read, all of them together."""

    def problems(self) -> Iterator[Problem]:
        for key, value in self.model_dump(by_alias=True).items():
            if value is not None and value < 0:
                yield Problem((key,), "What is used in a month is never less than nothing.", "Write 0 or more.")
