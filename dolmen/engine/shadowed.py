"""Python's functions on files, led to what shadows the tree (`dolmen.engine.shadow`)."""

from __future__ import annotations

import builtins
import bz2
import contextlib
import io
import os
import pathlib
import shutil
import stat
import tarfile
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from dolmen.engine.shadow import Shadow

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def install(root: Path, private: Path) -> None:
    """From now on, in this process."""
    shadow = Shadow(str(root), str(private))
    real = {name: getattr(os, name) for name in ("open", "stat", "lstat", "access", "readlink", "listdir", "scandir", "chdir",
                                                 "mkdir", "remove", "unlink", "rmdir", "rename", "replace", "symlink", "link",
                                                 "chmod", "utime", "truncate")}  # fmt: skip
    plain = io.open

    def open_(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if set(mode) & set("wax+") and "opener" not in kwargs:
            if "x" in mode and shadow.inside(file) is not None and os.path.lexists(file):
                raise FileExistsError(17, os.strerror(17), file)
            return plain(shadow.writing(file, keep="w" not in mode), mode.replace("x", "w"), *args, **kwargs)
        return plain(shadow.reading(file), mode, *args, **kwargs)

    def os_open(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if dir_fd is not None:
            return real["open"](path, flags, mode, dir_fd=dir_fd)
        if flags & _WRITING:
            if flags & os.O_EXCL and shadow.inside(path) is not None and os.path.lexists(path):
                raise FileExistsError(17, os.strerror(17), path)
            return real["open"](shadow.writing(path, keep=not flags & os.O_TRUNC), flags & ~os.O_EXCL, mode)
        return real["open"](shadow.reading(path), flags, mode)

    def looking(name: str) -> Callable[..., Any]:
        def look(path: Any, *args: Any, **kwargs: Any) -> Any:
            return real[name](path if kwargs.get("dir_fd") is not None else shadow.reading(path), *args, **kwargs)

        return look

    def changing(name: str) -> Callable[..., Any]:
        def change(path: Any, *args: Any, **kwargs: Any) -> Any:
            if kwargs.get("dir_fd") is not None or shadow.inside(path) is None:
                return real[name](path, *args, **kwargs)
            os.lstat(path)
            return real[name](shadow.writing(path, keep=True), *args, **kwargs)

        return change

    def mkdir(path: Any, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
        if dir_fd is not None or shadow.inside(path) is None:
            real["mkdir"](path, mode) if dir_fd is None else real["mkdir"](path, mode, dir_fd=dir_fd)
            return
        if os.path.lexists(path):
            raise FileExistsError(17, os.strerror(17), path)
        real["mkdir"](shadow.writing(path, keep=False), mode)

    def removing(name: str) -> Callable[..., None]:
        def remove(path: Any, *, dir_fd: int | None = None) -> None:
            if dir_fd is not None:
                real[name](path, dir_fd=dir_fd)
            else:
                shadow.remove(path, real[name])

        return remove

    def moving(name: str) -> Callable[..., None]:
        def move(src: Any, dst: Any, **kwargs: Any) -> None:
            if kwargs or (shadow.inside(src) is None and shadow.inside(dst) is None):
                real[name](src, dst, **kwargs)
                return
            if name == "rename" and os.path.isdir(src):
                shutil.copytree(src, dst)
                shutil.rmtree(src)
                return
            shutil.copyfile(src, dst)
            os.remove(src)

        return move

    def linking(name: str) -> Callable[..., None]:
        def link(src: Any, dst: Any, *args: Any, **kwargs: Any) -> None:
            if shadow.inside(dst) is not None and os.path.lexists(dst):
                raise FileExistsError(17, os.strerror(17), dst)
            target = shadow.writing(dst, keep=False) if not kwargs else dst
            real[name](src if name == "symlink" else shadow.reading(src), target, *args, **kwargs)

        return link

    def listdir(path: Any = None) -> list[Any]:
        if isinstance(path, int | bytes):
            return real["listdir"](path)
        place = "." if path is None else path
        try:
            listed = real["listdir"](place)
        except OSError:
            if shadow.inside(place) is None:
                raise
            listed = real["listdir"](shadow.reading(place))
        return shadow.names(place, listed)

    def scandir(path: Any = None) -> Any:
        place = "." if path is None else path
        if isinstance(place, int | bytes) or (shadow.inside(place) is None and os.path.realpath(place) != str(root)):
            return real["scandir"](place)
        return _Entries(os.fspath(place), os.listdir(place))

    changed: dict[str, Any] = {
        "open": os_open, "mkdir": mkdir, "listdir": listdir, "scandir": scandir,
        **{name: looking(name) for name in ("stat", "lstat", "access", "readlink", "chdir")},
        **{name: changing(name) for name in ("chmod", "utime", "truncate")},
        **{name: removing(name) for name in ("remove", "unlink", "rmdir")},
        **{name: moving(name) for name in ("rename", "replace")},
        **{name: linking(name) for name in ("symlink", "link")},
    }  # fmt: skip
    for name, function in changed.items():
        function.__name__ = function.__qualname__ = name
        setattr(os, name, function)
        for known in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
            if real[name] in known:
                known.add(function)
    _replace(plain, open_)
    keeper = getattr(pathlib, "_NormalAccessor", None)  # Python 3.10 keeps the functions of `os` there
    for name, function in {**changed, "open": open_}.items() if keeper is not None else ():
        if hasattr(keeper, name):
            setattr(keeper, name, staticmethod(function))


_KEPT: tuple[tuple[Any, str], ...] = (
    (builtins, "open"),
    (io, "open"),
    (tarfile, "bltn_open"),
    (bz2, "_builtin_open"),
    (tokenize, "_builtin_open"),
)
"""Where `open` is found, or kept under another name."""


def _replace(original: Any, other: Any) -> None:
    """Put another function everywhere in the place of `open`."""
    other.__name__ = other.__qualname__ = "open"
    other.__module__ = "io"  # pickled by its name, as the original
    for module, name in _KEPT:
        if getattr(module, name, None) is original:
            setattr(module, name, other)


class _Entries:
    """What `os.scandir` gives, of a folder that is partly shadowed."""

    def __init__(self, folder: str, names: list[str]) -> None:
        self._entries = iter([_Entry(folder, name) for name in names])

    def __iter__(self) -> Iterator[_Entry]:
        return self._entries

    def __next__(self) -> _Entry:
        return next(self._entries)

    def __enter__(self) -> _Entries:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def close(self) -> None:
        return


class _Entry:
    def __init__(self, folder: str, name: str) -> None:
        self.name, self.path = name, os.path.join(folder, name)

    def __fspath__(self) -> str:
        return self.path

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        return os.stat(self.path) if follow_symlinks else os.lstat(self.path)

    def inode(self) -> int:
        return os.lstat(self.path).st_ino

    def is_symlink(self) -> bool:
        return stat.S_ISLNK(os.lstat(self.path).st_mode)

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        with contextlib.suppress(OSError):
            return stat.S_ISDIR(self.stat(follow_symlinks=follow_symlinks).st_mode)
        return False

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        with contextlib.suppress(OSError):
            return stat.S_ISREG(self.stat(follow_symlinks=follow_symlinks).st_mode)
        return False

    def is_junction(self) -> bool:
        return False
