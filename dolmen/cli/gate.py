"""`dolmen gate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dolmen.cli.exit_codes import ExitCode


def gate(
    reviewed: Annotated[
        Path, typer.Argument(metavar="REVIEWED.json", help="From `dolmen plan --base … --format json`.")
    ],
    second: Annotated[
        Path,
        typer.Argument(
            metavar="PREVIEW.json", help="From `pulumi preview --json`; or a review that was made anew, after a merge."
        ),
    ],
    project: Annotated[
        Path, typer.Option("--project", "-C", help="Folder of the Pulumi project that is deployed, or one below it.")
    ] = Path(),
    max_not_compared: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="How many values may stay uncompared. Default: none that the review knows, 100 that it does not.",
        ),
    ] = None,
) -> None:
    """Stop a deployment that would do more than was reviewed, or that is of another tree."""
    from dolmen.cli.log_commands import without_commands
    from dolmen.review.formats.parts.clean import one_line
    from dolmen.review.gate import GateInputError, text
    from dolmen.review.gate import gate as judge

    try:
        if not project.is_dir():
            raise GateInputError(f"{project} is no folder; name the one of the project that is deployed.")
        verdict = judge(reviewed, second, project, max_not_compared)
    except GateInputError as error:
        typer.echo(without_commands(one_line(str(error))), err=True)
        raise typer.Exit(ExitCode.WRONG_INPUT) from None
    typer.echo(without_commands(text(verdict)), err=bool(verdict.more), nl=False)
    raise typer.Exit(ExitCode.STOPPED if verdict.more else ExitCode.DONE)
