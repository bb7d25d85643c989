"""From the options of `dolmen prices refresh` to the file that is written."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from dolmen.cli.exit_codes import ExitCode
from dolmen.cli.files import unwritable, write_at_once
from dolmen.cli.log_commands import without_commands
from dolmen.cli.project import find_project
from dolmen.engine.project import Project, RefusedError, stack_file, stack_names
from dolmen.prices import aws, document, rules
from dolmen.prices.difference import difference, lines
from dolmen.prices.download import from_file, refusal
from dolmen.prices.focus_report import Range, read_focus
from dolmen.prices.model import Key, PriceList, PriceListError
from dolmen.prices.regions import regions_of
from dolmen.review.cost.price_file import shipped
from dolmen.review.cost.prices import Kind
from dolmen.review.formats.parts.clean import visible_lines
from dolmen.review.formats.parts.console import console
from dolmen.stackfile import StackFileError


@dataclass(frozen=True, slots=True)
class RefreshOptions:
    regions: tuple[str, ...]
    copies: Path | None
    atlas_focus: Path | None
    aws: bool
    address: str | None
    timeout: float
    output: Path | None
    project: Path


def run(options: RefreshOptions) -> ExitCode:
    try:
        if refused := list(_refusals(options)):
            raise PriceListError("\n".join(refused))
        project = find_project(options.project.resolve()) if not options.regions or options.output is None else None
        output = options.output or _beside_the_stacks(project)
        regions = frozenset(options.regions) or _regions(project)
        before = document.written(output)
        now = _read(options, regions).over(before)
        _write(output, document.text(now, datetime.datetime.now(datetime.UTC).date()))
    except (PriceListError, RefusedError, StackFileError) as error:
        sys.stderr.write(without_commands(f"{visible_lines(str(error))}\n"))
        return ExitCode.WRONG_INPUT
    found = difference(lambda key: before.prices[key].usd if key in before.prices else _shipped(key), before, now)
    said = "\n".join([f"{output}: {', '.join(sorted(regions))}", *lines(found, now)])
    sys.stdout.write(without_commands(f"{visible_lines(said)}\n"))
    return ExitCode.DONE


def _refusals(options: RefreshOptions) -> Iterator[str]:
    """What is wrong with the options, before anything is read."""
    for region in options.regions:
        if not rules.REGION.fullmatch(region):
            yield f"{region!r} is no region of AWS: write one as `ap-northeast-2`."
    if not options.aws and options.atlas_focus is None:
        yield "--no-aws leaves nothing to read: name a report by --atlas-focus, or leave --no-aws out."
    given = [name for name, value in (("--from", options.copies), ("--address", options.address)) if value is not None]
    if len(given) > 1:
        yield "AWS's prices come from a folder or from a server: give --from or --address, not both."
    elif given and not options.aws:
        yield f"{given[0]} is about AWS's prices, which --no-aws leaves alone: leave one of them out."
    if options.address is not None and (why := refusal(options.address)):
        yield f"Prices are not read from the address that --address gives: {why}."
    if options.copies is not None and not options.copies.is_dir():
        yield f"{options.copies} is no folder: --from names one with copies of AWS's offer files."
    if options.atlas_focus is not None and not options.atlas_focus.is_file():
        yield f"{options.atlas_focus} is no file: --atlas-focus names a FOCUS report in CSV."
    if options.output is not None:
        yield from unwritable(options.output)


def _beside_the_stacks(project: Project | None) -> Path:
    assert project is not None, "a project is looked for where no output is named"
    path = project.stack_folder / document.FILE
    if refused := list(unwritable(path)):
        raise RefusedError("\n".join(refused))
    return path


def _regions(project: Project | None) -> frozenset[str]:
    assert project is not None, "a project is looked for where no region is named"
    files = [stack_file(project, name) for name in stack_names(project)]
    if found := regions_of([*files, project.folder / f"Pulumi{project.suffix}"]):
        return found
    raise RefusedError("No stack file names a region, such as `aws:region: ap-northeast-2`: name one by --region.")


def _read(options: RefreshOptions, regions: frozenset[str]) -> PriceList:
    found = PriceList()
    with _watched() as watching:
        if options.atlas_focus is not None:
            try:
                with from_file(options.atlas_focus, watching(options.atlas_focus.name)) as stream:
                    found = read_focus(stream, rules.focus(), regions, _in_us_east_1)
            except PriceListError as error:
                raise PriceListError(f"{options.atlas_focus}: {error}") from None
        if options.copies is not None:
            found = aws.read_from_folder(options.copies, regions, watching).over(found)
        elif options.aws:
            server = (options.address or rules.address()).rstrip("/")
            found = aws.read_from_server(server, regions, watching, options.timeout).over(found)
    return found


def _write(output: Path, text: str) -> None:
    try:
        write_at_once(output, text)
    except OSError as error:
        raise PriceListError(f"{output} cannot be written: {error.strerror}. It is as it was.") from None


@contextmanager
def _watched() -> Generator[aws.Watching]:
    """What is being read and how far, on a terminal."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn())
    shown = console(sys.stderr)
    with Progress(*columns, console=shown, transient=True, disable=not sys.stderr.isatty()) as progress:

        def watching(name: str) -> aws.Progress:
            task = progress.add_task(visible_lines(name), total=None)
            return lambda read, size: progress.update(task, completed=read, total=size)

        yield watching


def _in_us_east_1(item: str) -> Range | None:
    known = shipped().find(item, "us-east-1")
    return None if known is None else (Decimal(str(known.amount.low)), Decimal(str(known.amount.high)))


def _shipped(key: Key) -> Decimal | None:
    """A price of the list that Dolmen brings, where it has one number."""
    known = shipped().find(*key)
    return None if known is None or known.kind not in (Kind.LIST, Kind.DERIVED) else Decimal(str(known.amount.low))
