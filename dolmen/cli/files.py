"""Files that a person names: text of a sensible size, or one line that says what is wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import typer

from dolmen.cli.exit_codes import ExitCode

LARGEST = 1_000_000
"""Bytes. An environment has some kilobytes (Linux itself allows 128 KiB for one variable)."""


def text_of(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        raise refused(f"{path} cannot be read: {error.strerror}.") from None
    if len(content) > LARGEST:
        raise refused(f"{path} is larger than {LARGEST:,} bytes: that is more than anybody writes by hand.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise refused(f"{path} is not text in UTF-8.") from None


def unwritable(path: Path) -> Iterator[str]:
    """Why a file that --output names cannot be written."""
    folder = path.parent
    if path.is_dir():
        yield f"{path} is a folder: name a file in it for --output."
    elif not folder.is_dir():
        yield f"{path} cannot be written: there is no folder {folder}."
    elif not os.access(path if path.exists() else folder, os.W_OK):
        yield f"{path} cannot be written: permission denied."


def write_at_once(path: Path, text: str) -> None:
    """Write a file whole, or leave what is there. Raises `OSError`."""
    target = path.resolve()
    new = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        with new.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)


def refused(message: str) -> typer.Exit:
    """To be raised: the line is on standard error."""
    typer.echo(message, err=True)
    return typer.Exit(ExitCode.WRONG_INPUT)
