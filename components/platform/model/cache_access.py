"""What an application asks of the cache: its keys, its channels, and how it logs in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue

from dolmen.stackfile import Problem

from ...cache import access_string
from ...cache.access_arguments import AUTHENTICATION, Authentication
from ...cache.access_limits import logins_problems, pattern_problems
from ...cache.access_string_problems import access_string_problems
from .base import GIVEN, Section, broken


def _listed(value: Any) -> Any:
    """One pattern may stand without a list."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def _pattern(value: str) -> str:
    for rule, remedy in pattern_problems(value):
        raise broken(rule, remedy)
    return value


_ONE_OR_MORE: JsonSchemaValue = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
}
Patterns = Annotated[
    tuple[Annotated[str, AfterValidator(_pattern)], ...],
    Field(min_length=1),
    BeforeValidator(_listed),
    WithJsonSchema(_ONE_OR_MORE),
]


class ApplicationCache(Section):
    """The cache's part of an application."""

    cache_keys: Annotated[Patterns | None, GIVEN] = None
    """Patterns of the keys that belong to the application: "chat:*", or a list. Its user reaches no other key. Without
    it, the application does not use the cache."""
    cache_channels: Patterns | None = None
    """Patterns of its publish/subscribe channels. Default: the same as cacheKeys."""
    cache_commands: tuple[access_string.Command, ...] = ()
    """Commands of the dangerous category that the application needs all the same: role (ROLE), sort (SORT, SORT_RO)."""
    cache_authentication: Authentication = AUTHENTICATION
    """How it is told to log in: with passwords by generation, or with IAM tokens that live for minutes."""
    cache_logins: Annotated[tuple[Authentication, ...], Field(min_length=1)] | None = None
    """The ways to log in that exist: [password, iam] while it moves from one to the other. Default: cacheAuthentication
    alone."""
    cache_access_string: Annotated[str | None, GIVEN] = None
    """A whole access string in place of cacheKeys, cacheChannels and cacheCommands, for what these cannot say."""
    cache_shares_keys_with: tuple[str, ...] = ()
    """Applications whose key patterns may meet this one's. Without it, patterns that meet are taken for a mistake."""

    def problems(self) -> Iterator[Problem]:
        if not self.uses_cache:
            for name, info in ApplicationCache.model_fields.items():
                if name in self.model_fields_set:
                    yield Problem(
                        (info.alias or name,),
                        "Only an application that uses the cache has this, and one that does names the keys that belong to it.",
                        'Add cacheKeys: "chat:*", or remove this.',
                    )
            return
        for wrong in logins_problems(self.cache_authentication, self.cache_logins):
            yield Problem(("cacheLogins",), wrong.rule, wrong.remedy)
        if self.cache_access_string is None:
            return
        for rule, remedy in access_string_problems(self.cache_access_string):
            yield Problem(("cacheAccessString",), rule, remedy, value=self.shown_access_string())
        for key, given in (
            ("cacheKeys", self.cache_keys),
            ("cacheChannels", self.cache_channels),
            ("cacheCommands", self.cache_commands),
        ):
            if given:
                yield Problem(
                    (key,),
                    "cacheAccessString says all of it, and this key would say it again.",
                    f"Remove {key} or cacheAccessString.",
                )

    @property
    def uses_cache(self) -> bool:
        return self.cache_keys is not None or self.cache_access_string is not None

    @property
    def cache_ways(self) -> tuple[Authentication, ...]:
        """The ways to log in that exist; none where it does not use the cache."""
        if not self.uses_cache:
            return ()
        return (self.cache_authentication,) if self.cache_logins is None else self.cache_logins

    @property
    def key_patterns(self) -> tuple[str, ...]:
        """The keys that its user reaches, however they are written."""
        if self.cache_access_string is None:
            return self.cache_keys or ()
        access = access_string.parse(self.cache_access_string)
        signed = (key for permissions in (access.root, *access.selectors) for key in permissions.keys)
        return tuple(dict.fromkeys(key.partition("~")[2] for key in signed))

    def shown_access_string(self) -> str | None:
        """Nothing of a string that holds a word which might be a password."""
        text = self.cache_access_string or ""
        return "(not shown)" if access_string.parse(text).unknown else None


def _literal_prefix(pattern: str) -> str:
    """What every key of a pattern begins with."""
    return re.split(r"[*?\[\\]", pattern, maxsplit=1)[0]


def meet(one: str, other: str) -> bool:
    """Whether two patterns may match the same key; of two patterns with wildcards, errs on the side of yes."""
    first, second = _literal_prefix(one), _literal_prefix(other)
    if first == one or second == other:
        return fnmatchcase(one, other) or fnmatchcase(other, one)
    return first.startswith(second) or second.startswith(first)


def shared_keys(applications: Mapping[str, ApplicationCache]) -> Iterator[tuple[str, str, str, str]]:
    """(application, its pattern, earlier application, its pattern) for patterns that meet without being declared."""
    names = list(applications)
    for index, name in enumerate(names):
        for earlier in names[:index]:
            one, other = applications[name], applications[earlier]
            if earlier in one.cache_shares_keys_with or name in other.cache_shares_keys_with:
                continue
            for pattern in one.key_patterns:
                for taken in other.key_patterns:
                    if meet(pattern, taken):
                        yield name, pattern, earlier, taken
