"""Access strings: what a user of the cache may do. Rules apply from left to right, so their order is their meaning.

Pure: `parse` reads one, `canonical` writes it the way ElastiCache gives it back. Whether one is wise is for
`access_string_problems.py` to say. Sources:
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html and https://valkey.io/topics/acl/
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

Command = Literal["role", "sort"]
"""Dangerous commands that an application may be given back."""
SAFE = "+@all -@dangerous +info"
"""Everything but what can destroy, stop or reconfigure the server; INFO again, because clients ask for it on connecting."""
_OPTIONS = {"role": ("+role",), "sort": ("+sort", "+sort_ro")}
EXPORTER = (
    "on resetchannels -@all +ping +info +dbsize +client|setname +client|setinfo +cluster|info +cluster|slots "
    "+cluster|nodes +slowlog|len +slowlog|get +latency|latest +latency|histogram"
)
"""For redis_exporter with `--config-command=-`: statistics of the server, and no key. With `--is-cluster` it begins with
CLUSTER SLOTS.
Source: https://github.com/oliver006/redis_exporter#authenticating-with-redis and its issue 785"""
OPERATIONS = f"on ~* &* {SAFE} +role +sort +sort_ro +slowlog +latency +client|list +client|kill"
"""For people who look into a running cache: every key, the slow log, latencies and connections; still nothing that
empties, saves, stops or reconfigures it."""

_ALIASES = {"allkeys": "~*", "allchannels": "&*", "allcommands": "+@all", "nocommands": "-@all"}


def application(keys: Sequence[str], channels: Sequence[str], options: Sequence[str] = ()) -> str:
    """The access string of an application's user: its own keys and channels, and every command that is not dangerous."""
    patterns = ["~*"] if "*" in keys else [f"~{key}" for key in dict.fromkeys(keys)]
    heard = ["&*"] if "*" in channels else ["resetchannels", *(f"&{channel}" for channel in dict.fromkeys(channels))]
    rules = [rule for name in dict.fromkeys(options) for rule in _OPTIONS[name]]
    return " ".join(["on", *patterns, *heard, SAFE, *rules])


@dataclass
class Permissions:
    """What the root of an access string, or one selector in parentheses, permits."""

    keys: list[str] = field(default_factory=list[str])
    """With their signs: `~chat:*`, `%R~shared:*`."""
    channels: list[str] | None = None
    """With their sign; `None` where nothing is said, which is the cluster's `acl-pubsub-default`."""
    commands: list[str] = field(default_factory=list[str])
    """`+@all`, `-flushall`, `+client|list`, in their order."""
    without_effect: list[str] = field(default_factory=list[str])
    """Command rules that a later `@all` wiped out."""


@dataclass
class AccessString:
    on: bool | None = None
    """`None` where it says neither on nor off, which means off."""
    root: Permissions = field(default_factory=Permissions)
    selectors: list[Permissions] = field(default_factory=list[Permissions])
    unknown: list[str] = field(default_factory=list[str])
    """Words that are no rule of this kind of string, in their order: passwords, `reset`, misspellings."""


def words(text: str) -> Iterator[str]:
    """Splits at spaces, and keeps a selector in parentheses together; an unclosed one comes as it stands."""
    selector: list[str] = []
    for word in text.split():
        if selector or word.startswith("("):
            selector.append(word)
            if word.endswith(")"):
                yield " ".join(selector)
                selector = []
        else:
            yield word
    if selector:
        yield " ".join(selector)


def parse(text: str) -> AccessString:
    access = AccessString()
    for word in words(text):
        lower = word.lower()
        if lower in ("on", "off"):
            access.on = lower == "on"
        elif word.startswith("(") and word.endswith(")"):
            selector = Permissions()
            for inner in word[1:-1].split():
                if not _apply(selector, inner):
                    access.unknown.append(inner)
            access.selectors.append(selector)
        elif lower == "clearselectors":
            access.selectors.clear()
        elif not _apply(access.root, word):
            access.unknown.append(word)
    return access


def canonical(text: str) -> str:
    """The form that ElastiCache gives back: switch, keys, channels, then commands that begin with what holds for all.

    `on ~app:* +@read` comes back as `on ~app:* -@all +@read`. Rules keep their order, since it is their meaning; a rule
    that a later one of the same name overrides is dropped, as the server drops it.
    """
    access = parse(text)
    selectors = (f"({' '.join(_permissions(selector))})" for selector in access.selectors)
    return " ".join(["on" if access.on else "off", *_permissions(access.root), *selectors])


def _permissions(permissions: Permissions) -> list[str]:
    channels = permissions.channels
    if channels is None:
        heard: list[str] = []
    else:
        heard = channels if channels == ["&*"] else ["resetchannels", *channels]
    commands = permissions.commands
    if not commands or commands[0][1:] != "@all":
        commands = ["-@all", *commands]
    return [*permissions.keys, *heard, *commands]


def _apply(permissions: Permissions, word: str) -> bool:
    """Whether the word is a rule that a user of ElastiCache may have."""
    word = _ALIASES.get(word.lower(), word)
    if word.lower() == "resetkeys":
        permissions.keys.clear()
    elif word.lower() == "resetchannels":
        permissions.channels = []
    elif word[0] == "&":
        _add_pattern(channels := permissions.channels or [], word)
        permissions.channels = channels
    elif word[0] in "~%" and _key_pattern(word):
        _add_pattern(permissions.keys, _key_pattern(word))
    elif word[0] in "+-" and len(word) > 1:
        _add_command(permissions, word.lower())
    else:
        return word.lower() == "sanitize-payload"  # the server's default, which it does not write back
    return True


def _key_pattern(word: str) -> str:
    """`%RW~x` is written back as `~x`; empty for what is no key pattern."""
    if word.startswith("~"):
        return word
    permission, tilde, pattern = word[1:].partition("~")
    if not tilde or not permission or set(permission.upper()) - {"R", "W"}:
        return ""
    both = {"R", "W"} <= set(permission.upper())
    return f"~{pattern}" if both else f"%{permission.upper()[0]}~{pattern}"


def _add_pattern(patterns: list[str], pattern: str) -> None:
    if pattern in ("~*", "&*"):
        patterns[:] = [pattern]
    elif pattern not in patterns:
        patterns.append(pattern)


def _add_command(permissions: Permissions, rule: str) -> None:
    commands, name = permissions.commands, rule[1:]
    if name == "@all":
        permissions.without_effect += [earlier for earlier in commands if earlier[1:] != "@all"]
        commands[:] = [rule]
        return
    commands[:] = [earlier for earlier in commands if earlier[1:] != name and not earlier[1:].startswith(f"{name}|")]
    commands.append(rule)
