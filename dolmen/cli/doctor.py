"""`dolmen doctor`: the arguments, and how what was found is written."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dolmen.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dolmen.cli.machine import Condition

VERSION = 1
"""Of the JSON."""


class Form(StrEnum):
    TERMINAL = "terminal"
    JSON = "json"


def doctor(
    project: Annotated[
        Path, typer.Option("--project", "-C", help="Folder of the Pulumi project, or one below it.")
    ] = Path(),
    format: Annotated[Form, typer.Option(help="How to write it.")] = Form.TERMINAL,
) -> None:
    """Say what this machine has for plans and reviews, and which protections hold on it.

    Exits with 1 when something prevents work; a protection that does not hold prevents none.
    """
    from dolmen.cli.log_commands import json_without_commands, without_commands
    from dolmen.cli.machine import State, tools
    from dolmen.cli.protected import protections
    from dolmen.review.formats.parts.clean import json_text

    found, held = tools(project.resolve()), protections()
    stops = any(one.state is State.STOPS for one in (*found, *held))
    if format is Form.JSON:
        document = {
            "version": VERSION,
            "ready": not stops,
            "tools": [one.to_json() for one in found],
            "protections": [one.to_json() for one in held],
        }
        typer.echo(json_without_commands(json_text(document, indent=1)))
    else:
        typer.echo(without_commands("\n".join(_lines(found, held))))
    raise typer.Exit(ExitCode.STOPPED if stops else ExitCode.DONE)


def _lines(found: Sequence[Condition], held: Sequence[Condition]) -> Iterator[str]:
    from dolmen.cli.machine import State
    from dolmen.review.formats.parts.clean import visible

    for title, some in (("", found), ("Programs are closed in:", held)):
        if title and some:
            yield from ("", title)
        for one in some:
            mark = {State.OK: " ", State.MISSING: "–", State.STOPS: "✗"}[one.state]
            yield f"{mark} {one.name:<14}{visible(one.said)}"
            if one.remedy:
                yield f"  {'':<14}{visible(one.remedy)}"
