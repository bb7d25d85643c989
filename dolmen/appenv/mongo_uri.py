"""What is wrong with a MongoDB URI, said without repeating any part of it.

Source: https://www.mongodb.com/docs/manual/reference/connection-string/ and
https://github.com/mongodb/specifications/blob/master/source/connection-string/connection-string-spec.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dolmen.appenv.definition import Tier

Fault = tuple[str, str]
"""Rule and remedy."""

_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_RESERVED = re.compile(r"[:/?#\[\]@%\s]|[^\x21-\x7e]")
_WEAK_TLS = ("tlsinsecure", "tlsallowinvalidcertificates", "tlsallowinvalidhostnames")
_WITHOUT_PASSWORD = ("MONGODB-X509", "MONGODB-AWS", "MONGODB-OIDC")
_LOCAL = re.compile(r"(localhost|127(\.\d+){3}|\[::1\])(:\d+)?")
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]+\]")


@dataclass(frozen=True, slots=True)
class _Parts:
    srv: bool
    user: str | None
    password: str | None
    hosts: tuple[str, ...]
    database: str
    options: dict[str, list[str]]


def faults(uri: str, tier: Tier) -> Iterator[Fault]:
    """Broken rules of one URI. In development a server on the developer's own machine may do without login and TLS."""
    scheme, separator, rest = uri.partition("://")
    if not separator or scheme not in ("mongodb", "mongodb+srv"):
        yield "A MongoDB URI begins with mongodb+srv:// or mongodb://.", "Take `mongo_uri` from the secret as it is."
        return
    if uri != uri.strip() or re.search(r"\s", uri):
        yield "A MongoDB URI holds no spaces or line breaks.", "Remove them, or percent-encode them as %20."
        return
    parts = _split(scheme, rest)
    local = tier is Tier.DEVELOPMENT and all(_LOCAL.fullmatch(host) for host in parts.hosts)
    yield from _encoding(parts, rest)
    if not local:
        yield from _login(parts)
    yield from _hosts(parts)
    yield from _options(parts)
    yield from _tls(parts, local)
    yield from _writes(parts)


def _split(scheme: str, rest: str) -> _Parts:
    authority_and_path, _, query = rest.partition("?")
    authority, _, database = authority_and_path.partition("/")
    login, at, hosts = authority.rpartition("@")
    user, colon, password = login.partition(":")
    options: dict[str, list[str]] = {}
    for pair in re.split("[&;]", query) if query else []:
        key, _, value = pair.partition("=")
        options.setdefault(key.lower(), []).append(value)
    return _Parts(
        srv=scheme == "mongodb+srv",
        user=user if at else None,
        password=password if colon else None,
        hosts=tuple(hosts.split(",")),
        database=database,
        options=options,
    )


def _encoding(parts: _Parts, rest: str) -> Iterator[Fault]:
    for what, text in (("user", parts.user), ("password", parts.password)):
        if text is not None and _RESERVED.search(_ENCODED.sub("", text)):
            yield (
                f"The {what} in a URI is percent-encoded, or the driver reads another one.",
                "Encode : / ? # [ ] @ % and everything that is not ASCII (@ is %40); or take `mongo_uri` from the secret.",
            )
    if "@" in rest.partition("?")[0].partition("/")[2]:
        yield (
            "A slash in a user or password is percent-encoded, or the URI ends there.",
            "Write %2F for /, and encode : ? # [ ] @ % as well.",
        )
    elif _RESERVED.search(_ENCODED.sub("", parts.database)):
        yield "The database in a URI is percent-encoded.", "Write the application's database after the host: …/chatdb?…"


def _login(parts: _Parts) -> Iterator[Fault]:
    if _first(parts, "authmechanism") in _WITHOUT_PASSWORD:
        return
    if not parts.user or not parts.password:
        yield "Atlas takes no connection without a user and a password.", "Take `mongo_uri` from the secret as it is."


def _hosts(parts: _Parts) -> Iterator[Fault]:
    for host in parts.hosts:
        name, port = _host_and_port(host)
        if not _HOST.fullmatch(name):
            yield (
                "A MongoDB URI names at least one host, and host names have letters, digits, hyphens and dots.",
                ("If the password holds an @, write %40 for it."),
            )
            return
        if parts.srv and port is not None:
            yield "A mongodb+srv:// URI has no port: DNS gives it.", "Remove the port, or write mongodb://."
        elif port is not None and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
            yield (
                "A port is a number from 1 to 65535.",
                ("Correct the port; if the password holds a colon, write %3A for it."),
            )
    if parts.srv and len(parts.hosts) > 1:
        yield "A mongodb+srv:// URI names one host.", "Write mongodb:// to list several."
    if parts.srv and len(parts.hosts) == 1 and parts.hosts[0].count(".") < 2:
        yield (
            "A mongodb+srv:// host has at least three parts.",
            "Write the host that Atlas shows: cluster.abcde.mongodb.net.",
        )


def _host_and_port(host: str) -> tuple[str, str | None]:
    """`[::1]:27017` keeps its brackets; a second colon belongs to the port, where it is refused."""
    end = host.find("]") + 1 if host.startswith("[") else host.find(":")
    if end <= 0 or end == len(host):
        return host, None
    return (host[:end], host[end + 1 :]) if host[end] == ":" else (host, None)


def _options(parts: _Parts) -> Iterator[Fault]:
    for values in parts.options.values():
        if len(set(values)) > 1:
            yield "An option stands in the URI once; drivers differ on which of two counts.", "Remove all but one."
            return
    for key, values in parts.options.items():
        if not key or any(_ENCODED.sub("", value).count("%") for value in values):
            yield "Options read name=value, joined by &, and their values are percent-encoded.", "Correct the query."
            return


def _first(parts: _Parts, *names: str) -> str | None:
    return next((parts.options[name][0] for name in names if name in parts.options), None)


def _tls(parts: _Parts, local: bool) -> Iterator[Fault]:
    given = {parts.options[name][0] for name in ("tls", "ssl") if name in parts.options}
    if not local and (given - {"true"} or (not given and not parts.srv)):
        yield (
            "The connection to MongoDB is encrypted; without TLS the password crosses the network in clear.",
            "Write tls=true, or a mongodb+srv:// URI, which implies it.",
        )
    if any(_first(parts, name) == "true" for name in _WEAK_TLS):
        yield (
            "The server's certificate is checked; otherwise anyone between could answer in its place.",
            "Remove tlsInsecure, tlsAllowInvalidCertificates and tlsAllowInvalidHostnames.",
        )


def _writes(parts: _Parts) -> Iterator[Fault]:
    if _first(parts, "retrywrites") != "true":
        yield "Writes are retried, so that a failover is no error in the application.", "Write retryWrites=true."
    if _first(parts, "w") != "majority":
        yield (
            "Writes are acknowledged by a majority, so that a failover cannot undo them.",
            "Write w=majority.",
        )
