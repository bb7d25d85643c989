"""A language host whose programs start from warm processes (see `nursery.py`), for tests that run many of them.

Attached with PULUMI_DEBUG_LANGUAGES=python:PORT. What differs from the ordinary host: imports of the SDKs are paid
once; the SDK's debug messages are not sent; what a program prints goes to a file instead of the CLI's display; policy packs and component packages are started
cold, as ever. Not used where one of these is the subject, nor where time is measured.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import grpc
from pulumi.runtime.proto import language_pb2 as pb

from tests.cloud.cli import Distribution
from tests.cloud.language_host import EXEC, SHOWN_ALREADY, LanguageHost, exec_arguments, serve

NURSERY = Path(__file__).with_name("nursery.py")


class Nursery:
    """One warm process; it runs one program at a time."""

    running = False

    def __init__(self, script: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-u", str(NURSERY), str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, request: dict[str, Any]) -> int:
        """Start a program; its process id."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return int(self._answer()["started"])

    def wait(self) -> int:
        return int(self._answer()["code"])

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout
        return json.loads(self.process.stdout.readline() or '{"started": 0, "code": 1}')

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


class WarmHost(LanguageHost):
    def __init__(self, script: Path, folder: Path) -> None:
        super().__init__()
        self.script, self.folder = script, folder
        self.engines: dict[str, str] = {}
        """Each connection's engine: several CLIs may be attached at once."""
        self.idle: queue.LifoQueue[Nursery] = queue.LifoQueue()
        self.nurseries: list[Nursery] = []

    def Handshake(self, request: Any, context: Any) -> Any:  # noqa: N802
        self.engines[context.peer()] = request.engine_address
        return pb.LanguageHandshakeResponse()

    def Run(self, request: Any, context: Any) -> Any:  # noqa: N802
        engine = self.engines.get(context.peer()) or (request.args[0] if request.args else "")
        handle, output = tempfile.mkstemp(dir=self.folder, suffix=".out")
        os.close(handle)
        nursery = self._nursery()
        try:
            process = nursery.start(
                {
                    "cwd": request.info.program_directory or request.pwd,
                    "environment": {
                        **os.environ,
                        "PULUMI_CONFIG": json.dumps(dict(request.config)),
                        "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
                    },
                    "arguments": exec_arguments(request, engine),
                    "output": output,
                }
            )
            context.add_callback(lambda: _terminate(process, nursery))
            code = nursery.wait()
        finally:
            nursery.running = False
            self.idle.put(nursery)
        if code == SHOWN_ALREADY:
            return pb.RunResponse(bail=True)
        text = Path(output).read_text(errors="replace")
        return pb.RunResponse(error=f"Program exited with non-zero exit code: {code}\n{text}" if code else "")

    def _nursery(self) -> Nursery:
        try:
            found = self.idle.get_nowait()
        except queue.Empty:
            found = Nursery(self.script)
            self.nurseries.append(found)
        found.running = True
        return found

    def close(self) -> None:
        for nursery in self.nurseries:
            nursery.close()


def _terminate(process: int, nursery: Nursery) -> None:
    if nursery.running:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, 15)


def start(cli: Distribution, folder: Path) -> tuple[grpc.Server, WarmHost, str]:
    """Start a warm host; the last result is the value for PULUMI_DEBUG_LANGUAGES."""
    script = next(found / EXEC for found in cli.path if (found / EXEC).exists())
    host = WarmHost(script, folder)
    server, port = serve(host)
    return server, host, f"python:{port}"
