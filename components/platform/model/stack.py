"""A whole stack file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, PrivateAttr

from dolmen.stackfile import Problem

from .applications import Application, ApplicationName
from .atlas import Atlas
from .base import GIVEN, Section, broken
from .cache import Cache
from .network import Network
from .overrides import Properties, ResourceName, WrittenFile, twice_overridden
from .usage import Usage


class Tier(StrEnum):
    """What the environment is for. A tier sets guards, never hidden sizes."""

    DEVELOPMENT = "development"
    STAGING = "staging"
    PRODUCTION = "production"


def _platform_name(value: str) -> str:
    if not re.fullmatch(r"[a-z](-?[a-z0-9])*", value) or not 2 <= len(value) <= 20:
        raise broken(
            "The platform's name has 2 to 20 lower-case letters, digits and single hyphens, begins with a letter and does "
            "not end with a hyphen: AWS and Atlas derive ids and host names from it.",
            "Write a name such as chat-prod.",
        )
    return value


_RESERVED_TAG_PREFIXES = ("aws:",)
_TAG_CHARACTERS = "letters, digits, spaces and + - = . _ : / @"


def _tag_text(value: str, longest: int, what: str) -> str:
    wrong = sorted({c for c in value if not (c.isalnum() or c in " +-=._:/@")})
    if wrong:
        raise broken(
            f"A tag's {what} holds {_TAG_CHARACTERS} (Atlas and AWS both take these).", f"Remove {' '.join(wrong)}."
        )
    if len(value) > longest:
        raise broken(f"A tag's {what} has at most {longest} characters.", "Shorten it.")
    return value


def _tag_key(value: str) -> str:
    if not value:
        raise broken("A tag has a key.", "Name it.")
    if value.lower().startswith(_RESERVED_TAG_PREFIXES):
        raise broken("Keys that begin with `aws:` belong to AWS.", "Choose another prefix.")
    return _tag_text(value, 128, "key")


def _tag_value(value: str) -> str:
    if not value:
        raise broken("Atlas takes no empty tag value.", "Give the tag a value, or remove it.")
    return _tag_text(value, 256, "value")


TagKey = Annotated[str, AfterValidator(_tag_key)]
TagValue = Annotated[str, AfterValidator(_tag_value)]

MOST_TAGS = 40
"""AWS and Atlas take 50 each (https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html);
ten are kept for the platform's own."""


class StackConfig(Section):
    """Everything that one environment asks for."""

    region: Annotated[str, Field(alias="aws:region")]
    """The AWS region of everything; Atlas's region follows from it."""
    tier: Tier
    """What the environment is for: production demands protection, private networks and longer retention."""
    name: Annotated[str, AfterValidator(_platform_name)]
    """The platform's name: the prefix of all that it creates."""
    network: Annotated[Network | None, GIVEN] = None
    """The VPC that the platform is placed in: for the cache, a private endpoint and VPC peering."""
    atlas: Annotated[Atlas | None, GIVEN] = None
    """MongoDB Atlas: project, cluster, connectivity, backup, alerts. Without it nothing of Atlas is made."""
    cache: Annotated[Cache | None, GIVEN] = None
    """ElastiCache: engine, nodes, durability, parameters, alarms. Without it nothing of a cache is made."""
    applications: Mapping[ApplicationName, Application] = {}
    """The applications that share the platform, by name."""
    tags: Annotated[Mapping[TagKey, TagValue], Field(max_length=MOST_TAGS)] = {}
    """Tags of every resource that takes tags. Quote numbers: "4711"."""
    usage: Usage = Usage()
    """What a month looks like, for what a plan says of cost."""
    overrides: Mapping[ResourceName, Properties] = {}
    """The way out where an option is missing: resource, or resource/Type, to properties in the provider's own names. They
    take the place of what the platform writes. Policies judge the result."""
    _secret_keys: frozenset[str] = PrivateAttr(default=frozenset())
    _encrypted_overrides: frozenset[tuple[str, str]] = PrivateAttr(default=frozenset())
    _written: WrittenFile = PrivateAttr(default=WrittenFile())

    @property
    def secret_keys(self) -> frozenset[str]:
        """The top-level secret configuration keys that exist; their values never enter the model."""
        return self._secret_keys

    @property
    def encrypted_overrides(self) -> frozenset[tuple[str, str]]:
        """(resource as written, property): overrides whose value is encrypted, or holds something encrypted."""
        return self._encrypted_overrides

    @property
    def written(self) -> WrittenFile:
        """Where all this was read, for problems that are found later."""
        return self._written

    @property
    def production(self) -> bool:
        return self.tier is Tier.PRODUCTION

    def problems(self) -> Iterator[Problem]:
        yield from twice_overridden(self.overrides)
        seen: dict[str, str] = {}
        for key in self.tags:
            other = seen.setdefault(key.lower(), key)
            if other != key:
                yield Problem(
                    ("tags", key),
                    f"This key differs from `{other}` only in case, which reports treat as one tag.",
                    "Keep one of the two.",
                )
