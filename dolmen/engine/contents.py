"""Hashes the contents of assets and archives as the engine does.

An asset's hash is that of its bytes. So is that of an archive which is a zip or tar file already; a folder, or an archive
made of assets, is hashed as the tar stream that the engine would write. Nothing is fetched: what lies behind a URI has no
hash here. Messages name a path as the program wrote it, so that they are the same on every machine.
Source: https://github.com/pulumi/pulumi/blob/v3.259.0/sdk/go/common/resource/archive/archive.go and asset/asset.go
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from google.protobuf import struct_pb2

from dolmen.engine import stand_ins, tar
from dolmen.engine.members import Member, archive_format, clean, members_of_file
from dolmen.engine.unreadable import UNCOMPARED, ContentsError, UnhashedError, said
from dolmen.engine.values import ARCHIVE, ASSET, signature

LIMIT = 512 * 1024 * 1024
"""Bytes that are read of one asset or archive."""
MOST_MEMBERS = 100_000
_BOOKKEEPING = ".pulumi"
"""What the engine leaves out of every folder."""
_PIECE = 1024 * 1024


@dataclass(slots=True)
class _Allowance:
    """What may still be read."""

    source: str
    size: int
    members: int

    def take(self, size: int) -> None:
        self.size -= size
        if self.size < 0:
            raise UnhashedError(self.source, f"It holds more than {LIMIT // 2**20} MiB: {UNCOMPARED}")

    def member(self) -> None:
        self.members -= 1
        if self.members < 0:
            raise UnhashedError(self.source, f"It holds more than {MOST_MEMBERS} files: {UNCOMPARED}")


def hashed(value: struct_pb2.Value, folder: Path) -> str | None:
    """The SHA-256 of an asset's or archive's contents; `None` where they cannot be known here.

    Raises `ContentsError` where the engine fails, and `UnhashedError` where the contents are out of bounds.
    """
    fields, kind = value.struct_value.fields, signature(value)
    if not _known(value):
        return None
    allowance = _Allowance(source_of(fields), LIMIT, MOST_MEMBERS)
    found = hashlib.sha256()
    if kind == ASSET or (_path(fields) and archive_format(_path(fields))):
        member = _asset(fields, "", folder) if kind == ASSET else _whole(_path(fields), folder)
        for piece in _pieces(member, allowance):
            found.update(piece)
        return found.hexdigest()
    seen: set[bytes] = set()
    for member in _members(value, folder):
        allowance.member()
        name = member.name.encode("utf-8", "surrogateescape")
        if name in seen:
            continue
        seen.add(name)
        found.update(tar.header(name, member.size))
        size = 0
        for piece in _pieces(member, allowance):
            found.update(piece)
            size += len(piece)
        if size != member.size:
            raise ContentsError(f"incorrect blob size for {member.name}: expected {member.size}, got {size}")
        found.update(tar.padding(size))
    found.update(tar.END)
    return found.hexdigest()


def in_properties(value: struct_pb2.Value, path: str) -> Iterator[tuple[str, struct_pb2.Value]]:
    """The assets and archives anywhere in a value, each with its place; those inside an archive belong to it."""
    kind = value.WhichOneof("kind")
    if signature(value) in (ASSET, ARCHIVE):
        yield path, value
    elif kind == "list_value":
        for index, item in enumerate(value.list_value.values):
            yield from in_properties(item, f"{path}[{index}]")
    elif kind == "struct_value":
        marked = signature(value) is not None
        for name, item in value.struct_value.fields.items():
            yield from in_properties(item, path if marked else f"{path}.{name}")


def source_of(fields: Mapping[str, struct_pb2.Value]) -> str:
    """What a program calls an asset or archive: its path, its URI, or the names of its parts."""
    for name in ("path", "uri"):
        if name in fields and fields[name].string_value:
            return fields[name].string_value
    return ", ".join(sorted(fields["assets"].struct_value.fields)) if "assets" in fields else ""


def _known(value: struct_pb2.Value) -> bool:
    """Whether contents can be read at all: no part lies in a network, or is called by a made-up name."""
    fields = value.struct_value.fields
    if signature(value) not in (ASSET, ARCHIVE):
        return False  # a part that is known only after apply
    if any(name in fields and _made_up(fields[name].string_value) for name in ("path", "uri", "text")):
        return False
    if not _path(fields) and "uri" in fields and fields["uri"].string_value:
        return False
    parts = fields["assets"].struct_value.fields.values() if "assets" in fields else ()
    return all(_known(part) for part in parts)


def _made_up(text: str) -> bool:
    return stand_ins.holds(text) or stand_ins.LEFT in text


def _path(fields: Mapping[str, struct_pb2.Value]) -> str:
    """The local path of an asset or archive; a `file:` URI is one."""
    if "path" in fields and fields["path"].string_value:
        return fields["path"].string_value
    if "uri" in fields:
        uri = urlsplit(fields["uri"].string_value)
        if uri.scheme == "file" and uri.netloc in ("", "localhost"):
            return unquote(uri.path)
    return ""


def _asset(fields: Mapping[str, struct_pb2.Value], name: str, folder: Path) -> Member:
    path = _path(fields)
    if not path:
        data = fields["text"].string_value.encode("utf-8", "surrogatepass") if "text" in fields else b""
        return Member(name, len(data), lambda: iter([data]))
    return _file(path, name, folder)


def _file(path: str, name: str, folder: Path) -> Member:
    full = folder / path
    try:
        found = full.stat()
    except OSError as error:
        raise ContentsError(f"failed to open asset file '{path}': {said('open', path, error)}", missing=path) from None
    if stat.S_ISDIR(found.st_mode):
        raise ContentsError(f"asset path '{path}' is a directory; try using an archive")
    if not stat.S_ISREG(found.st_mode):
        raise UnhashedError(path, f"It is no regular file: {UNCOMPARED}")
    return Member(name, found.st_size, lambda: _read(full, path))


def _whole(path: str, folder: Path) -> Member:
    """A zip or tar file, as it is."""
    try:
        return _file(path, "", folder)
    except ContentsError as error:
        text = str(error)
        raise ContentsError(text.removeprefix(f"failed to open asset file '{path}': "), error.missing) from None


def _read(full: Path, path: str) -> Iterator[bytes]:
    try:
        with full.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece
    except OSError as error:
        raise ContentsError(f"failed to open asset file '{path}': {said('open', path, error)}") from None


def _pieces(member: Member, allowance: _Allowance) -> Iterator[bytes]:
    allowance.take(0)
    for piece in member.read():
        allowance.take(len(piece))
        yield piece


def _members(value: struct_pb2.Value, folder: Path) -> Iterator[Member]:
    """The files of an archive, as the engine would write them."""
    fields = value.struct_value.fields
    if path := _path(fields):
        yield from members_of_file(folder / path, path) if archive_format(path) else _of_folder(path, folder)
        return
    parts = fields["assets"].struct_value.fields if "assets" in fields else {}
    for name in sorted(parts, key=lambda name: name.encode("utf-8", "surrogatepass")):
        part = parts[name]
        try:
            if signature(part) == ASSET:
                yield _asset(part.struct_value.fields, name, folder)
                continue
            for member in _members(part, folder):
                yield Member(clean(f"{name}/{member.name}"), member.size, member.read)
        except ContentsError as error:
            what = "archive asset" if signature(part) == ASSET else "sub-archive"
            raise ContentsError(f"failed to expand {what} '{name}': {error}", error.missing) from None


def _of_folder(path: str, folder: Path) -> Iterator[Member]:
    """The files below a folder, names in the order of their bytes.

    A link to a file counts as that file, a link to a folder as nothing, the folder itself included.
    """
    full = os.path.join(folder, path)  # noqa: PTH118 (a slash at the end means something: it follows a link)
    full = full if os.path.isabs(path) else os.path.normpath(full)  # noqa: PTH117
    try:
        is_folder = stat.S_ISDIR(os.stat(full).st_mode)  # noqa: PTH116
    except OSError as error:
        reason = said("stat", path, error)
        raise ContentsError(f"couldn't read archive path '{path}': {reason}", missing=path) from None
    if not is_folder:
        raise ContentsError(f"'{path}' is neither a recognized archive type nor a directory")
    try:
        yield from _walk(full, "", path, folder)
    except OSError as error:
        named = os.path.relpath(os.fsdecode(error.filename or full), full)
        raise ContentsError(said("stat", f"{path}/{named}", error)) from None


def _walk(full: str, name: str, source: str, folder: Path) -> Iterator[Member]:
    if os.path.basename(full) == _BOOKKEEPING:  # noqa: PTH119
        return
    status = os.lstat(full)
    if stat.S_ISDIR(status.st_mode):
        for inner in sorted(os.listdir(full), key=os.fsencode):  # noqa: PTH208
            yield from _walk(f"{full.rstrip('/')}/{inner}", f"{name}/{inner}" if name else inner, source, folder)
        return
    if stat.S_ISLNK(status.st_mode) and stat.S_ISDIR(os.stat(full).st_mode):  # noqa: PTH116
        return
    yield _file(f"{source}/{name}", name, folder)
