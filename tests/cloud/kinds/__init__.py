"""What the simulated clouds do beyond their schemas, by service."""

from __future__ import annotations

import functools

from tests.cloud.contracts import contracts
from tests.cloud.kinds import (
    application_autoscaling,
    atlas_access,
    atlas_cluster,
    atlas_network,
    atlas_project,
    elasticache,
    generated,
    identity,
    network,
    observation,
    secrets_manager,
)
from tests.cloud.kinds.base import KINDS, Kind

_SERVICES = (
    application_autoscaling,
    atlas_access,
    atlas_cluster,
    atlas_network,
    atlas_project,
    elasticache,
    generated,
    identity,
    network,
    observation,
    secrets_manager,
)


@functools.cache
def kind(token: str) -> Kind:
    """How a type behaves; `KeyError` for a type that no contract describes: it is never guessed."""
    return KINDS.get(token, Kind)(contracts()[token])


def special() -> frozenset[str]:
    """The types that have behaviour of their own beyond their contract."""
    return frozenset(KINDS)
