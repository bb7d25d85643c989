"""The commands and their options."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from dolmen.contract.command import app as environment

app = typer.Typer(
    name="dolmen",
    help="See what a change does to every environment's databases, before any credential is used.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(environment, name="env", help="The application's environment: check it, and render what it gets.")


app.add_typer(
    environment, name="env", help="Check an application's environment, and render what the platform gives it."
)


@app.callback()
def _root(  # pyright: ignore[reportUnusedFunction]  (typer calls it)
    version: Annotated[bool, typer.Option("--version", help="Show the version and stop.", is_eager=True)] = False,
) -> None:
    if version:
        from importlib.metadata import PackageNotFoundError
        from importlib.metadata import version as installed

        try:
            typer.echo(f"dolmen {installed('dolmen')}")
        except PackageNotFoundError:
            typer.echo("dolmen (from a checkout)")
        raise typer.Exit


@app.command()
def plan(
    stacks: Annotated[
        list[str] | None, typer.Argument(metavar="[STACK]...", help="Default: every stack with a file.")
    ] = None,
    project: Annotated[
        Path, typer.Option("--project", "-C", help="Folder of the Pulumi project, or one below it.")
    ] = Path(),
    json: Annotated[bool, typer.Option("--json", help="Print JSON (docs/reference/plan-json.md).")] = False,
    details: Annotated[bool, typer.Option("--details", help="Show every resource, not only components.")] = False,
    lookups: Annotated[
        Path | None, typer.Option(help="File with results of lookups (docs/reference/lookups.md).")
    ] = None,
    without_file: Annotated[bool, typer.Option("--without-file", help="Plan named stacks that have no file.")] = False,
    jobs: Annotated[int | None, typer.Option(min=1, help="Stacks evaluated at once. Default: one per core.")] = None,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds that one stack may take.")] = 60.0,
) -> None:
    """Show what each stack would create. Needs no account, no credentials and no network.

    Exit codes: 0 planned, 1 a program failed, 2 a stack file or an argument is wrong.
    """
    from dolmen.cli.plan_command import plan_command

    raise typer.Exit(
        plan_command(
            stacks or [],
            folder=project,
            as_json=json,
            details=details,
            lookups=lookups,
            without_file=without_file,
            jobs=jobs,
            timeout=timeout,
        )
    )


def run() -> None:
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
