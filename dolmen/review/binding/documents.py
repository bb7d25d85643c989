"""Knows documents that a pipeline writes beside the sources: reports, previews, exports.

Nobody commits them, and each job has others. They are known by their contents, so that nothing else passes for one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from dolmen.review.json_files import LARGEST

_START = 4096
_MARKS = {
    ".md": "<!-- dolmen-review -->",
    ".html": '<meta name="generator" content="Dolmen">',
    ".xml": '<testsuites name="dolmen plan"',
}
"""Suffix → what stands near the beginning of a report of this form."""
_KEYS = (
    {"version", "verdict", "stacks"},  # a review
    {"version", "plans"},
    {"steps", "changeSummary"},  # `pulumi preview --json`
    {"diagnostics", "duration"},  # the same, failed
    {"version", "deployment"},  # `pulumi stack export`
)


def is_document(path: Path) -> bool:
    """What cannot be read is none."""
    if path.is_symlink() or not path.is_file():
        return False
    try:
        if mark := _MARKS.get(path.suffix):
            with path.open("rb") as stream:
                return mark in stream.read(_START).decode("utf-8", "replace")
        return path.suffix in (".json", ".sarif") and _is_json_of_ours(path)
    except OSError:
        return False


def _is_json_of_ours(path: Path) -> bool:
    if path.stat().st_size > LARGEST:
        return False
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return False
    if not isinstance(content, dict):
        return False
    found = cast("dict[str, Any]", content)
    return any(keys <= found.keys() for keys in _KEYS) or _is_sarif_of_ours(found)


def _is_sarif_of_ours(found: dict[str, Any]) -> bool:
    return "runs" in found and '"name": "Dolmen"' in json.dumps(found["runs"])[:_START]
