"""A MongoDB URI cut into its parts, as written: nothing is decoded, and nothing is believed.

Source: https://github.com/mongodb/specifications/blob/master/source/connection-string/connection-string-spec.md
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

from dolmen.appenv.mongo_uri.catalog import Condition

ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_ATLAS = re.compile(r".+\.(mongodb\.net|mongodbgov\.net)", re.IGNORECASE)
SOCKET = re.compile(r"%2[Ff][A-Za-z0-9_.%-]*\.sock")
"""A socket's path; its end is in lower case, or drivers take it for a host."""
_LOCAL = re.compile(rf"(?i:localhost|127(\.\d+){{3}}|\[::1\])(:\d+)?|{SOCKET.pattern}")


class Fault(NamedTuple):
    """A broken rule, in words that never repeat what the URI holds."""

    part: str
    """`user`, `password`, `host`, `database`, `options`, or the name of a known option; empty for the whole URI."""
    rule: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Pair:
    name: str = field(repr=False)
    value: str = field(repr=False)
    whole: bool
    """False where the text is not one name, one = and one value."""


@dataclass(frozen=True, slots=True)
class Parts:
    srv: bool
    user: str | None = field(repr=False)
    password: str | None = field(repr=False)
    hosts: tuple[str, ...] = field(repr=False)
    path: str | None = field(repr=False)
    """What stands between the first slash and the options: the database. Nothing without a slash."""
    query: str | None = field(repr=False)
    options: tuple[Pair, ...] = field(repr=False)

    def given(self, name: str) -> list[str]:
        """The values of an option as a driver decodes them; case does not matter in a name, and it does in a value."""
        return [unquote(pair.value) for pair in self.options if unquote(pair.name).lower() == name.lower()]

    def holds(self, condition: Condition) -> bool:
        return any(
            condition.value is None or (value == condition.value) == condition.equal
            for value in self.given(condition.name)
        )

    @property
    def on_this_machine(self) -> bool:
        return not self.srv and all(_LOCAL.fullmatch(host) for host in self.hosts)

    @property
    def source_from_dns(self) -> bool:
        """Whether Atlas's DNS gives what the URI leaves out: its TXT records say `authSource=admin`.

        Source: https://www.mongodb.com/docs/manual/reference/connection-string-formats/
        """
        return self.srv and all(_ATLAS.fullmatch(host) for host in self.hosts)


def split(uri: str) -> Parts:
    """The parts of a text that begins with one of the two schemes."""
    scheme, _, rest = uri.partition("://")
    before, question, query = rest.partition("?")
    authority, slash, path = before.partition("/")
    login, at, hosts = authority.rpartition("@")
    user, colon, password = login.partition(":")
    return Parts(
        srv=scheme == "mongodb+srv",
        user=user if at else None,
        password=password if colon else None,
        hosts=tuple(hosts.split(",")),
        path=path if slash else None,
        query=query if question else None,
        # A ; is refused elsewhere; here it still tells two options apart.
        options=tuple(_pair(text) for text in re.split("[&;]", query)) if query else (),
    )


def _pair(text: str) -> Pair:
    name, _, value = text.partition("=")
    return Pair(name, value, text.count("=") == 1 and name != "")


def decoded(text: str) -> str:
    """The text without any layer of percent-encoding: what somebody meant who encoded twice."""
    for _ in range(3):
        text = unquote(text)
    return text
