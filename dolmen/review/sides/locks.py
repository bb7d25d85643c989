"""The base's own packages, where its lock differs from the head's: an interpreter built from that lock.

Interpreters are kept in the user's cache folder by the lock's content, so the same lock is installed once.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

LOCKS = ("requirements.txt", "uv.lock", "poetry.lock", "pylock.toml", "Pipfile.lock", "pdm.lock")
_PATIENCE = 600.0
_INCLUDE = re.compile(r"^[ \t]*(?:-r|-c|--requirement|--constraint)[ \t=]*([^\s#]+)", re.MULTILINE)
_DEEPEST = 8
_PIN = re.compile(r"^[ \t]*([\w.-]+)(?:\[[^\]]*\])?==([\w.+!-]+)", re.MULTILINE)
_LOCKED = re.compile(r'^name = "([^"]+)"\nversion = "([^"]+)"', re.MULTILINE)


class LockError(Exception):
    """The interpreter cannot be made. The text is for people."""


def lock_of(folder: Path) -> Path | None:
    """The file that pins a project's packages."""
    return next(
        (folder / name for name in ("uv.lock", "pylock.toml", "requirements.txt") if (folder / name).is_file()), None
    )


def differ(changed: Collection[str], prefix: str, folders: Iterable[Path]) -> bool:
    """Whether one of the changed files (from the root) is a lock of the project, or included by one.

    `prefix`: the project's own folder, from the root; `folders`: where it lies on each side.
    """
    names = {*LOCKS, *(name for folder in folders for name in _included(folder / "requirements.txt", folder))}
    return any(posixpath.normpath(f"{prefix}{name}") in changed for name in names)


def _included(file: Path, folder: Path, depth: int = 0) -> Iterator[str]:
    """Files that a requirements file takes in by `-r` and `-c`, relative to a folder."""
    if depth > _DEEPEST or file.is_symlink() or not file.is_file():
        return
    for name in _INCLUDE.findall(file.read_text("utf-8", "replace")):
        inner = file.parent / name
        yield os.path.relpath(inner, folder)
        yield from _included(inner, folder, depth + 1)


def canonical(name: str) -> str:
    """A package's name as every spelling of it (https://packaging.python.org/en/latest/specifications/name-normalization/)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(folder: Path) -> Iterator[tuple[str, str]]:
    """(package, version) of a project's lock, as far as it says exactly one."""
    file = lock_of(folder)
    if file is None or file.is_symlink():
        return
    pattern = _PIN if file.suffix == ".txt" else _LOCKED
    found = dict[str, set[str]]()
    for name, version in pattern.findall(file.read_text("utf-8", "replace")):
        found.setdefault(canonical(name), set()).add(version)
    yield from ((name, min(versions)) for name, versions in found.items() if len(versions) == 1)


def interpreter(folder: Path) -> Path:
    """A virtual environment with what the project in `folder` locks. Raises `LockError`."""
    lock = lock_of(folder)
    if lock is None:
        raise LockError("it has no lock that Dolmen can install (requirements.txt, pylock.toml or uv.lock)")
    text = lock.read_bytes()
    key = hashlib.sha256(b"\0".join([lock.name.encode(), sys.version.encode(), text])).hexdigest()[:20]
    place = _cache() / key
    if (place / ".complete").exists():
        return place
    building = place.with_name(f"{key}.{os.getpid()}")
    try:
        _build(building, folder, lock)
        (building / ".complete").touch()
        shutil.rmtree(place, ignore_errors=True)
        building.rename(place)
    except (OSError, subprocess.SubprocessError) as error:
        raise LockError(_reason(error)) from None
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return place


def _build(place: Path, folder: Path, lock: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    uv = shutil.which("uv")
    if lock.name == "uv.lock":
        if uv is None:
            raise OSError("its lock is uv.lock, and uv is not installed")
        _run([uv, "sync", "--frozen", "--no-install-project"], folder, {"UV_PROJECT_ENVIRONMENT": str(place)})
        return
    _run([sys.executable, "-m", "venv", str(place)], folder)
    python = str(place / "bin" / "python")
    # Only wheels: building a package from source would run its code.
    options = ["--no-input", "--only-binary", ":all:", "--disable-pip-version-check", "--quiet"]
    _run([python, "-m", "pip", "install", *options, "-r", str(lock)], folder)


def _run(command: list[str], folder: Path, extra: dict[str, str] | None = None) -> None:
    subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **(extra or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_PATIENCE,
        check=True,
    )


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        said: bytes = error.stderr or b""
        lines = said.decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else f"its installation ended with exit code {error.returncode}"
    if isinstance(error, subprocess.TimeoutExpired):
        return f"its installation did not end within {_PATIENCE:g} seconds"
    return str(error)


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "dolmen" / "interpreters"
