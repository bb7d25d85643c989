"""The register of acceptances, `accepted.yaml` in the folder of the stack files.

```yaml
accepted:
  - what: elasticache-own-key     # a policy's or stack check's id, or an effect of a change: one of EFFECTS
    stack: production
    resource: chat-prod-cache     # the resource's name or URN; * stands for any characters
    reason: The cache holds nothing that cannot be made again.
    until: 2027-05-31             # the last day on which it counts, at most a year ahead
```

It counts in the loader of stack files, in `dolmen plan`, in a review and its `--fail-on`, and in the policy pack under
`pulumi preview --policy-pack`. What can be accepted is known to those who judge, so an unknown `what` is a problem only
where the caller says what there is.
"""

from __future__ import annotations

import contextlib
import datetime
import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dolmen.stackfile.document import Document, read, read_text
from dolmen.stackfile.problems import KeyPath, Problem, StackFileError, shown
from dolmen.stackfile.project_file import stack_file

FILE = "accepted.yaml"
EFFECTS = ("data-loss", "downtime", "replacement", "unknown", "protection", "failure")
"""What a change may do that can be accepted; all else is the id of a policy or stack check."""
LONGEST_DAYS = 366
SHORTEST_REASON, LONGEST_REASON = 10, 500
_KEYS = {
    "what": "Write the id that the message names, such as elasticache-own-key, or an effect of a change.",
    "stack": "Write the stack's name: `production`.",
    "resource": "Write the resource's name or URN; `*` stands for any characters.",
    "reason": "Write why it is right, and who agreed.",
    "until": "Write the last day on which it counts, such as 2027-01-31.",
}
"""Key → the remedy where it is missing."""
_NO_KEY = "There is no such key here."
_NO_WHAT = "There is no policy, stack check or effect of this name."


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What somebody accepts for one stack, on record, for a reason and until a day."""

    what: str
    stack: str
    resource: str
    reason: str
    until: datetime.date
    """The last day on which it counts."""
    file: str = FILE
    line: int = 0

    def fits(self, what: str, stack: str, resource: str) -> bool:
        """Whether it is about this resource, which is given by its URN, or by its name where that is all that is known."""
        if what != self.what or stack != self.stack:
            return False
        pattern, name = self.resource, resource.rpartition("::")[2]
        if name == resource:
            pattern = pattern.rpartition("::")[2]
        return any(_pattern(pattern).fullmatch(one) for one in (resource, name))

    def counts(self, today: datetime.date) -> bool:
        return today <= self.until

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"


def this_day() -> datetime.date:
    """The day by which acceptances and generations are judged, everywhere the same. A kept plan serves for one day."""
    return datetime.datetime.now(datetime.UTC).date()


def acceptance_of(
    acceptances: Iterable[Acceptance], what: str, stack: str, resource: str, today: datetime.date
) -> Acceptance | None:
    """The acceptance that counts for a resource; an expired one where no other fits."""
    fitting = [one for one in acceptances if one.fits(what, stack, resource)]
    return next((one for one in fitting if one.counts(today)), fitting[0] if fitting else None)


def accepted_file(project: Path) -> Path:
    """The register of the project in a folder, whether it exists or not."""
    return stack_file(project, "any").with_name(FILE)


_IN_EFFECT: dict[Path, tuple[Acceptance, ...]] = {}
"""Registers → what of them counts, in a process that evaluates for somebody who decided that."""


def put_in_effect(projects: Iterable[Path], entries: Iterable[Acceptance]) -> None:
    """Let these entries count in this process, whatever the registers of these projects say."""
    decided = tuple(entries)
    for project in projects:
        with contextlib.suppress(StackFileError):  # without a project file there is no register to read
            _IN_EFFECT[accepted_file(project).resolve()] = decided


def _known_only(entries: tuple[Acceptance, ...], known: Collection[str] | None) -> tuple[Acceptance, ...]:
    otherwise = "Write the id that the message names, or an effect."
    problems = [
        Problem(
            ("accepted",), _NO_WHAT, _meant(one.what, [*known, *EFFECTS], otherwise), shown((), one.what), one.line, 1
        )
        for one in entries
        if known is not None and one.what not in (*known, *EFFECTS)
    ]
    if problems:
        raise StackFileError(entries[0].file, problems)
    return entries


def read_acceptances(
    path: Path, known: Collection[str] | None = None, today: datetime.date | None = None
) -> tuple[Acceptance, ...]:
    """The acceptances in a file; an absent file has none.

    `known`: the ids of all policies and stack checks; without it any id is taken. Raises `StackFileError`, which lists
    every problem.
    """
    if (decided := _IN_EFFECT.get(path.resolve())) is not None:
        return _known_only(decided, known)
    if not (path.exists() or path.is_symlink()):
        return ()
    name = f"{path.parent.name}/{path.name}"
    return _checked(read(path, name, key="accepted"), _stacks(path.parent), known, today)


def parse_acceptances(text: str, name: str, stacks: Collection[str]) -> tuple[Acceptance, ...]:
    """The acceptances in a register's text, beside the files of these stacks. Raises `StackFileError`."""
    return _checked(read_text(text, name, key="accepted"), sorted(stacks))


def _checked(
    document: Document,
    stacks: Sequence[str],
    known: Collection[str] | None = None,
    today: datetime.date | None = None,
) -> tuple[Acceptance, ...]:
    check = _Check(document, known, today or this_day(), stacks)
    problems = [_placed(document, problem) for problem in check.problems()]
    if problems:
        raise StackFileError(document.name, problems)
    return tuple(_acceptance(row, document, index) for index, row in enumerate(document.values.get("accepted") or ()))


def _acceptance(row: Mapping[str, str], document: Document, index: int) -> Acceptance:
    place = document.place(("accepted", index))
    return Acceptance(
        row["what"],
        row["stack"],
        row["resource"],
        " ".join(row["reason"].split()),
        datetime.date.fromisoformat(_day_text(row["until"])),
        document.name,
        place.line if place else 0,
    )


@dataclass(frozen=True)
class _Check:
    """What is wrong with a register."""

    document: Document
    known: Collection[str] | None
    today: datetime.date
    stacks: Sequence[str]

    def problems(self) -> Iterator[Problem]:
        for key in self.document.values:
            if key != "accepted":
                yield Problem((key,), _NO_KEY, "The file has one key, `accepted`.")
        given: Any = self.document.values.get("accepted")
        if given is not None and not isinstance(given, list):
            yield Problem(("accepted",), "A list is expected here.", "Write an entry for each thing that is accepted.")
            return
        rows: list[Any] = given or []
        seen: dict[tuple[str, ...], int] = {}
        for index, row in enumerate(rows):
            path: KeyPath = ("accepted", index)
            if not isinstance(row, dict):
                yield Problem(path, "An entry is a mapping.", f"Write the keys {', '.join(_KEYS)}.")
                continue
            yield from self._entry(row, path)
            same = tuple(str(row.get(key)) for key in ("what", "stack", "resource"))
            first = seen.setdefault(same, index)
            if first != index:
                place = self.document.place(("accepted", first))
                line = f" in line {place.line}" if place else ""
                yield Problem(path, f"This is accepted already{line}.", "Keep one of the two entries.")

    def _entry(self, row: Mapping[str, Any], path: KeyPath) -> Iterator[Problem]:
        for key in row:
            if key not in _KEYS:
                yield Problem((*path, key), _NO_KEY, _meant(key, _KEYS, f"The keys are {', '.join(_KEYS)}."))
        for key, remedy in _KEYS.items():
            value = row.get(key)
            if key not in row or value is None or value == "":
                yield Problem((*path, key), f"Every entry has `{key}`.", remedy)
            elif not isinstance(value, str):
                yield Problem((*path, key), "Text is expected here.", remedy, shown((), value))
            elif wrong := self._wrong(key, value):
                yield Problem((*path, key), *wrong, shown((), _day_text(value)))

    def _wrong(self, key: str, value: str) -> tuple[str, str] | None:
        """The rule that a text breaks, and the remedy."""
        known = [value] if self.known is None else [*self.known, *EFFECTS]
        if key == "what" and value not in known:
            otherwise = f"Write the id that the message names, or one of {', '.join(EFFECTS)}."
            return _NO_WHAT, _meant(value, known, otherwise)
        if key == "stack" and value not in self.stacks:
            listed = f"Write one of {', '.join(self.stacks)}." if self.stacks else "Write the stack's file first."
            return "There is no file of this stack here.", _meant(value, self.stacks, listed)
        if key == "reason" and len(" ".join(value.split())) < SHORTEST_REASON:
            return f"A reason is what a reviewer reads: it has at least {SHORTEST_REASON} characters.", _KEYS[key]
        if key == "reason" and len(" ".join(value.split())) > LONGEST_REASON:
            return f"A reason has at most {LONGEST_REASON} characters: reports repeat it.", "Name the decision instead."
        if key == "until":
            day, latest = _day(value), self.today + datetime.timedelta(days=LONGEST_DAYS)
            if day is None:
                return "The last day is a date, year first.", _KEYS[key]
            if day > latest:
                rule = "The last day is at most a year ahead, so that somebody looks at it again."
                return rule, f"Write {latest - datetime.timedelta(days=1)} or an earlier day."
        return None


def _stacks(folder: Path) -> list[str]:
    """The stacks that have a file in a folder."""
    found = (re.fullmatch(r"Pulumi\.(.+)\.ya?ml", path.name) for path in sorted(folder.iterdir()))
    return [match[1] for match in found if match]


def _meant(word: str, candidates: Iterable[str], otherwise: str) -> str:
    near = difflib.get_close_matches(word, list(candidates), n=1, cutoff=0.6)
    return f"Did you mean {near[0]}?" if near else otherwise


def _day_text(value: str) -> str:
    """A date that stands without quotes reads as a moment, as the CLI would hand it on."""
    return value.removesuffix(" 00:00:00 +0000 UTC")


def _day(value: str) -> datetime.date | None:
    text = _day_text(value)
    try:
        return datetime.date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None


def _placed(document: Document, problem: Problem) -> Problem:
    place = document.key_place(problem.path) if problem.rule == _NO_KEY else document.place(problem.path)
    return problem.at(*(place or (1, 1)))


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in text.split("*")), re.DOTALL)
