"""The parts of a platform: Atlas and the cache, each there or not.

Whether a stack has a part is decided here, once. What asks for a part's components is given the part, not the stack.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..arguments import unknown
from .model.applications import Application
from .model.atlas import Atlas
from .model.cache import Cache
from .model.network import Network
from .model.stack import StackConfig


@dataclass(frozen=True)
class _Part:
    """What a part takes from its stack."""

    stack: StackConfig

    @property
    def name(self) -> str:
        return self.stack.name

    @property
    def region(self) -> str:
        return self.stack.region

    @property
    def tags(self) -> Mapping[str, str]:
        return self.stack.tags

    @property
    def production(self) -> bool:
        return self.stack.production

    @property
    def network(self) -> Network:
        """The network; unknown where there is none: a stack check refuses a part that needs one."""
        return unknown(Network) if self.stack.network is None else self.stack.network


@dataclass(frozen=True)
class AtlasPart(_Part):
    """A stack that has Atlas."""

    atlas: Atlas

    @property
    def applications(self) -> Mapping[str, Application]:
        """Those that use Atlas."""
        return {name: asked for name, asked in self.stack.applications.items() if asked.uses_atlas}

    @property
    def databases(self) -> Mapping[str, str]:
        """Application → its database."""
        return {name: one.database for name, one in self.applications.items() if one.database is not None}


@dataclass(frozen=True)
class CachePart(_Part):
    """A stack that has a cache."""

    cache: Cache

    @property
    def applications(self) -> Mapping[str, Application]:
        """Those that use the cache."""
        return {name: asked for name, asked in self.stack.applications.items() if asked.uses_cache}


def atlas_part(stack: StackConfig) -> AtlasPart | None:
    return None if stack.atlas is None else AtlasPart(stack, stack.atlas)


def cache_part(stack: StackConfig) -> CachePart | None:
    return None if stack.cache is None else CachePart(stack, stack.cache)


def whole(stack: StackConfig) -> StackConfig:
    """The stack itself, which is always there."""
    return stack
