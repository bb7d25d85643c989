"""`dolmen env check`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from dolmen.appenv.definition import Part, Tier, definition
from dolmen.cli.exit_codes import ExitCode
from dolmen.cli.files import refused, text_of


def check(
    file: Annotated[Path | None, typer.Option(help="An environment file. Default: .env in this folder.")] = None,
    process: Annotated[bool, typer.Option("--process", help="Check the environment of this process instead.")] = False,
    tier: Annotated[Tier, typer.Option(help="What the environment is for.")] = Tier.PRODUCTION,
    iam: Annotated[
        bool, typer.Option("--iam", help="The application logs in to the cache with IAM, not a password.")
    ] = False,
    without: Annotated[
        list[Part] | None, typer.Option(help="What the application does not use; may stand several times.")
    ] = None,
) -> None:
    """Check an application's environment: names, types, URI encoding, TLS, retried and acknowledged writes.

    Lists every problem at once and prints no value, ever.
    """
    from dolmen.appenv.check import problems
    from dolmen.appenv.dotenv import Entry, parse
    from dolmen.stackfile import Problem, StackFileError

    if process and file is not None:
        raise refused("Choose --process or --file, not both.")
    if process:
        entries = {name: Entry(value) for name, value in os.environ.items()}
        name, found = "The environment of this process", list[Problem]()
    else:
        path = file or Path(".env")
        if not path.is_file():
            raise refused(f"{path} is not a file. Name one with --file, or check this process with --process.")
        name, (entries, found) = str(path), parse(text_of(path))
    kept = definition()
    parts = [part for part in Part if part not in (without or ())]
    found += problems(entries, kept, tier=tier, parts=parts, cache_login_with_iam=iam)
    if found:
        typer.echo(str(StackFileError(name, found)), err=True)
        raise typer.Exit(ExitCode.WRONG_INPUT)
    typer.echo(
        f"{name} has what an application needs: {sum(one.belongs_to(parts) for one in kept.variables)} variables, tier {tier}."
    )
