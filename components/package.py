"""What the component package exports: every component that a room gives."""

import pulumi

from . import atlas, cache, keys, secrets

NAME = "dolmen"
EXPORTED: tuple[type[pulumi.ComponentResource], ...] = tuple(
    value
    for room in (atlas, cache, keys, secrets)
    for _, value in sorted(vars(room).items())
    if isinstance(value, type) and issubclass(value, pulumi.ComponentResource)
)
