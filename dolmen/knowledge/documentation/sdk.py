"""Says what the installed SDK documents of a property's change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dolmen.knowledge.documentation.classes import properties, read_property, stamp
from dolmen.knowledge.documentation.packages import Package, class_of, package
from dolmen.knowledge.documentation.statement import Says

_DEEPEST = 20
"""Steps of a path; what lies deeper is not looked for."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is documented of a property."""

    says: Says
    package: Package
    property: str = ""
    """The property whose documentation says so: this one, or what it stands in. As plans name it, without indices."""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class InstalledSdks:
    """The SDKs in some folders of installed packages: `site-packages`."""

    folders: tuple[Path, ...] = ()

    def says(self, token: str, path: Sequence[str]) -> Said | None:
        """Says what is documented at a path without indices; `None` without a source."""
        found = package(self.folders, token.partition(":")[0]) if self.folders and path else None
        return _said(found, token, tuple(path)) if found is not None else None


NO_SDKS = InstalledSdks()


def _said(found: Package, token: str, path: tuple[str, ...]) -> Said | None:
    """Takes the property's own words, else those of what holds it."""
    from dolmen.knowledge.documentation.wording import read  # most reviews ask for no word of it

    one = class_of(found, token)
    file, name = (one.file, one.name) if one else (None, "")
    said: Said | None = None
    for depth, step in enumerate(path[:_DEEPEST], 1):
        stamped = stamp(file) if file else None
        lines = properties(file, stamped, name).get(step) if file and stamped else None
        documented = read_property(lines) if lines else None
        if documented is None:
            break  # the rest is a key of a map, or younger than the SDK
        statement = read(documented.text, documented.name, step)
        if said is None or statement.says is not Says.NOTHING:
            written = ".".join(path[:depth])
            said = Said(statement.says, found, written, statement.sentence)
        name = documented.inner
        if depth == 1 and file:
            file = file.with_name("_inputs.py")
    return said
