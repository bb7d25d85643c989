"""ElastiCache in a stack file."""

from __future__ import annotations

from stacks.model.cache.section import Cache, ServiceUser

__all__ = ["Cache", "ServiceUser"]
