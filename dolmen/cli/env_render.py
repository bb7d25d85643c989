"""`dolmen env render`."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dolmen.appenv.definition import Tier, definition
from dolmen.cli.files import refused, text_of

if TYPE_CHECKING:
    from dolmen.appenv.sources import Given


class Rendering(StrEnum):
    DOTENV = "dotenv"
    ECS = "ecs"
    EXTERNAL_SECRETS = "external-secrets"
    JSON_SCHEMA = "json-schema"
    MARKDOWN = "markdown"


def render(
    format: Annotated[Rendering, typer.Option(help="How to write it.")] = Rendering.DOTENV,
    application: Annotated[str | None, typer.Option(help="The application, where a stack has several.")] = None,
    outputs: Annotated[
        Path | None,
        typer.Option(help="The stack's outputs, from `pulumi stack output --json`; - reads them from standard input."),
    ] = None,
    tier: Annotated[Tier, typer.Option(help="What the environment is for.")] = Tier.PRODUCTION,
) -> None:
    """Write what the platform gives an application: from a stack's outputs, or with examples in their place.

    Secrets are named and never read, so the result may be committed.
    """
    from dolmen.appenv.render import RENDERINGS

    typer.echo(RENDERINGS[format](definition(), _given(outputs, application), tier), nl=False)


def _given(outputs: Path | None, application: str | None) -> Given:
    from dolmen.appenv.sources import StackOutputError, examples, from_outputs

    if outputs is None:
        return examples(definition(), application or "<application>")
    try:
        return from_outputs(sys.stdin.read() if str(outputs) == "-" else text_of(outputs), application)
    except StackOutputError as error:
        raise refused(f"{outputs}: {error}") from None
