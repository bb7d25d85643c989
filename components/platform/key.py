"""What a stack asks of a key that is made: for Atlas, for the cache, for an application's secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pulumi

from .. import names
from ..keys import EncryptionKeyArgs
from .asked import named
from .model.key import KeyChoice


class Owner(Protocol):
    """A stack, or a part of one."""

    @property
    def name(self) -> str: ...
    @property
    def production(self) -> bool: ...
    @property
    def tags(self) -> Mapping[str, str]: ...


def created_key_args(
    stack: Owner,
    choice: KeyChoice | None,
    description: str,
    *purpose: str,
    policy: pulumi.Input[str] | None = None,
) -> EncryptionKeyArgs:
    """`purpose` tells the platform's keys apart in their aliases."""
    return {
        "alias": named(stack, names.key_alias, *purpose),
        "description": description,
        "policy": policy,
        "deletion_window_days": None if choice is None else choice.deletion_window_days,
        "protect_data": stack.production,
        "tags": dict(stack.tags),
    }


def creates(choice: KeyChoice | None) -> bool:
    return choice is not None and choice.create is True
