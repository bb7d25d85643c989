"""Opens price lists on a server or in a folder, and says in one line why one cannot be read to its end."""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import ssl
import urllib.error
import urllib.request
from collections.abc import Generator
from pathlib import Path
from typing import IO, Protocol
from urllib.parse import urlsplit

from dolmen.prices.model import PriceListError

LARGEST = 2 * 1024**3
"""Bytes of one file. AWS's largest list of one region among those that are read has some tens of MB."""
PATIENCE = 60.0
"""Seconds without a byte."""


class Progress(Protocol):
    def __call__(self, read: int, size: int | None, /) -> object:
        """Told how many bytes were read, of how many."""
        ...


class _Opened(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Reading:
    """The bytes of a list: counted, limited, and complete or an error."""

    def __init__(self, opened: _Opened, size: int | None, progress: Progress, patience: float) -> None:
        self._opened, self._size, self._progress, self._patience = opened, size, progress, patience
        self._read = 0

    def read(self, size: int, /) -> bytes:
        try:
            piece = self._opened.read(size)
        except TimeoutError:
            raise PriceListError(f"nothing came for {self._patience:g} seconds.") from None
        except (http.client.IncompleteRead, ConnectionError):
            raise PriceListError(f"the connection was cut after {self._read:,} bytes.") from None
        except (OSError, http.client.HTTPException) as error:
            raise PriceListError(f"it cannot be read: {_reason(error)}.") from None
        self._read += len(piece)
        if self._read > LARGEST:
            raise PriceListError(f"it is larger than {LARGEST // 1024**2} MiB.")
        if size and not piece and self._size is not None and self._read < self._size:
            raise PriceListError(f"the connection was cut after {self._read:,} of {self._size:,} bytes.")
        self._progress(self._read, self._size)
        return piece


def refusal(address: str) -> str:
    """Why price lists are not read from an address; empty where they are."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "it is no address"
    if parts.username or parts.password:
        return "an address with a login in it shows it to everybody who sees this command"
    if parts.scheme == "https" and host:
        return ""
    if parts.scheme == "http" and host and _loopback(host):
        return ""
    return "only https is read (http from this machine itself)"


@contextlib.contextmanager
def from_server(address: str, progress: Progress, patience: float) -> Generator[Reading]:
    """The list at an address, through the environment's proxy if it names one. Raises `PriceListError`."""
    if why := refusal(address):
        raise PriceListError(f"{why}.")
    opener = urllib.request.build_opener(_Redirects, urllib.request.HTTPSHandler(context=ssl.create_default_context()))
    request = urllib.request.Request(address, headers={"User-Agent": "dolmen", "Accept-Encoding": "identity"})  # noqa: S310 (looked at above)
    try:
        opened = opener.open(request, timeout=patience)
    except urllib.error.HTTPError as error:
        error.close()
        raise PriceListError(f"the server answered {error.code} {_reason(error.reason)}.") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        inner = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(inner, TimeoutError):
            raise PriceListError(f"nothing came for {patience:g} seconds.") from None
        raise PriceListError(f"there is no connection: {_reason(inner)}.") from None
    with opened:
        length = opened.headers.get("Content-Length", "")
        yield Reading(opened, int(length) if length.isdecimal() else None, progress, patience)


@contextlib.contextmanager
def from_file(path: Path, progress: Progress) -> Generator[Reading]:
    """The list in a file. Raises `PriceListError`."""
    try:
        with path.open("rb") as opened:
            yield Reading(opened, path.stat().st_size, progress, PATIENCE)
    except OSError as error:
        raise PriceListError(f"it cannot be read: {_reason(error)}.") from None


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to where a list may be read from, and nowhere else."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if why := refusal(newurl):
            raise PriceListError(f"the server sends us on to another address, and {why}.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _reason(error: object) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message})"
    text = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return " ".join(text.split()).rstrip(".")[:200]
