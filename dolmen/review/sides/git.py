"""Git, asked in a way that runs nothing which a repository could have arranged.

A branch under review is not trusted: no hooks, no file-system monitor, no filters, no external or text-converting diffs,
no submodules, no network; commands are lists, and every name of a commit is verified before it is used.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

_SAFE = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.pager": "cat",
    "core.symlinks": "true",
    "core.untrackedCache": "false",
    "diff.external": "",
    "diff.ignoreSubmodules": "all",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "protocol.allow": "never",
    "safe.bareRepository": "explicit",
    "submodule.recurse": "false",
}
_PREFIX = "dolmen-base-"
_PATIENCE = 60.0


class GitError(Exception):
    """Git could not answer. The text is for people."""


@dataclass(frozen=True, slots=True)
class Repository:
    root: Path
    filters: tuple[str, ...]
    """Names of configured filters (Git LFS and the like), which are all switched off here."""

    def run(self, *arguments: str, where: Path | None = None) -> str:
        return _git(where or self.root, arguments, self.filters)


def repository(folder: Path) -> Repository:
    """The repository around a folder. Raises `GitError` where there is none."""
    root = Path(_git(folder, ("rev-parse", "--show-toplevel"), ()).rstrip("\n"))
    try:
        names = _git(root, ("config", "--name-only", "--get-regexp", r"^filter\..*\.(clean|smudge|process)$"), ())
    except GitError:  # exit code 1: there are none
        names = ""
    return Repository(root, tuple(sorted({line.split(".", 1)[1].rpartition(".")[0] for line in names.splitlines()})))


def place_in_repository(folder: Path) -> str:
    """The folder's path below its repository's root, with a slash at its end; empty at the root or outside one."""
    for root in (folder, *folder.parents):
        if (root / ".git").exists():
            return "" if root == folder else f"{folder.relative_to(root).as_posix()}/"
    return ""


def commit(repository: Repository, reference: str) -> str:
    """The full id of the commit that a reference names.

    Raises `GitError` for none, and for a name that means several: a tag `origin/main` would go before the branch.
    """
    meanings = _meanings(repository, reference)
    if len(set(meanings.values())) > 1:
        raise GitError(f"{reference} means {' and '.join(sorted(meanings))} here. Name one of them in full.")
    try:
        return repository.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}").strip()
    except GitError:
        raise GitError(
            f"{reference} names no commit here. Fetch it first, such as `git fetch origin main`; "
            "a shallow clone needs its history (in GitHub Actions: `fetch-depth: 0`)."
        ) from None


def _meanings(repository: Repository, reference: str) -> Mapping[str, str]:
    """Full name → id, of every tag and branch that may be meant by a short name."""
    if not re.fullmatch(r"[\w.+@/-]+", reference) or reference.startswith(("-", "refs/")):
        return {}
    places = [f"refs/{reference}", *(f"refs/{kind}/{reference}" for kind in ("tags", "heads", "remotes"))]
    listed = repository.run("for-each-ref", "--format=%(refname) %(objectname) %(*objectname)", *places)
    found = (line.split() for line in listed.splitlines())
    return {name: ids[-1] for name, *ids in found if name in places}


def described(repository: Repository) -> str:
    """The head for people: the short id, and whether the work tree differs from it."""
    try:
        head = repository.run("rev-parse", "--short", "HEAD").strip()
    except GitError:
        return "the work tree"
    changed = repository.run("status", "--porcelain", "--untracked-files=no", "--no-renames").strip()
    return f"{head} and what is not committed" if changed else head


def short(repository: Repository, commit: str) -> str:
    return repository.run("rev-parse", "--short", commit).strip()


def merge_base(repository: Repository, commit: str, reference: str) -> str:
    """The full id of the commit where HEAD left the branch of `commit`, which a person called `reference`."""
    try:
        return repository.run("merge-base", commit, "HEAD").strip()
    except GitError:
        shallow = repository.run("rev-parse", "--is-shallow-repository").strip() == "true"
        why = "this clone is shallow" if shallow else "their histories share nothing"
        fetch = (
            "Fetch the history with `git fetch --unshallow` (in GitHub Actions: `fetch-depth: 0`), or c"
            if shallow
            else "C"
        )
        raise GitError(
            f"{reference} and HEAD have no merge base: {why}. {fetch}ompare with {reference} itself by --base-exact."
        ) from None


_STANDING: list[contextlib.ExitStack] = []
"""What removes the worktrees that stay, for as long as they are wanted."""
_FOUND: dict[tuple[Path, str], Path] = {}


@contextlib.contextmanager
def standing_worktrees() -> Generator[None]:
    """While this lasts, a commit's worktree stays for whoever asks for it again."""
    with contextlib.ExitStack() as stack:
        _STANDING.append(stack)
        try:
            yield
        finally:
            _STANDING.clear()
            _FOUND.clear()


@contextlib.contextmanager
def worktree(repository: Repository, base: str) -> Generator[Path]:
    """A temporary folder for a commit's files, removed again whatever happens, Ctrl-C and SIGTERM included.

    It is empty the first time: see `dolmen.review.sides.needed`.
    """
    if not _STANDING:
        with _worktree(repository, base) as path:
            yield path
        return
    name = (repository.root, base)
    if name not in _FOUND:
        _FOUND[name] = _STANDING[0].enter_context(_worktree(repository, base))
    yield _FOUND[name]


@contextlib.contextmanager
def _worktree(repository: Repository, base: str) -> Generator[Path]:
    _remove_left_behind(repository)
    parent = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-")).resolve()
    path = parent / "base"
    with _ended_by_exception():
        try:
            repository.run("worktree", "add", "--no-checkout", "--detach", "--force", "--quiet", "--", str(path), base)
            yield path
        finally:
            _remove(repository, parent)


def _remove(repository: Repository, parent: Path) -> None:
    shutil.rmtree(parent, ignore_errors=True)
    with contextlib.suppress(GitError):
        repository.run("worktree", "prune", "--expire", "now")


def _remove_left_behind(repository: Repository) -> None:
    """Worktrees of a run that was killed outright."""
    with contextlib.suppress(GitError):
        for line in repository.run("worktree", "list", "--porcelain", "-z").split("\0"):
            found = re.search(rf"/{_PREFIX}(\d+)-[^/]*/base$", line)
            if line.startswith("worktree ") and found and not Path(f"/proc/{found.group(1)}").exists():
                _remove(repository, Path(line.removeprefix("worktree ")).parent)


@contextlib.contextmanager
def _ended_by_exception() -> Generator[None]:
    """While this lasts, SIGTERM ends the program as an exception does, so that what was made is removed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _git(folder: Path, arguments: tuple[str, ...], filters: tuple[str, ...]) -> str:
    settings = dict(_SAFE)
    for name in filters:
        settings |= {f"filter.{name}.{key}": "" for key in ("clean", "smudge", "process")}
        settings[f"filter.{name}.required"] = "false"
    options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    program = shutil.which("git")
    if program is None:
        raise GitError("Git is not installed; without it there is nothing to compare with.")
    try:
        done = subprocess.run(
            [program, "--no-pager", "--literal-pathspecs", *options, *arguments],
            cwd=folder,
            env=_variables(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise GitError(f"git {arguments[0]} did not end within {_PATIENCE:g} seconds.") from None
    if done.returncode != 0:
        detail = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitError(f"git {arguments[0]} failed: {detail[-1] if detail else f'exit code {done.returncode}'}")
    return done.stdout.decode("utf-8", "surrogateescape")


def _variables() -> dict[str, str]:
    """The surroundings without anything that would point Git elsewhere or make it run something."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return {
        **kept,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "LC_ALL": "C",
    }
