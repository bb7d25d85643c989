"""Stack files of either side: their values with lines, and what can be said of encrypted ones."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

from dolmen.engine.plan import Position
from dolmen.engine.project import Project
from dolmen.review.diff import cause
from dolmen.review.diff.cause import Leaf, Leaves
from dolmen.review.report.findings import Enforcement, Finding, FindingKind, Severity
from dolmen.stackfile import StackFileError, read
from dolmen.stackfile.problems import KeyPath, key_text

SUFFIXES = (".yaml", ".yml")


def leaves(project: Project, stack: str) -> Leaves | None:
    """Every value of a stack's file with its line; `None` without a file that can be read."""
    path = _path(project, stack)
    if path is not None:
        with contextlib.suppress(StackFileError):
            return cause.leaves(read(path, os.path.relpath(path, project.folder)))
    return None


def ciphertexts(project: Project, stack: str) -> list[str]:
    """Encrypted values, in order: whether they differ is all that can be said."""
    path = _path(project, stack)
    lines = path.read_text("utf-8", "replace").splitlines() if path is not None else []
    return sorted(line.split("secure:", 1)[1].strip() for line in lines if "secure:" in line)


def lost_zeros(project: Project, stack: str) -> tuple[Finding, ...]:
    """Numbers that begin with 0 and stand without quotes: YAML reads another number, or one without its zero."""
    path, known = _path(project, stack), leaves(project, stack)
    if path is None or known is None:
        return ()
    lines = path.read_text("utf-8", "replace").splitlines()
    return tuple(
        finding
        for key, leaf in known.values.items()
        if isinstance(leaf.value, int | float) and not isinstance(leaf.value, bool) and leaf.line <= len(lines)
        for written in _LEADING_ZERO.findall(lines[leaf.line - 1])
        if leaf.value in _readings(written)
        for finding in (_lost_zero(written, leaf, Position(known.file, leaf.line), key),)
    )


_LEADING_ZERO = re.compile(r"""(?<![\w.\"'-])0[0-9]+(?![\w.\"'])""")


def _readings(written: str) -> tuple[int, ...]:
    octal = () if set(written) & set("89") else (int(written, 8),)
    return (int(written), *octal)


def _lost_zero(written: str, leaf: Leaf, position: Position, path: KeyPath) -> Finding:
    key = key_text(path[1:])
    return Finding(
        "leading-zero",
        "A number loses its leading zero",
        f"{key}: {written} is read as {leaf.value:.0f}.",
        Severity.HIGH,
        Enforcement.ADVISORY,
        FindingKind.PROGRAM,
        remedy=f'Write it in quotes: "{written}".',
        source="https://yaml.org/type/int.html",
        position=position,
    )


def stack_name(path: str) -> str | None:
    """The stack whose file this is: `stacks/Pulumi.prod.yaml` is prod's."""
    name = path.rsplit("/", 1)[-1]
    for suffix in SUFFIXES:
        if name.startswith("Pulumi.") and name.endswith(suffix) and len(name) > len("Pulumi.") + len(suffix):
            return name[len("Pulumi.") : -len(suffix)]
    return None


def _path(project: Project, stack: str) -> Path | None:
    short = stack.rsplit("/", 1)[-1]
    paths = (project.stack_folder / f"Pulumi.{short}{suffix}" for suffix in SUFFIXES)
    return next((path for path in paths if path.is_file()), None)
