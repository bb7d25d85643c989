"""What PyMongo makes of a URI: its own parser and client options, with Atlas's DNS answered here and no connection."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from dns import resolver
from pymongo.client_options import ClientOptions
from pymongo.common import _CaseInsensitiveDictionary
from pymongo.errors import PyMongoError
from pymongo.uri_parser import parse_uri

REPLICA_SET, SHARDED = b"authSource=admin&replicaSet=atlas-abc-shard-0", b"authSource=admin"
"""TXT records of Atlas's two kinds of clusters."""
LOGGED_IN_ELSEWHERE = ("MONGODB-X509", "MONGODB-AWS", "MONGODB-OIDC", "PLAIN")


@dataclass(frozen=True)
class Reading:
    """How a client would connect."""

    tls: bool
    unchecked: tuple[str, ...]
    """The checks of the server's certificate that are off."""
    mechanism: str | None
    source: str | None
    password: str | None
    acknowledged: Any
    retries: bool
    direct: bool

    @property
    def unsafe(self) -> list[str]:
        """Why an application of Atlas must not connect like this, as PyMongo itself understood the URI."""
        external = self.mechanism in LOGGED_IN_ELSEWHERE
        reasons = {
            "no TLS": not self.tls,
            "unchecked certificate": self.unchecked != (),
            "no login": self.mechanism is None,
            "wrong authSource": self.source != ("$external" if external else "admin"),
            "writes not by a majority": self.acknowledged != "majority",
            "writes not retried": not self.retries,
            "one member alone": self.direct,
        }
        return [reason for reason, holds in reasons.items() if holds]


def _answer(name: str, kind: str, txt: bytes) -> Any:
    """DNS as Atlas has it; hosts of others have no TXT record."""
    if kind == "SRV":
        parent = name.split("._tcp.")[1].split(".", 1)[1]
        to_text = f"member-0.{parent}".__str__
        return [SimpleNamespace(target=SimpleNamespace(to_text=lambda **_: to_text()), port=27017)]
    if not name.endswith(".mongodb.net"):
        raise resolver.NoAnswer
    return [SimpleNamespace(strings=[txt])]


@contextmanager
def without_network(txt: bytes) -> Iterator[list[tuple[Any, ...]]]:
    """DNS answered here, every file at hand, and what a TLS context would be made of instead of one."""
    contexts: list[tuple[Any, ...]] = []

    def context(*arguments: Any) -> object:
        contexts.append(arguments)
        return object()

    with (
        patch("pymongo.synchronous.srv_resolver._resolve", lambda name, kind, **_: _answer(name, kind, txt)),
        patch("pymongo.common.open", lambda _: io.BytesIO(), create=True),
        patch("pymongo.client_options.get_ssl_context", context),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield contexts


def read(*uris: str) -> dict[str, Reading | None]:
    """How PyMongo would connect to a cluster of Atlas; nothing where it refuses a URI for every kind of cluster."""
    found: dict[str, Reading | None] = {}
    for txt in (REPLICA_SET, SHARDED):
        with without_network(txt) as contexts:
            found |= {uri: _read(uri, contexts) for uri in uris if found.get(uri) is None}
    return found


def _read(uri: str, contexts: list[tuple[Any, ...]]) -> Reading | None:
    contexts.clear()
    try:
        parsed = parse_uri(uri, validate=True)
        options: Any = _CaseInsensitiveDictionary(parsed["options"])
        # MongoClient takes an empty user or password for none.
        user, password = parsed["username"] or None, parsed["password"] or None
        client = ClientOptions(user, password, parsed["database"], options)  # pyright: ignore[reportArgumentType]
    except (PyMongoError, ValueError, TypeError, KeyError, IndexError, OSError):
        return None
    off: list[str] = []
    for _, _, _, _, certificates, hostnames, ocsp, _ in contexts:
        off = [
            name
            for name, is_off in (("certificate", certificates), ("name", hostnames), ("revocation", ocsp))
            if is_off
        ]
    credentials = client.pool_options._credentials
    return Reading(
        tls=bool(contexts),
        unchecked=tuple(off),
        mechanism=credentials.mechanism if credentials else None,
        source=credentials.source if credentials else None,
        password=password,
        acknowledged=client.write_concern.document.get("w"),
        retries=client.retry_writes,
        direct=bool(client.direct_connection),
    )
