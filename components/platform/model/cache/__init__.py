"""ElastiCache in a stack file."""

from __future__ import annotations

from .section import Cache, ServiceUser

__all__ = ["Cache", "ServiceUser"]
