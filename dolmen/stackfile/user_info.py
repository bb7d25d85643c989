"""Hides who logs in, and by what, in addresses: `scheme://user:password@host` is `scheme://[secret]@host`.

A password that should have been percent-encoded and is not may hold any character, so that what looks like a path may
belong to it. In doubt more is hidden. Source: https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1
"""

from __future__ import annotations

import re
from collections.abc import Callable

HIDDEN = "[secret]"
_WORD = re.compile(r"""[^\s"'<>`]+""")
_SLASHES = re.compile(r"((?<=[A-Za-z0-9+.-]):\\{0,4}/\\{0,4}/)")
_ENCODED = re.compile(r"((?<=[A-Za-z0-9+.-])%3A%2F%2F)", re.IGNORECASE)
_MARK = re.compile("‹[^‹›]*›")
"""What a plan had to make up; it stays readable."""
_SPACE = "\ue000"
_MASKED = re.compile(r"(?:\[secret(?::[0-9a-f]{8})?\]|:|‹[^‹›]*›)*")
"""User info that is hidden already, or made up."""
_HOSTS = re.compile(r"(\[[0-9A-Fa-f:.]*\]|[^:@,]*)(:\d*)?(,(\[[0-9A-Fa-f:.]*\]|[^:@,]*)(:\d*)?)*")
"""Hosts with ports, and nothing that could be a password."""


def without_user_info(text: str, hidden: Callable[[str], str] | None = None) -> str:
    """The text with the user info of each address in it hidden. `hidden`: user info → what stands in its place."""
    if "@" not in text and "%40" not in text:
        return text
    told = hidden or (lambda _: HIDDEN)
    if "‹" in text:  # a mark may hold spaces, and is one word all the same
        text = _MARK.sub(lambda found: found.group().replace(" ", _SPACE), text)
    return _WORD.sub(lambda found: _in_word(found.group(), told), text).replace(_SPACE, " ")


def _in_word(word: str, told: Callable[[str], str]) -> str:
    """A word without the user info of any address in it; linear in its length, since a program may print anything."""
    if "@" in word:
        first, *parts = _SLASHES.split(word)
        for index in range(1, len(parts), 2):
            info, at, host = _split(parts[index])
            parts[index] = (_hide(info, told) if at else "") + at + host
        word = first + "".join(parts)
    if "%40" in word:
        first, *parts = _ENCODED.split(word)
        for index in range(1, len(parts), 2):
            info, at, rest = parts[index].partition("%40")
            if at and "&" not in info:
                parts[index] = _hide(info, told) + at + rest
        word = first + "".join(parts)
    return word


def _hide(info: str, told: Callable[[str], str]) -> str:
    if _MASKED.fullmatch(info):
        return info
    return told(info) + "".join(_MARK.findall(info))


def _split(rest: str) -> tuple[str, str, str]:
    """User info, `@` and the rest of an address that holds an `@` somewhere."""
    bare = _MARK.sub(lambda found: "x" * len(found.group()), rest)
    end = re.search(r"[/?#]|\\/", bare)
    authority = bare[: end.start()] if end else bare
    at = authority.rfind("@")
    if at < 0 and ":" in authority and not _HOSTS.fullmatch(authority):
        at = bare.rfind("@")
    return (rest[:at], "@", rest[at + 1 :]) if at >= 0 else ("", "", rest)
