"""Names the folders in which a project's packages are installed."""

from __future__ import annotations

import sysconfig
from pathlib import Path

from dolmen.engine.interpreter import named_by
from dolmen.engine.project import Project

_PLACES = ("lib/python*/site-packages", "lib64/python*/site-packages", "Lib/site-packages")
"""In a virtual environment: https://docs.python.org/3/library/sysconfig.html#posix-prefix and `nt`."""


def site_packages(project: Project) -> tuple[Path, ...]:
    """Finds the packages of a project's interpreter, else of the running one."""
    named = named_by(project)
    if named is None or named.python is None:  # which is evaluated by the running one, too
        paths = sysconfig.get_paths()
        found = [Path(paths["purelib"]), Path(paths["platlib"])]
    else:
        found = [folder for place in _PLACES for folder in sorted(named.folder.glob(place))]
    return tuple(dict.fromkeys(folder.resolve() for folder in found if folder.is_dir()))
