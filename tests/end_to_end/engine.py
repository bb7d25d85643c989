"""The real Pulumi CLI on one project, with a file backend and simulated clouds, on loopback only."""

from __future__ import annotations

import functools
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.cloud import provider
from tests.cloud.cli import Distribution, distribution
from tests.cloud.cloud import Cloud
from tests.cloud.kinds import kind
from tests.time_limits import PATIENCE

PASSPHRASE = "a passphrase for tests"
SAVED_AT_THE_END = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}
"""The CLI writes the whole state after each step, which is half of what it does here: once will do, where no test kills
it. Whoever calls `pulumi` or `start` gets it as it is shipped."""


@dataclass(frozen=True)
class Result:
    command: tuple[str, ...]
    code: int
    out: str
    err: str
    seconds: float

    @property
    def text(self) -> str:
        return self.out + self.err

    @property
    def shown(self) -> str:
        """For a person: of a JSON answer only its diagnostics."""
        if "--json" in self.command and self.out.lstrip().startswith("{"):
            lines = [entry.get("message", "") for entry in self.json().get("diagnostics", [])]
            return "\n".join([*lines, self.err])
        return self.text

    def json(self) -> Any:
        return json.loads(self.out)


@functools.cache
def fresh_stack() -> tuple[str, str]:
    """What `stack init` leaves behind: the state, and the line with the salt. The CLI makes it once in a session."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Engine(write_program(Path(folder, "project"), "", "fresh"), Path(folder), "fresh") as engine,
    ):
        engine.pulumi("stack", "init", "fresh")
        return engine.state_file.read_text(), (engine.project / "Pulumi.fresh.yaml").read_text()


class Engine:
    """One project, one stack at a time, one simulated cloud. Use as a context manager."""

    def __init__(
        self,
        project: Path,
        work: Path,
        stack: str = "test",
        *,
        scale: float = 0.0,
        warm: str | None = None,
    ) -> None:
        """`warm` is a warm host's address (`python:PORT`); without it every program starts cold."""
        self.cli: Distribution = distribution()
        self.project, self.work, self.stack = project, work, stack
        (work / "state").mkdir(parents=True, exist_ok=True)
        self.cloud = Cloud(kind, scale)
        self.recording = provider.Recording()
        self.servers, attach = provider.serve(self.cloud, self.recording)
        self.environment = {
            "PATH": ":".join([*map(str, self.cli.path), str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
            "HOME": str(work),
            "PULUMI_HOME": str(work / "home"),
            "PULUMI_BACKEND_URL": f"file://{work / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_DEBUG_PROVIDERS": attach,
            "PYTHONDONTWRITEBYTECODE": "1",
            # With these two the CLI talks to nothing but loopback.
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "GOGC": "400",  # a command lives for a second: collecting garbage costs a tenth of it
        }
        if warm:
            self.environment["PULUMI_DEBUG_LANGUAGES"] = warm

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self.servers:
            server.stop(grace=None)

    # ---- running
    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        command = [str(self.cli.pulumi), *arguments, "--non-interactive", "--color=never", "--cwd", str(self.project)]
        return subprocess.Popen(
            command,
            env={**self.environment, **environment},
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def pulumi(self, *arguments: str, ok: bool | None = True, **environment: str) -> Result:
        """Run one command to its end. `ok` is the expected outcome; None accepts either."""
        began = time.perf_counter()
        process = self.start(*arguments, **environment)
        try:
            out, err = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise AssertionError(f"pulumi {' '.join(arguments)} did not end in {PATIENCE:g} s\n{out}{err}") from None
        result = Result(arguments, process.returncode, out, err, time.perf_counter() - began)
        if ok is not None and (result.code == 0) != ok:
            raise AssertionError(f"pulumi {' '.join(arguments)}: exit {result.code}\n{result.shown}")
        return result

    # ---- the stack
    @property
    def project_name(self) -> str:
        found = re.search(r"^name: (\S+)$", (self.project / "Pulumi.yaml").read_text(), re.MULTILINE)
        assert found, "Pulumi.yaml has no name"
        return found[1]

    @property
    def state_file(self) -> Path:
        return self.work / "state" / ".pulumi" / "stacks" / self.project_name / f"{self.stack}.json"

    def init(self) -> str:
        """Make the stack, as `stack init` does, and return the line that its file must have: the salt."""
        state, salt = fresh_stack()
        self.state_file.parent.mkdir(parents=True)
        self.state_file.write_text(state.replace("/fresh/fresh", f"/{self.project_name}/{self.stack}"))
        (self.work / "state" / ".pulumi" / "meta.yaml").write_text("version: 1\n")
        return salt

    def configure(self, config: Mapping[str, str] | None = None, secrets: Mapping[str, str] | None = None) -> None:
        """Make the stack, with plain and secret configuration."""
        keys = {key if ":" in key else f"{self.project_name}:{key}": value for key, value in (config or {}).items()}
        lines = ["config:", *(f"  {key}: {json.dumps(value)}" for key, value in keys.items())] if keys else []
        (self.project / f"Pulumi.{self.stack}.yaml").write_text("\n".join([self.init(), *lines]) + "\n")
        if secrets:
            hidden = [part for key, value in secrets.items() for part in ("--secret", f"{key}={value}")]
            self.pulumi("config", "set-all", "--stack", self.stack, *hidden)

    def _operate(self, command: str, *flags: str, ok: bool | None) -> Result:
        return self.pulumi(command, "--yes", "--skip-preview", "--stack", self.stack, *flags, ok=ok, **SAVED_AT_THE_END)

    def up(self, *flags: str, ok: bool | None = True) -> Result:
        return self._operate("up", *flags, ok=ok)

    def preview(self, *flags: str, ok: bool | None = True) -> Result:
        return self.pulumi("preview", "--stack", self.stack, *flags, ok=ok)

    def refresh(self, *flags: str, ok: bool | None = True) -> Result:
        return self._operate("refresh", *flags, ok=ok)

    def destroy(self, *flags: str, ok: bool | None = True) -> Result:
        return self._operate("destroy", *flags, ok=ok)

    def steps(self, *flags: str) -> dict[str, list[str]]:
        """The operations of a preview: operation → logical names, without those that stay the same."""
        found: dict[str, list[str]] = {}
        for step in self.preview("--json", *flags).json()["steps"]:
            if step["op"] != "same":
                found.setdefault(step["op"], []).append(step["urn"].split("::")[-1])
        return {operation: sorted(names) for operation, names in found.items()}

    def settled(self) -> None:
        """The program, the state and the cloud agree: nothing to do."""
        self.preview("--expect-no-changes")

    def export(self, *flags: str) -> dict[str, Any]:
        return self.pulumi("stack", "export", "--stack", self.stack, *flags).json()["deployment"]

    def resources(self, *flags: str) -> list[dict[str, Any]]:
        return self.export(*flags).get("resources", [])

    def outputs(self) -> dict[str, Any]:
        return self.pulumi("stack", "output", "--json", "--show-secrets", "--stack", self.stack).json()

    # ---- sources
    def edit(self, file: str, old: str, new: str) -> None:
        path = self.project / file
        text = path.read_text()
        assert old in text, f"{file} no longer contains {old!r}"
        path.write_text(text.replace(old, new))


def write_program(folder: Path, text: str, name: str = "small") -> Path:
    """A Pulumi project of one file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Pulumi.yaml").write_text(f"name: {name}\nruntime: python\n")
    (folder / "__main__.py").write_text(text)
    return folder
