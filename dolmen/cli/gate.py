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
    preview: Annotated[Path, typer.Argument(metavar="PREVIEW.json", help="From `pulumi preview --json`.")],
) -> None:
    """Stop a deployment that would do more than was reviewed."""
    from dolmen.review.gate import GateInputError, gate_text
    from dolmen.review.gate import gate as compare

    try:
        verdict = compare(reviewed, preview)
    except GateInputError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(ExitCode.WRONG_INPUT) from None
    typer.echo(gate_text(verdict), err=bool(verdict.more))
    raise typer.Exit(ExitCode.STOPPED if verdict.more else ExitCode.DONE)
