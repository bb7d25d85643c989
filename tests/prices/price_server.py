"""A server of offer files on loopback, with the faults that a server and a network have."""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.prices.offer_files import all_offers

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class PriceServer:
    address: str = ""
    asked: list[str] = field(default_factory=list[str])
    """The paths that were asked for, in order."""


@contextmanager
def serving(
    faults: Mapping[str, Answer] | None = None, certificate: tuple[Path, Path] | None = None
) -> Generator[PriceServer]:
    """Offers by `/<code>/current/<region>/index.json`. `faults`: offer code → how it is answered instead."""
    known = PriceServer()
    offers = {code: json.dumps(one).encode() for code, one in all_offers().items()}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.asked.append(self.path)
            code = next((code for code in offers if f"/{code}/" in self.path), "")
            if answer := (faults or {}).get(code):
                answer(self)
            elif code:
                sent(offers[code])(self)
            else:
                self.send_error(404)

        def do_CONNECT(self) -> None:
            known.asked.append(f"CONNECT {self.path}")
            self.send_error(403)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        known.address = f"http://127.0.0.1:{server.server_port}"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
            known.address = f"https://localhost:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield known
        server.shutdown()


def sent(body: bytes, announced: int | None = None) -> Answer:
    """A body, of which more may be announced than comes."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body) if announced is None else announced))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def streamed(pieces: Callable[[], Iterable[bytes]]) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        with contextlib.suppress(ConnectionError):  # the client has read enough
            for piece in pieces():
                handler.wfile.write(piece)

    return answer


def cut_in_a_chunk(handler: BaseHTTPRequestHandler) -> None:
    handler.protocol_version = "HTTP/1.1"
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"ffff\r\n{")
    handler.close_connection = True


def silent(handler: BaseHTTPRequestHandler) -> None:
    """Says that something comes, and waits until the client has gone."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.flush()
    handler.rfile.read()


def failing(status: int) -> Answer:
    return lambda handler: handler.send_error(status)


def moved_to(address: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", address)
        handler.end_headers()

    return answer
