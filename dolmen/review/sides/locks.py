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
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from dolmen.engine.closed.environment import variables

LOCKS = ("requirements.txt", "uv.lock", "poetry.lock", "pylock.toml", "Pipfile.lock", "pdm.lock")
_PATIENCE = 600.0
_INCLUDE = re.compile(r"^[ \t]*(?:-r|-c|--requirement|--constraint)[ \t=]*([^\s#]+)", re.MULTILINE)
_DEEPEST = 8
_PIN = re.compile(r"^[ \t]*([\w.-]+)(?:\[[^\]]*\])?==([\w.+!-]+)", re.MULTILINE)
ANY = ":all:"
"""In place of a package's name, as pip says it."""
SDIST_NAME = re.compile(rf"{ANY}|[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?", re.ASCII)
_NO_WHEEL = re.compile(
    r"No matching distribution found for ([\w.-]+)|istribution `([\w.-]+)==.*`? can't be installed because it is marked as `--no-build`"
)
_FOR_INSTALLERS = re.compile(
    r"(?i)HOME|TMPDIR|NETRC|XDG_\w+|PIP_\w+|UV_\w+|SSL_CERT_\w+|\w+_CA_BUNDLE|(https?|all|no)_proxy"
)
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


def interpreter(folder: Path, sdists: Collection[str] = ()) -> Path:
    """A virtual environment with what the project in `folder` locks. Raises `LockError`.

    `sdists`: names of packages that may be built from their source distributions, which runs their code here; else
    only wheels are installed.
    """
    lock = lock_of(folder)
    if lock is None:
        raise LockError("it has no lock that Dolmen can install (requirements.txt, pylock.toml or uv.lock)")
    files = [lock, *(folder / name for name in sorted(set(_included(lock, folder))))]
    built = sorted(map(canonical, sdists))
    said = [lock.name, sys.version, *built, *(file.read_text("utf-8", "replace") for file in files if file.is_file())]
    key = hashlib.sha256("\0".join(said).encode("utf-8", "replace")).hexdigest()[:20]
    place = _cache() / key
    if (place / ".complete").exists():
        return place
    building = place.with_name(f"{key}.{os.getpid()}")
    try:
        _build(building, folder, lock, built)
        (building / ".complete").touch()
        shutil.rmtree(place, ignore_errors=True)
        building.rename(place)
    except (OSError, subprocess.SubprocessError) as error:
        raise LockError(_reason(error, built)) from None
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return place


def _build(place: Path, folder: Path, lock: Path, sdists: list[str]) -> None:
    """Install from wheels, and the packages that are named from their source distributions.

    Sources: https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-only-binary,
    https://docs.astral.sh/uv/reference/cli/#uv-sync
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    # What is built sees what an installer needs of the environment, and no more.
    given = _for_installers() if sdists else dict(os.environ)
    any_of_them = ANY in sdists
    if lock.name == "uv.lock":
        if (uv := shutil.which("uv")) is None:
            raise OSError("its lock is uv.lock, and uv is not installed")
        only = (
            [] if any_of_them else ["--no-build", *(word for name in sdists for word in ("--no-binary-package", name))]
        )
        _run(
            [uv, "sync", "--frozen", "--no-install-project", *only],
            folder,
            {**given, "UV_PROJECT_ENVIRONMENT": str(place)},
        )
        return
    _run([sys.executable, "-m", "venv", str(place)], folder, given)
    python = str(place / "bin" / "python")
    only = [] if any_of_them else ["--only-binary", ANY, *(word for name in sdists for word in ("--no-binary", name))]
    options = ["--no-input", *only, "--disable-pip-version-check", "--quiet"]
    _run([python, "-m", "pip", "install", *options, "-r", str(lock)], folder, given)


def _for_installers() -> dict[str, str]:
    return variables([name for name in os.environ if _FOR_INSTALLERS.fullmatch(name)])


def _run(command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
    subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_PATIENCE,
        check=True,
    )


def _reason(error: Exception, sdists: Collection[str]) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        said: bytes = error.stderr or b""
        text = said.decode("utf-8", "replace").strip()
        name = canonical(found[1] or found[2]) if (found := _NO_WHEEL.search(text)) else ""
        if name and not {name, ANY} & set(sdists):
            return f"no wheel of {name} was found (`--base-sdist {name}` builds it from its source distribution)"
        return text.splitlines()[-1][:300] if text else f"its installation ended with exit code {error.returncode}"
    if isinstance(error, subprocess.TimeoutExpired):
        return f"its installation did not end within {_PATIENCE:g} seconds"
    return str(error)


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "dolmen" / "interpreters"
