"""Writes the headers of a tar stream byte for byte as Go does.

The hash of an archive is that of a stream that Pulumi's engine writes with Go's `archive/tar`. Python's `tarfile` writes
the same files with other device numbers and other names for long paths.
Source: https://github.com/golang/go/blob/go1.25.0/src/archive/tar/writer.go
"""

from __future__ import annotations

BLOCK = 512
END = bytes(2 * BLOCK)
_NAME, _PREFIX = 100, 155
_MODE = 0o600
"""What the engine gives every file of an archive, so that its hash doesn't depend on the machine."""


def padding(size: int) -> bytes:
    return bytes(-size % BLOCK)


def header(name: bytes, size: int) -> bytes:
    """What stands before a file's bytes."""
    if name.isascii() and len(name) <= _NAME:
        return _file(name, size)
    if (split := _split(name)) is not None:
        prefix, suffix = split
        return _file(suffix, size, prefix)
    folder, _, file = name.rpartition(b"/")
    record = _record(b"path", name)
    extended = _clean(b"/".join(part for part in (folder, b"PaxHeaders.0", file) if part))
    before = _block(_ascii(extended)[:_NAME].rstrip(b"/"), 0, len(record), b"x", b"", devices=False)
    return before + record + padding(len(record)) + _file(_cut(_ascii(name)), size)


def _file(name: bytes, size: int, prefix: bytes = b"") -> bytes:
    return _block(name, _MODE, size, b"0", prefix, devices=True)


def _block(name: bytes, mode: int, size: int, kind: bytes, prefix: bytes, *, devices: bool) -> bytes:
    device = _octal(0, 8) if devices else bytes(8)
    start = name.ljust(_NAME, b"\0") + _octal(mode, 8) + _octal(0, 8) + _octal(0, 8) + _octal(size, 12) + _octal(0, 12)
    end = kind + bytes(100) + b"ustar\x0000" + bytes(64) + device + device + prefix.ljust(_PREFIX, b"\0")
    end = end.ljust(BLOCK - len(start) - 8, b"\0")
    return start + _octal(sum(start) + sum(end) + 8 * ord(" "), 7) + b" " + end


def _octal(number: int, width: int) -> bytes:
    return f"{number:0{width - 1}o}".encode() + b"\0"


def _split(name: bytes) -> tuple[bytes, bytes] | None:
    """A long path in two parts that fit, if there is such a place."""
    if not name.isascii():
        return None
    at = name[: _PREFIX + 1].rfind(b"/")
    return (name[:at], name[at + 1 :]) if at > 0 and 0 < len(name) - at - 1 <= _NAME else None


def _record(key: bytes, value: bytes) -> bytes:
    """A line that begins with its own length."""
    rest = b" " + key + b"=" + value + b"\n"
    length = len(rest)
    length = len(rest) + len(str(length + len(str(length))))
    line = str(length).encode() + rest
    return line if len(line) == length else str(len(line)).encode() + rest


def _ascii(name: bytes) -> bytes:
    return bytes(byte for byte in name if byte < 0x80)


def _cut(name: bytes) -> bytes:
    """A name that is too long, and never one that looks like a folder's."""
    if len(name) > _NAME and name[_NAME - 1 : _NAME] == b"/":
        return name[: _NAME - 1].rstrip(b"/")
    return name[:_NAME]


def _clean(path: bytes) -> bytes:
    return path.replace(b"//", b"/")
