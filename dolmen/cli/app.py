"""The command: collects the verbs, each of which lies in a file of its own."""

from __future__ import annotations

import importlib
import sys
from typing import Annotated

import typer

from dolmen.cli.exit_codes import HELP, ExitCode

VERBS = ("plan", "gate", "doctor", "env check", "env render", "prices refresh")
"""`env check` is the function `check` of `env_check.py`. A file imports what it needs when it runs: all are loaded."""
GROUPS = {
    "env": "The application environment: check its variables, and render what the platform gives.",
    "prices": "The list prices that estimates count with.",
}

app = typer.Typer(
    name="dolmen",
    help="See what a change does to the databases of every stack, before any credential is used.",
    epilog=HELP,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_groups = {name: typer.Typer(no_args_is_help=True, help=help) for name, help in GROUPS.items()}
for _name, _group in _groups.items():
    app.add_typer(_group, name=_name)
for _verb in VERBS:
    _words = _verb.split()
    _function = getattr(importlib.import_module(f"dolmen.cli.{'_'.join(_words)}"), _words[-1])
    (_groups[_words[0]] if len(_words) > 1 else app).command(_words[-1], epilog=HELP)(_function)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"dolmen {version('dolmen')}")
        except PackageNotFoundError:
            typer.echo("dolmen (from a checkout)")
        raise typer.Exit


@app.callback()
def _root(  # pyright: ignore[reportUnusedFunction]  (typer calls it)
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    pass


def run() -> None:
    from dolmen.review.formats.parts.clean import hides, visible

    for argument in filter(hides, sys.argv[1:]):  # before the parser repeats it in an error
        sys.stderr.write(f"An argument holds what cannot be seen: {visible(argument)}. Leave that out.\n")
        sys.exit(ExitCode.WRONG_INPUT)
    try:
        app(prog_name="dolmen")
    except KeyboardInterrupt:
        sys.exit(130)
