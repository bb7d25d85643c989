"""Finds the Pulumi CLI for tests, or builds it once from Go modules.

In this order: the CLI that `PULUMI` names, the one on PATH if it has its own language host and is new enough, else the
one that `tools/go.mod` pins, built into a cache folder of the user. Where the CLI comes without a language host, ours
(`language_host.py`) stands in for it, with the official exec script out of the Go module of the same release.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import platform
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tools"
HOST = Path(__file__).with_name("language_host.py")

VERSION = "3.259.0"
"""What `tools/go.mod` pins; a test holds the two together."""
MINIMUM = (3, 259, 0)
"""The oldest CLI that the tests were run with: older ones lack `stackConfigDir` or parts of the monitor's protocol."""
PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
SDK = "github.com/pulumi/pulumi/sdk/v3"
LANGUAGE_HOST, EXEC = "pulumi-language-python", "pulumi-language-python-exec"


class Unavailable(Exception):  # noqa: N818  (it reads as what it says)
    """There is no CLI on this machine and none can be built. The message is one line for a person."""


@dataclass(frozen=True)
class Distribution:
    """A CLI with everything that it needs beside it to run Python programs."""

    pulumi: Path
    version: str
    path: tuple[Path, ...]
    """Folders to put first on PATH: the language host and the exec script."""
    origin: str
    """`PULUMI`, `PATH` or `built`."""
    own_language_host: bool
    """Whether the language host is the official one."""


@functools.cache
def distribution() -> Distribution:
    """The CLI to test with; raises `Unavailable`."""
    if named := os.environ.get("PULUMI"):
        return _named(Path(named))
    return _on_path() or _built()


def _named(pulumi: Path) -> Distribution:
    if not os.access(pulumi, os.X_OK):
        raise Unavailable(f"PULUMI names {pulumi}, which is not a program")
    version = version_of(pulumi)
    if host := _language_host(pulumi):
        return Distribution(pulumi, version, (host.parent,), "PULUMI", own_language_host=True)
    return Distribution(pulumi, version, (_own_host(), _exec_script().parent), "PULUMI", own_language_host=False)


def _on_path() -> Distribution | None:
    found = shutil.which("pulumi")
    if not found:
        return None
    pulumi = Path(found)
    host, version = _language_host(pulumi), version_of(pulumi)
    if host is None or _numbers(version) < MINIMUM:
        return None
    return Distribution(pulumi, version, (pulumi.parent, host.parent), "PATH", own_language_host=True)


def _language_host(pulumi: Path) -> Path | None:
    beside = pulumi.resolve().with_name(LANGUAGE_HOST)
    found = beside if beside.exists() else shutil.which(LANGUAGE_HOST)
    return Path(found) if found else None


def version_of(pulumi: Path) -> str:
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    done = subprocess.run(
        [pulumi, "version"], capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL
    )
    return done.stdout.strip().removeprefix("v")


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"(\d+)\.(\d+)\.(\d+)", version)
    return tuple(int(part) for part in found.groups()) if found else (0, 0, 0)


def _built() -> Distribution:
    folder = cache() / f"pulumi-{VERSION}-{fingerprint()}"
    if not (folder / "pulumi").exists():
        go = shutil.which("go")
        if go is None:
            raise Unavailable(
                f"no Pulumi CLI {'.'.join(map(str, MINIMUM))} or newer with its Python language host, and no Go to "
                "build one: install either (or name a CLI in PULUMI) to run the real engine"
            )
        _build(go, folder)
    return Distribution(folder / "pulumi", VERSION, (_own_host(), folder), "built", own_language_host=False)


def cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "dolmen"


def fingerprint() -> str:
    content = b"".join((TOOLS / name).read_bytes() for name in ("go.mod", "go.sum"))
    return hashlib.sha256(content + f"{platform.system()}-{platform.machine()}".encode()).hexdigest()[:12]


def _build(go: str, folder: Path) -> None:
    """Build into a folder of its own and rename it: other test runs see all of it or nothing."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "pulumi").exists():  # somebody else built it while we waited
            return
        print(f"building the Pulumi CLI {VERSION} once, into {folder} (some minutes)", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            made = Path(scratch, "made")
            made.mkdir()
            stamp = f"-s -w -X {SDK}/go/common/version.Version=v{VERSION}"
            _go(go, "build", "-o", str(made / "pulumi"), "-ldflags", stamp, PACKAGE)
            shutil.copy(_script_in_module(go), made / EXEC)
            (made / EXEC).chmod(0o755)
            shutil.rmtree(folder, ignore_errors=True)
            made.rename(folder)


def _go(go: str, *arguments: str) -> str:
    environment = {**os.environ, "GOFLAGS": "-mod=readonly -buildvcs=false"}
    done = subprocess.run([go, *arguments], cwd=TOOLS, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise Unavailable(f"`go {arguments[0]}` failed in {TOOLS}: {done.stderr.strip().splitlines()[-1:]}")
    return done.stdout.strip()


def _script_in_module(go: str) -> Path:
    _go(go, "mod", "download", SDK)
    return Path(_go(go, "list", "-m", "-f", "{{.Dir}}", SDK), "python", "cmd", EXEC)


def _exec_script() -> Path:
    """The exec script for a CLI that came alone: already on PATH, in our own cache, or in the Go module."""
    if found := shutil.which(EXEC):
        return Path(found)
    cached = cache() / f"exec-{VERSION}" / EXEC
    if not cached.exists():
        go = shutil.which("go")
        if go is None:
            raise Unavailable(f"PULUMI names a CLI without its language host, and there is no Go to fetch {EXEC}")
        cached.parent.mkdir(parents=True, exist_ok=True)
        fresh = cached.with_suffix(f".{os.getpid()}")
        shutil.copy(_script_in_module(go), fresh)
        fresh.chmod(0o755)
        fresh.replace(cached)
    return cached


def _own_host() -> Path:
    """A folder with our language host as a program, for this interpreter."""
    identity = hashlib.sha256(f"{sys.executable}\0{HOST}".encode()).hexdigest()[:12]
    program = cache() / f"language-host-{identity}" / LANGUAGE_HOST
    text = f'#!/bin/sh\nexec "{sys.executable}" "{HOST}" "$@"\n'
    if not program.exists() or program.read_text() != text:
        program.parent.mkdir(parents=True, exist_ok=True)
        fresh = program.with_suffix(f".{os.getpid()}")
        fresh.write_text(text)
        fresh.chmod(fresh.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        fresh.replace(program)
    return program.parent
