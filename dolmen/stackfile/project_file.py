"""Where a project keeps its stack files: `stackConfigDir` of its Pulumi.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dolmen.stackfile.document import read

FILES = ("Pulumi.yaml", "Pulumi.yml")


def project_file(folder: Path) -> Path | None:
    """The project file in a folder; `None` where there is none."""
    return next((folder / name for name in FILES if (folder / name).exists()), None)


def stack_folder(values: Mapping[str, Any]) -> str:
    """The folder of the stack files, relative to the project file that holds these values."""
    found = values.get("stackConfigDir")
    if not isinstance(found, str):  # the key's older name and place
        old = values.get("config")
        found = old if isinstance(old, str) else "."
    return found


def stack_file(folder: Path, stack: str) -> Path:
    """The path of a stack's file, whether it exists or not. Raises `StackFileError` for an unreadable project file."""
    found = project_file(folder)
    values: Mapping[str, Any] = {} if found is None else read(found, found.name).values
    suffix = ".yaml" if found is None else found.suffix  # Pulumi looks for no other
    return folder / stack_folder(values) / f"Pulumi.{stack}{suffix}"
