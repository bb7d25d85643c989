"""The packages that the base runs with: its own where its lock differs, else the head's."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from importlib.metadata import distributions
from pathlib import Path

from dolmen.engine.project import Project
from dolmen.review.listing import listed
from dolmen.review.sides import locks
from dolmen.review.sides.changed import ChangedFiles
from dolmen.review.sides.locks import canonical

_MOST = 3


def with_packages(
    old: Project, head: Project, changed: ChangedFiles, sdists: Collection[str] = ()
) -> tuple[Project, list[str], str]:
    """The base's project with an interpreter; what was not compared by that, and why: sentences, or nothing.

    `sdists`: the packages that may be built for it from their source distributions.
    """
    if locks.differ(changed.names, changed.folder, (head.folder, old.folder)):
        unlike = list(_not_as_locked(head))
        try:
            return replace(old, options={"virtualenv": str(locks.interpreter(old.folder, sdists))}), unlike, ""
        except locks.LockError as error:
            unlike.append(
                f"The base was evaluated with the head's packages, since {error}: what other packages change is not compared."
            )
            return replace(old, options={}), unlike, f"The base locks other packages than the head, and {error}."
    options = dict(head.options)
    if isinstance(named := options.get("virtualenv"), str):
        options["virtualenv"] = str(head.folder / named)
    elif options.get("toolchain") in ("uv", "poetry"):
        _link(head.folder / ".venv", old.folder / ".venv")
    unlike = list[str]()
    if _interpreter(old.options) != _interpreter(head.options):
        unlike.append(
            "The base was evaluated with the interpreter that the head's project file names, which is another one than "
            "the base's: what it changes is not compared."
        )
    return replace(old, options=options), unlike, ""


def _not_as_locked(head: Project) -> Iterator[str]:
    """The head's interpreter has other packages than its new lock says: what the lock changes was not seen."""
    named = head.options.get("virtualenv")
    if not isinstance(named, str) and head.options.get("toolchain") in ("uv", "poetry"):
        named = ".venv"
    places = list((head.folder / named).glob("lib/python*/site-packages")) if isinstance(named, str) else []
    installed = {
        canonical(one.name): one.version
        for one in distributions(path=[str(place) for place in places] or sys.path)
        if one.name
    }
    unlike = [
        f"{name} {installed[name]} for {version}"
        for name, version in locks.pins(head.folder)
        if name in installed and installed[name] != version
    ]
    if unlike:
        yield (
            "The head was evaluated with other packages than it locks, so what they change is not compared: "
            f"{listed(unlike, _MOST)}."
        )


def elsewhere(project: Project) -> bool:
    """Whether another interpreter would read the project's folder: it names one that is not running."""
    named = project.options.get("virtualenv")
    if isinstance(named, str) and named:
        place = project.folder / named
        return place.exists() and place.resolve() != Path(sys.prefix).resolve()
    return project.options.get("toolchain") in ("uv", "poetry")


def _interpreter(options: Mapping[str, object]) -> tuple[object, object]:
    toolchain = options.get("toolchain")
    return options.get("virtualenv"), None if toolchain == "pip" else toolchain


def _link(target: Path, link: Path) -> None:
    if target.exists() and not link.exists():
        link.symlink_to(target)
