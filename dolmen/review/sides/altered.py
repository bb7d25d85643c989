"""Files by which a change alters what judges it: its policy pack, prices, pipelines, requirements and project file."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from dolmen.engine.plan import Plan, Position
from dolmen.engine.project import Project
from dolmen.knowledge.loader import load_yaml
from dolmen.review.cost.price_file import OWN, REFRESHED
from dolmen.review.listing import listed
from dolmen.review.policies import reports
from dolmen.review.policies.levels import differences
from dolmen.review.policies.model import FOLDER, MANIFEST, Level
from dolmen.review.report.altered import Alteration, AlterationKind
from dolmen.review.sides import trees
from dolmen.review.sides.base import BaseCommit
from dolmen.review.sides.changed import ChangedFiles
from dolmen.stackfile import read
from dolmen.stackfile.project_file import project_file

_JUDGED = "The base's judged."
_MOST = 6
_ABOUT = {"description", "author", "website", "license", "template"}
"""Keys of a project file that no deployment heeds."""
_PIN = re.compile(r"^[ \t]*[\"']?dolmen(?![\w.-])(?:\\\n|.)*", re.MULTILINE | re.IGNORECASE)
_LOCKED = re.compile(r'^name = "dolmen"\n(?:.+\n?)*', re.MULTILINE | re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"^[ \t]*(?:--?(?:index-url|extra-index-url|find-links|trusted-host|no-index)\b|-[if][ \t]|(?:extra-)?index-url\b).*",
    re.MULTILINE,
)
"""Lines by which an installer takes packages from another place."""


def altered_files(project: Project, old: Project | None, changed: ChangedFiles) -> Iterator[Alteration]:
    """One alteration for each kind of file; `old`: the base's project, if it has one."""
    yield from _policies(project, old, changed)
    prices = sorted({f"{changed.stack_folder}{name}" for name in (OWN, REFRESHED)} & changed.names)
    if prices:
        yield Alteration(
            AlterationKind.PRICES, f"Changes the project's own prices: {_named(prices)}. The base's count."
        )
    pipelines = sorted(name for name in changed.names if _is_pipeline(name, changed.base))
    if pipelines:
        text = f"Changes pipelines, which may run the review: {_named(pipelines)}."
        yield Alteration(AlterationKind.PIPELINE, text)
    for name in sorted(changed.names):
        if _fits(name, judging_files()["requirements"]):
            yield from _requirements(name, changed.base)
    if old is not None:
        yield from _project(project, old)


@cache
def judging_files() -> dict[str, Any]:
    return load_yaml("judging_files.yaml")


def policy_files(names: Iterable[str], folder: str) -> list[str]:
    """Those of the pack of the project in a folder."""
    pack = f"{folder}{FOLDER}"
    return sorted(name for name in names if name == pack or name.startswith(f"{pack}/"))


def has_pack(project: Project) -> bool:
    return (project.folder / FOLDER / MANIFEST).is_file()


def _policies(project: Project, old: Project | None, changed: ChangedFiles) -> Iterator[Alteration]:
    files = policy_files(changed.names, changed.folder)
    if not files:
        return
    had, has = old is not None and has_pack(old), has_pack(project)
    if had and has:
        text = f"Changes the policy pack: {_named(files)}. {_JUDGED}"
    elif had:
        text = f"Removes the policy pack `{changed.folder}{FOLDER}/`. {_JUDGED}"
    elif has:
        text = f"Brings a policy pack, `{changed.folder}{FOLDER}/`. It does not judge this change."
    else:
        text = f"Changes what lies in the policy pack's folder, which is no pack: {_named(files)}."
    yield Alteration(AlterationKind.POLICY, text)


def with_levels(altered: Iterable[Alteration], plans: Iterable[Plan]) -> Iterator[Alteration]:
    """The alterations, with what the head's plans know of the policies of a pack that changes."""
    said = " ".join(_levels(plans))
    for one in altered:
        yield replace(one, text=f"{one.text} {said}") if one.kind is AlterationKind.POLICY and said else one


def _levels(plans: Iterable[Plan]) -> Iterator[str]:
    """How the change's pack differs, by the first plan whose policies ran."""
    for plan in plans:
        judged = reports(plan.findings)
        if judged.pack and "pack" in plan.findings:
            own = plan.findings["pack"]
            if isinstance(own, Mapping):
                yield from differences(dict(judged.levels), {str(key): Level(level) for key, level in own.items()})
            else:
                yield "The change's own cannot be read."
            return


def _is_pipeline(name: str, base: BaseCommit) -> bool:
    known = judging_files()["pipelines"]
    if _fits(name, [one["pattern"] for one in known["always"]]):
        return True
    return _fits(name, known["where_mentioned"]) and any(known["mentioning"] in text for text in _both(name, base))


def _requirements(name: str, base: BaseCommit) -> Iterator[Alteration]:
    old, new = _both(name, base)
    if _pins(name, old) != _pins(name, new):
        text = f"Pins Dolmen itself in another way: `{name}`. The Dolmen that runs here judged."
        yield Alteration(AlterationKind.REQUIREMENT, text, position=Position(name, _line(_pin(name), new)))
    if set(_ELSEWHERE.findall(new)) - set(_ELSEWHERE.findall(old)):
        text = f"Takes packages from another place: `{name}`."
        yield Alteration(AlterationKind.REQUIREMENT, text, position=Position(name, _line(_ELSEWHERE, new)))


def pins_another_dolmen(changed: ChangedFiles) -> bool:
    """Whether a requirement of Dolmen itself differs, by whose components a program may be made."""
    names = (name for name in changed.names if _fits(name, judging_files()["requirements"]))
    both = ((name, *_both(name, changed.base)) for name in names)
    return any(_pins(name, old) != _pins(name, new) for name, old, new in both)


def _pin(name: str) -> re.Pattern[str]:
    return _LOCKED if "lock" in name.rpartition("/")[2] else _PIN


def _pins(name: str, text: str) -> list[str]:
    return _pin(name).findall(text)


def _line(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _project(project: Project, old: Project) -> Iterator[Alteration]:
    def settings(one: Project) -> dict[str, str]:
        inside = {"main": one.main, "stackConfigDir": one.stack_folder}
        options = {f"runtime.options.{key}": str(value) for key, value in one.options.items()}
        return {"name": one.name} | {key: os.path.relpath(path, one.folder) for key, path in inside.items()} | options

    before, after = settings(old), settings(project)
    for key in dict.fromkeys((*before, *after)):
        if before.get(key) != after.get(key):
            was, now = (f"`{side[key]}`" if key in side else "nothing" for side in (before, after))
            text = f"Changes how the program is found and run: `{key}` of the project file from {was} to {now}."
            yield Alteration(AlterationKind.PROJECT, text)
    told = {"name", "main", "runtime", "stackConfigDir", "config"}
    was, now = top_level(old), top_level(project)
    others = sorted(key for key in {*was, *now} - told - _ABOUT if was.get(key) != now.get(key))
    if others:
        text = f"Changes how the project is deployed: {_named(others)} of the project file."
        yield Alteration(AlterationKind.PROJECT, text)


def top_level(project: Project) -> Mapping[str, object]:
    """What a project file says, as it stands there."""
    file = project_file(project.folder)
    return read(file, file.name).values if file is not None else {}


def _both(name: str, base: BaseCommit) -> tuple[str, str]:
    """A file's text on both sides; empty where there is none."""
    return trees.text(base.repository, base.commit, name) or "", trees.work_tree_text(base.repository.root / name) or ""


def _fits(name: str, patterns: Collection[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _named(names: Collection[str]) -> str:
    return listed([f"`{name}`" for name in names], _MOST)
