"""The commands and their options."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dolmen.appenv.command import app as environment

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


class Format(StrEnum):
    TERMINAL = "terminal"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"


class FailOn(StrEnum):
    DATA_LOSS = "data-loss"
    DOWNTIME = "downtime"
    REPLACEMENT = "replacement"
    POLICY = "policy"
    UNKNOWN = "unknown"


@app.command()
def plan(
    stacks: Annotated[
        list[str] | None, typer.Argument(metavar="[STACK]...", help="Default: every stack with a file.")
    ] = None,
    base: Annotated[str | None, typer.Option(metavar="REF", help="Compare with this commit's plans.")] = None,
    state: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Compare one stack with its `pulumi stack export`.")
    ] = None,
    format: Annotated[Format, typer.Option(help="How to print it.")] = Format.TERMINAL,
    json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file instead.")] = None,
    details: Annotated[bool, typer.Option("--details", help="Show every resource, not only components.")] = False,
    fail_on: Annotated[
        list[FailOn] | None, typer.Option("--fail-on", help="Exit with 1 when the change does this. Repeatable.")
    ] = None,
    no_policies: Annotated[
        bool, typer.Option("--no-policies", help="Leave out the project's own policy pack (policies/).")
    ] = False,
    project: Annotated[
        Path, typer.Option("--project", "-C", help="Folder of the Pulumi project, or one below it.")
    ] = Path(),
    lookups: Annotated[Path | None, typer.Option(help="File with results of lookups.")] = None,
    without_file: Annotated[bool, typer.Option("--without-file", help="Plan named stacks that have no file.")] = False,
    jobs: Annotated[int | None, typer.Option(min=1, help="Stacks evaluated at once. Default: one per core.")] = None,
    timeout: Annotated[
        float, typer.Option(min=1, envvar="DOLMEN_TIMEOUT", help="Seconds that one stack may take.")
    ] = 60.0,
) -> None:
    """Show what each stack would create, or with --base what a change would do to it.

    Needs no account, no credentials and no network. Exit codes: 0 planned, 1 a program failed or a gate closed, 2 a
    stack file or an argument is wrong.
    """
    from dolmen.cli.plan_command import Wanted, plan_command

    wanted = Wanted(
        stacks=tuple(stacks or ()),
        folder=project,
        base=base,
        state=state,
        form="json" if json else format.value,
        output=output,
        details=details,
        fail_on=tuple(item.value for item in fail_on or ()),
        policies=not no_policies,
        lookups=lookups,
        without_file=without_file,
        jobs=jobs,
        timeout=timeout,
    )
    raise typer.Exit(plan_command(wanted))


@app.command()
def gate(
    reviewed: Annotated[
        Path, typer.Argument(metavar="REVIEWED.json", help="From `dolmen plan --base … --format json`.")
    ],
    preview: Annotated[Path, typer.Argument(metavar="PREVIEW.json", help="From `pulumi preview --json`.")],
) -> None:
    """Stop a deployment that would do more than was reviewed.

    Exit codes: 0 the same or less, 1 more than was reviewed, 2 a file cannot be used.
    """
    from dolmen.review.gate import MORE, SAME, WRONG_INPUT, GateInputError, gate_text
    from dolmen.review.gate import gate as compare

    try:
        verdict = compare(reviewed, preview)
    except GateInputError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_INPUT) from None
    typer.echo(gate_text(verdict), err=bool(verdict.more))
    raise typer.Exit(MORE if verdict.more else SAME)


def run() -> None:
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
