"""Reads zip and tar files member by member, as the engine does for one inside another archive."""

from __future__ import annotations

import contextlib
import io
import lzma
import posixpath
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from dolmen.engine.unreadable import ContentsError, said

_FORMATS = {".zip": "zip", ".jar": "zip", ".tar": "tar", ".tgz": "tar", ".tar.gz": "tar"}
_PIECE = 1024 * 1024
_UNIX = 3
_UTF8 = 0x800
_REGULAR = (tarfile.REGTYPE, tarfile.AREGTYPE)


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive. It must be read before the next one is asked for."""

    name: str
    size: int
    read: Callable[[], Iterator[bytes]]


def archive_format(path: str) -> str | None:
    """What a file's name says about its format; nothing else counts."""
    return next((kind for ending, kind in _FORMATS.items() if path.endswith(ending)), None)


def clean(path: str) -> str:
    """A path as Go's `path.Clean` gives it."""
    found = posixpath.normpath(path)
    return f"/{found.lstrip('/')}" if found.startswith("/") else found


def members_of_file(full: Path, path: str) -> Iterator[Member]:
    """The members of a zip or tar file. Raises `ContentsError`, in the engine's words where it has any."""
    try:
        file = full.open("rb")
    except OSError as error:
        missing = path if isinstance(error, FileNotFoundError) else None
        raise ContentsError(said("open", path, error), missing) from None
    with file, _readable(path):
        if archive_format(path) == "zip":
            yield from _zip(file, path)
        else:
            yield from _tar(file, path)


@contextlib.contextmanager
def _readable(path: str) -> Generator[None]:
    kind = "ZIP" if archive_format(path) == "zip" else "tar"
    broken = (tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError)
    try:
        yield
    except zipfile.BadZipFile as error:
        wrong = "checksum error" if "CRC" in str(error) else "not a valid zip file"
        raise ContentsError(f"failed to read ZIP: zip: {wrong}") from None
    except (*broken, NotImplementedError, RuntimeError, ValueError) as error:
        raise ContentsError(f"failed to read {kind}: {path}: {error}") from None


def _zip(file: IO[bytes], path: str) -> Iterator[Member]:
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            unix = info.create_system == _UNIX and stat.S_ISDIR(info.external_attr >> 16)
            if info.filename.endswith("/") or unix:
                continue
            raw = info.filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437", "surrogateescape")
            name = clean(raw.decode("utf-8", "surrogateescape"))
            yield Member(name, info.file_size, lambda info=info: _pieces(archive.open(info), path))


def _tar(file: IO[bytes], path: str) -> Iterator[Member]:
    with tarfile.open(fileobj=file, mode="r|" if path.endswith(".tar") else "r|gz") as archive:
        for info in archive:
            if info.isdir():
                continue
            if info.type not in _REGULAR:
                raise ContentsError(f"Unrecognized tar header typeflag: {ord(info.type)}")
            stream = archive.extractfile(info)
            yield Member(clean(info.name), info.size, lambda stream=stream: _pieces(stream, path))


def _pieces(stream: IO[bytes] | None, path: str) -> Iterator[bytes]:
    with _readable(path), stream or io.BytesIO() as stream:
        while piece := stream.read(_PIECE):
            yield piece
