"""`dolmen prices refresh`: the arguments."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def refresh(
    region: Annotated[
        list[str] | None, typer.Option(help="A region, in place of those that the stack files name. Repeatable.")
    ] = None,
    copies: Annotated[
        Path | None,
        typer.Option("--from", metavar="FOLDER", help="Read copies of AWS's offer files (*.json) in this folder."),
    ] = None,
    atlas_focus: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Read Atlas's list prices from a FOCUS report of your own (CSV), too."),
    ] = None,
    aws: Annotated[bool, typer.Option("--aws/--no-aws", help="Read AWS's prices; else those of the file stay.")] = True,
    address: Annotated[
        str | None, typer.Option(metavar="URL", help="Another server of AWS's offer files. Default: AWS's own.")
    ] = None,
    timeout: Annotated[float, typer.Option(min=1, max=3600, help="Seconds to wait for a server's next byte.")] = 60,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to write. Default: list-prices.yaml beside the stack files."),
    ] = None,
    project: Annotated[
        Path, typer.Option("--project", "-C", help="Folder of the Pulumi project, or one below it.")
    ] = Path(),
) -> None:
    """Read the list prices of your regions anew, without an account, and write them down for estimates.

    Shows which prices changed; the file is reviewed and committed like any other. On failure nothing is written.
    """
    from dolmen.cli.refreshing import RefreshOptions, run

    options = RefreshOptions(tuple(region or ()), copies, atlas_focus, aws, address, timeout, output, project)
    raise typer.Exit(run(options))
