"""`dolmen env`: check an application's environment, and render what the contract gives it.

What a command needs is imported when it runs: the other commands load this module too.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dolmen.appenv.definition import Tier, definition

if TYPE_CHECKING:
    from dolmen.appenv.dotenv import Entry
    from dolmen.appenv.sources import Given

LARGEST_FILE = 1_000_000
"""Bytes. An environment has some kilobytes (Linux itself allows 128 KiB for one variable)."""
FORMATS = ("dotenv", "ecs", "external-secrets", "json-schema", "markdown")
OK, BROKEN = 0, 2
"""Exit codes: the contract is kept; it is broken, or what was asked for cannot be read."""

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.command()
def check(
    file: Annotated[Path | None, typer.Option(help="An environment file. Default: .env in this folder.")] = None,
    process: Annotated[bool, typer.Option("--process", help="Check the environment of this process instead.")] = False,
    tier: Annotated[Tier, typer.Option(help="What the environment is for.")] = Tier.PRODUCTION,
    iam: Annotated[
        bool, typer.Option("--iam", help="The application logs in to the cache with IAM, not a password.")
    ] = False,
) -> None:
    """Check an environment against the contract: names, types, URI encoding, TLS, retried and acknowledged writes.

    Lists every problem at once and prints no value, ever. Exit code 0 when the contract is kept, 2 when it is not.
    """
    from dolmen.appenv.check import problems
    from dolmen.appenv.dotenv import parse
    from dolmen.stackfile import Problem, StackFileError

    if process and file is not None:
        raise _refused("Choose --process or --file, not both.")
    if process:
        name, entries, found = "The environment of this process", _of_process(os.environ), list[Problem]()
    else:
        path = file or Path(".env")
        name, (entries, found) = str(path), parse(_text(path))
    kept = definition()
    found += problems(entries, kept, tier=tier, cache_login_with_iam=iam)
    if found:
        typer.echo(str(StackFileError(name, found)), err=True)
        raise typer.Exit(BROKEN)
    typer.echo(f"{name} keeps the contract: {len(kept.variables)} variables, tier {tier}.")


@app.command()
def render(
    format: Annotated[str, typer.Option(help=f"One of {', '.join(FORMATS)}.")] = "dotenv",
    application: Annotated[str | None, typer.Option(help="The application, where a stack has several.")] = None,
    outputs: Annotated[
        Path | None,
        typer.Option(help="The stack's outputs, from `pulumi stack output --json`; - reads them from standard input."),
    ] = None,
    tier: Annotated[Tier, typer.Option(help="What the environment is for.")] = Tier.PRODUCTION,
) -> None:
    """Write what the contract gives an application: from a stack's outputs, or with examples in their place.

    Secrets are named and never read, so the result may be committed.
    """
    from dolmen.appenv.render import RENDERINGS

    if format not in FORMATS:
        raise _refused(f"There is no format {format}: choose {', '.join(FORMATS)}.")
    typer.echo(RENDERINGS[format](definition(), _given(outputs, application), tier), nl=False)


def _given(outputs: Path | None, application: str | None) -> Given:
    from dolmen.appenv.sources import StackOutputError, examples, from_outputs

    if outputs is None:
        return examples(definition(), application or "<application>")
    try:
        return from_outputs(sys.stdin.read() if str(outputs) == "-" else _text(outputs), application)
    except StackOutputError as error:
        raise _refused(f"{outputs}: {error}") from None


def _of_process(environment: Mapping[str, str]) -> dict[str, Entry]:
    from dolmen.appenv.dotenv import Entry

    return {name: Entry(value) for name, value in environment.items()}


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise _refused(f"{path} is not a file. Name one with --file, or check this process with --process.")
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise _refused(f"{path} cannot be read: {error.strerror}.") from None
    if len(content) > LARGEST_FILE:
        raise _refused(f"{path} is larger than {LARGEST_FILE:,} bytes: this is no environment file.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise _refused(f"{path} is not text in UTF-8.") from None


def _refused(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(BROKEN)
