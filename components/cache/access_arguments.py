"""Which logins are asked for, and what they have where nothing is said."""

from collections.abc import Mapping
from typing import Literal, NotRequired, TypedDict

import pulumi

from ..arguments import given_or
from .topology import Engine

Authentication = Literal["password", "iam"]
AUTHENTICATION: Authentication = "password"
GENERATION = 1
ENGINE: Engine = "valkey"


class CacheUser(TypedDict):
    """One login. Exactly one of `keys` and `access_string` says what it may do."""

    keys: NotRequired[list[str] | None]
    """Patterns of the keys that belong to it, such as `chat:*`. It reaches no other, and runs nothing dangerous."""
    channels: NotRequired[list[str] | None]
    """Patterns of its publish/subscribe channels. Default: the same as `keys`."""
    commands: NotRequired[list[str] | None]
    """Commands of the dangerous category that it needs all the same: `role`, `sort`. Default: none."""
    access_string: NotRequired[str | None]
    """What it may do, in ElastiCache's own words, for what `keys`, `channels` and `commands` cannot say."""
    authentication: NotRequired[str | None]
    """How clients are told to log in: `password`, by generation, or `iam`: tokens that live for minutes. Default:
    password."""
    logins: NotRequired[list[str] | None]
    """The ways that exist, while clients move from one to the other: `[password, iam]`. Default: `authentication` alone."""
    generation: NotRequired[int | None]
    """The newest generation of its passwords. Default: 1."""
    active: NotRequired[int | None]
    """The generation that clients read: `generation` or the one before. Default: `generation`."""


def logins_of(user: CacheUser) -> tuple[str, ...]:
    """The ways to log in that exist, each a user of its own in ElastiCache."""
    told = given_or(user.get("authentication"), AUTHENTICATION)
    return tuple(dict.fromkeys(given_or(user.get("logins"), [told])))


class CacheAccessArgs(TypedDict):
    platform: str
    """Prefix of every user id and of the user group id, which are unique in an account and region."""
    engine: NotRequired[str | None]
    """`valkey` or `redis`; a user group fits clusters of its own engine. Default: valkey."""
    users: Mapping[str, pulumi.Input[CacheUser]]
    """The logins, by name. Adding one never changes another."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]] | None]
    """Tags of the users and the user group."""
