"""Pulumi's language host for Python, in Python: the plugin `pulumi-language-python` where the CLI was built with Go.

The engine talks to one language host per runtime over gRPC (`pulumirpc.LanguageRuntime`). The official host is a Go
program that is not to be had as a module. What it does for a project is small: start `pulumi-language-python-exec`
(the official script, unchanged) with the right interpreter, folder, arguments and environment, and start plugins that
are written in Python (policy packs, component packages). This host does the same and passes on the same exit codes.

Started by the engine as `pulumi-language-python [flags] ENGINE_ADDRESS`: prints its port and serves until the engine
is gone. Not served, and the engine copes: templates, prompts, code generation, packing, linking, debugging.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path
from typing import IO, Any

import grpc
from pulumi.runtime.proto import language_pb2 as pb
from pulumi.runtime.proto import language_pb2_grpc, plugin_pb2

EXEC = "pulumi-language-python-exec"
SHOWN_ALREADY = 32
"""The exec script's exit code when it has already shown the user what is wrong."""


def interpreter(info: pb.ProgramInfo) -> str:
    """The project's own interpreter (`runtime.options.virtualenv`), or this host's where that folder does not exist."""
    if "virtualenv" in info.options:
        python = Path(info.root_directory, str(info.options["virtualenv"]), "bin", "python")
        if python.exists():
            return str(python)
    return sys.executable


def exec_arguments(request: pb.RunRequest, engine: str) -> list[str]:
    """The command line of the exec script for one run."""
    flags = {
        "monitor": request.monitor_address,
        "engine": engine,
        "project": request.project,
        "root_directory": request.info.root_directory,
        "stack": request.stack,
        "pwd": request.pwd,
        "dry_run": "true" if request.dryRun else "false",
        "parallel": str(request.parallel),
        "organization": request.organization,
    }
    # The CLI passes the engine's address as the first program argument: that one is not the program's.
    arguments = list(request.args)[1:] if request.args[:1] == [engine] else list(request.args)
    flat = [part for name, value in flags.items() if value for part in (f"--{name}", value)]
    return [*flat, request.info.entry_point or ".", *arguments]


def plugin_arguments(request: pb.RunPluginRequest) -> list[str]:
    """The command line of a plugin written in Python: a policy pack, or a folder with a `__main__.py`."""
    folder = request.info.program_directory
    if request.kind == "analyzer":
        return ["-u", "-m", "pulumi.policy", *request.args, folder]
    return ["-u", folder, *request.args]


def packages_of(python: str) -> Iterator[importlib.metadata.Distribution]:
    if python == sys.executable:
        return iter(importlib.metadata.distributions())
    folders = Path(python).parent.parent.glob("lib/python3*/site-packages")
    return iter(importlib.metadata.distributions(path=[str(folder) for folder in folders]))


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    def __init__(self, engine: str = "") -> None:
        self.engine = engine

    def Handshake(self, request: Any, context: Any) -> Any:  # noqa: N802
        self.engine = request.engine_address
        return pb.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:  # noqa: N802
        return plugin_pb2.PluginInfo(version=importlib.metadata.version("pulumi"))

    def GetRequiredPackages(self, request: Any, context: Any) -> Any:  # noqa: N802
        # The official host lists the plugins of all installed SDKs for the engine to download. Here the providers are
        # attached, and `pulumi package get-schema` insists on downloading whatever is listed.
        return pb.GetRequiredPackagesResponse()

    def GetProgramDependencies(self, request: Any, context: Any) -> Any:  # noqa: N802
        found = packages_of(interpreter(request.info))
        return pb.GetProgramDependenciesResponse(
            dependencies=[pb.DependencyInfo(name=package.name, version=package.version) for package in found]
        )

    def About(self, request: Any, context: Any) -> Any:  # noqa: N802
        return pb.AboutResponse(executable=interpreter(request.info), version=sys.version.split()[0])

    def InstallDependencies(self, request: Any, context: Any) -> Any:  # noqa: N802
        yield pb.InstallDependenciesResponse(stdout=b"The virtual environment is the developer's to keep.\n")

    def Run(self, request: Any, context: Any) -> Any:  # noqa: N802
        script = shutil.which(EXEC)
        if script is None:
            return pb.RunResponse(error=f"{EXEC} is not on PATH")
        environment = {
            **os.environ,
            "PULUMI_CONFIG": json.dumps(dict(request.config)),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
        }
        engine = self.engine or (request.args[0] if request.args else "")
        command = [interpreter(request.info), "-u", script, *exec_arguments(request, engine)]
        program = subprocess.Popen(command, env=environment, cwd=request.info.program_directory or request.pwd)
        context.add_callback(lambda: _stop(program))
        code = program.wait()
        if code == SHOWN_ALREADY:
            return pb.RunResponse(bail=True)
        return pb.RunResponse(error=f"Program exited with non-zero exit code: {code}" if code else "")

    def RunPlugin(self, request: Any, context: Any) -> Any:  # noqa: N802
        environment = dict(entry.split("=", 1) for entry in request.env)
        plugin = subprocess.Popen(
            [interpreter(request.info), *plugin_arguments(request)],
            env=environment,
            cwd=request.pwd,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        context.add_callback(lambda: _stop(plugin))
        lines: queue.Queue[Any] = queue.Queue()

        def forward(stream: IO[bytes], name: str) -> None:
            for line in stream:
                lines.put(pb.RunPluginResponse(**{name: line}))
            lines.put(None)

        for name in ("stdout", "stderr"):
            threading.Thread(target=forward, args=(getattr(plugin, name), name), daemon=True).start()
        for _ in ("stdout", "stderr"):
            yield from iter(lines.get, None)
        yield pb.RunPluginResponse(exitcode=plugin.wait())


def _stop(process: subprocess.Popen[Any]) -> None:
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()


def serve(host: LanguageHost) -> tuple[grpc.Server, int]:
    """Start a server on a free loopback port."""
    options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16), options=options)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def main() -> None:
    addresses = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    server, port = serve(LanguageHost(addresses[-1] if addresses else ""))
    print(port, flush=True)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: server.stop(grace=1))
    engine = os.getppid()
    while server.wait_for_termination(timeout=1) and os.getppid() == engine:
        pass  # end with the engine, even when it is killed


if __name__ == "__main__":
    main()
