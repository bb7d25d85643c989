"""Stack files of either side: their values with lines, and what can be said of encrypted ones."""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from dolmen.engine.plan import Position
from dolmen.engine.project import Project, stack_file
from dolmen.review.diff import cause
from dolmen.review.diff.cause import Leaf, Leaves
from dolmen.review.diff.values import MISSING, kind_of
from dolmen.review.effects.context.settings import EncryptedValue
from dolmen.review.report.findings import Enforcement, Finding, FindingKind, Severity
from dolmen.stackfile import StackFileError, read
from dolmen.stackfile.composer import SecureValue
from dolmen.stackfile.identifiers import names_identifier
from dolmen.stackfile.problems import KeyPath, key_text

SUFFIXES = (".yaml", ".yml")


def leaves(project: Project, stack: str) -> Leaves | None:
    """Every value of a stack's file with its line; `None` without a file that can be read."""
    path = _path(project, stack)
    if path is not None:
        with contextlib.suppress(StackFileError):
            return cause.leaves(read(path, os.path.relpath(path, project.folder)))
    return None


def encrypted_values(old: tuple[Project, str], new: tuple[Project, str]) -> tuple[EncryptedValue, ...]:
    """Encrypted values that differ between two stack files, and what they are encrypted with: more can't be said."""
    before, after = (_ciphertexts(*side) for side in (old, new))
    found: list[EncryptedValue] = []
    for key in dict.fromkeys((*after, *before)):
        was, now = before.get(key), after.get(key)
        one = now or was
        if one is not None and (was is None or now is None or was.text != now.text):
            kind = kind_of(MISSING if was is None else "", MISSING if now is None else "")
            found.append(EncryptedValue(key, kind, one.position))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Ciphertext:
    text: str
    position: Position


_ENCRYPTION = ("secretsprovider", "encryptedkey", "encryptionsalt")
"""Keys of a stack file that say how its values are encrypted."""


def _ciphertexts(project: Project, stack: str) -> dict[str, _Ciphertext]:
    path = _path(project, stack)
    if path is None:
        return {}
    name = os.path.relpath(path, project.folder)
    try:
        document = read(path, name)
        written: Any = yaml.load(path.read_text("utf-8", "replace"), Loader=yaml.BaseLoader)  # noqa: S506 (text alone)
    except (StackFileError, yaml.YAMLError):
        return {}
    found: dict[str, _Ciphertext] = {}
    for key, leaf in cause.leaves(document).values.items():
        if isinstance(leaf.value, SecureValue):
            text = _at(written, (*key, "secure"))
            found[key_text(key[1:])] = _Ciphertext(text, Position(name, leaf.line))
    lines = path.read_text("utf-8", "replace").splitlines()
    for key in _ENCRYPTION:
        if isinstance(written, dict) and key in written:
            line = next((number for number, text in enumerate(lines, 1) if text.startswith(key)), 1)
            found[key] = _Ciphertext(str(written[key]), Position(name, line))
    return found


def _at(written: Any, path: KeyPath) -> str:
    for step in path:
        if isinstance(written, dict):
            written = cast("dict[Any, Any]", written).get(str(step))
        elif isinstance(written, list) and isinstance(step, int) and step < len(cast("list[Any]", written)):
            written = written[step]
        else:
            return ""
    return str(written)


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
        Enforcement.MANDATORY if names_identifier(path) else Enforcement.ADVISORY,
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
    path = stack_file(project, stack)
    return path if path.is_file() else None
