"""`dolmen plan`: the arguments."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dolmen.review import formats
from dolmen.review.fail_on import FailOn, read_asked

if TYPE_CHECKING:
    Format = str
else:
    Format = StrEnum("Format", {name.upper(): name for name in formats.names()})


def _asked(text: str) -> str:
    try:
        read_asked(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return text


def plan(
    stacks: Annotated[
        list[str] | None, typer.Argument(metavar="[STACK]...", help="Default: every stack with a file.")
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(metavar="REF", help="Compare with the commit where HEAD left this one: their merge base."),
    ] = None,
    base_exact: Annotated[
        bool, typer.Option("--base-exact", help="Compare with the very commit that --base names.")
    ] = False,
    base_sdist: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A package of the base's lock that may be built from its source distribution: its code runs here, "
            "not closed in. Repeatable; :all: for any.",
        ),
    ] = None,
    state: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Compare one stack with its `pulumi stack export`.")
    ] = None,
    format: Annotated[Format | None, typer.Option(help="How to write it. Default: terminal.")] = None,
    json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file instead.")] = None,
    details: Annotated[bool, typer.Option("--details", help="Show every resource, not only components.")] = False,
    cost: Annotated[
        bool, typer.Option("--cost", help="Show every line of the cost, with its rule and source.")
    ] = False,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            "--fail-on",
            metavar="EFFECT",
            parser=_asked,
            help=f"Exit with 1 when the change does this. Repeatable. {', '.join(FailOn)}; cost>200 (USD a month) or "
            "cost>20%: what all stacks together cost more, at worst.",
        ),
    ] = None,
    accept_new: Annotated[
        bool,
        typer.Option(
            "--accept-new", help="Let acceptances count that the change itself brings: where an owner agreed."
        ),
    ] = False,
    no_policies: Annotated[
        bool, typer.Option("--no-policies", help="Leave out the project's own policy pack (policies/).")
    ] = False,
    project: Annotated[
        Path, typer.Option("--project", "-C", help="Folder of the Pulumi project, or one below it.")
    ] = Path(),
    lookups: Annotated[Path | None, typer.Option(help="File with results of lookups.")] = None,
    env: Annotated[
        list[str] | None,
        typer.Option("--env", metavar="NAME", help="Let programs see this variable, as a secret. Repeatable."),
    ] = None,
    trust: Annotated[
        bool, typer.Option("--trust", help="Run a virtual environment even where the change can have brought it.")
    ] = False,
    without_file: Annotated[bool, typer.Option("--without-file", help="Plan named stacks that have no file.")] = False,
    jobs: Annotated[int | None, typer.Option(min=1, help="Stacks evaluated at once. Default: one per core.")] = None,
    timeout: Annotated[
        float, typer.Option(min=1, envvar="DOLMEN_TIMEOUT", help="Seconds that one stack may take.")
    ] = 60.0,
    no_cache: Annotated[
        bool,
        typer.Option("--no-cache", help="Evaluate everything anew: neither take plans that are kept, nor keep any."),
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on, and plan or review again at each save.")] = False,
) -> None:
    """Show what each stack would create, or with --base what a change would do to it.

    Needs no account, no credentials and no network.
    """
    from dolmen.cli.plan_options import PlanOptions
    from dolmen.cli.planning import run

    options = PlanOptions(
        stacks=tuple(stacks or ()),
        folder=project,
        base=base,
        base_exact=base_exact,
        sdists=tuple(base_sdist or ()),
        state=state,
        format=format,
        json=json,
        output=output,
        details=details,
        cost=cost,
        fail_on=frozenset(map(read_asked, fail_on or ())),
        accept_new=accept_new,
        policies=not no_policies,
        lookups=lookups,
        passed=tuple(env or ()),
        trust=trust,
        without_file=without_file,
        jobs=jobs,
        timeout=timeout,
        keep=not no_cache,
        watch=watch,
    )
    raise typer.Exit(run(options))
