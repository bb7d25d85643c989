"""Files that a person names: text of a sensible size, or one line that says what is wrong."""

from __future__ import annotations

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


def refused(message: str) -> typer.Exit:
    """To be raised: the line is on standard error."""
    typer.echo(message, err=True)
    return typer.Exit(ExitCode.WRONG_INPUT)
