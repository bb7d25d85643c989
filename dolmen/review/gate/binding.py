"""Holds a checkout to the tree and the tool of its review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dolmen.review.binding.bind import Place, place
from dolmen.review.binding.tool import tool
from dolmen.review.gate.reviewed import Reviewed
from dolmen.review.listing import listed
from dolmen.stackfile.project_file import project_file

_REVIEW = "Review this tree with this Dolmen: `dolmen plan --base … --format json`"
_ANEW = "after a merge, let a trusted job review anew and compare: `dolmen gate REVIEWED.json NEW.json`"
_MOST = 5


def of_checkout(reviewed: Reviewed, folder: Path, without: tuple[Path, ...]) -> list[str]:
    """What keeps the checkout around a folder from being what was judged: sentences."""
    bound = reviewed.bound
    if not isinstance(bound, Mapping):
        return [f"The review is bound to no tree. {_REVIEW}."]
    here = place(folder, without)
    return [*_tree(bound, here), *_tool(bound), *_folder(bound, here, folder)]


def same_judge(first: Reviewed, second: Reviewed) -> Iterator[str]:
    """What keeps a second review from being made as the first was."""
    old, new = first.bound, second.bound
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        yield f"One of the reviews is bound to no tree. {_REVIEW}."
        return
    if _text(old, "tool", "digest") != _text(new, "tool", "digest"):
        yield "The reviews were made by two different tools: make both with one."
    if old.get("folder") != new.get("folder"):
        yield "The reviews are of projects in two folders."
    before, after = (side.get("protections") or {} for side in (old, new))
    if before.get("policies") and not after.get("policies"):
        yield "The first review ran the policies, the second left them out: review anew without --no-policies."
    if before.get("lookups") != after.get("lookups"):
        yield "The reviews took the results of lookups from two different files."


def _tree(bound: Mapping[str, Any], here: Place) -> Iterator[str]:
    if not bound.get("tree") or not bound.get("contents"):
        yield f"The review is bound to no tree: {bound.get('unbound') or 'none is written.'} {_REVIEW}."
    elif here.tree is None:
        yield f"{here.unbound} Deploy from a checkout of what was reviewed."
    elif (bound["tree"], bound["contents"]) != (here.tree.tree, here.tree.contents):
        yield (
            f"This checkout is not the tree that was reviewed ({_short(bound['tree'])}; here {_short(here.tree.tree)}). "
            f"{_told(bound, here)}Check out the reviewed one, or review this one; {_ANEW}."
        )


def _told(bound: Mapping[str, Any], here: Place) -> str:
    """What is known of the difference: commits, and what none of them has."""
    reviewed = [str(one) for one in bound.get("uncommitted") or ()]
    now = list(here.tree.uncommitted) if here.tree else []
    told = ""
    if bound.get("head") != here.head:
        told += f"The review is of commit {_short(bound.get('head'))}, this is {_short(here.head)}. "
    for names, where in ((reviewed, "Reviewed"), (now, "Here")):
        if names and sorted(reviewed) != sorted(now):
            told += f"{where} with what is not committed: {listed(names, _MOST)}. "
    return told


def _tool(bound: Mapping[str, Any]) -> Iterator[str]:
    mine = tool()
    if _text(bound, "tool", "digest") != mine.digest:
        version = _text(bound, "tool", "version") or "unknown"
        yield (
            f"The review was made by another Dolmen ({version}, {_short(_text(bound, 'tool', 'digest'))}) than this "
            f"one ({mine.version}, {_short(mine.digest)}): use one for both."
        )


def _folder(bound: Mapping[str, Any], here: Place, folder: Path) -> Iterator[str]:
    project = next((one for one in (folder.resolve(), *folder.resolve().parents) if project_file(one)), None)
    if project is None or here.root is None or not project.is_relative_to(here.root.resolve()):
        return
    if here.folder(project) != bound.get("folder"):
        yield (
            f"This is the project in {here.folder(project) or './'}, and the review is of the one in "
            f"{bound.get('folder') or './'}: name it by --project."
        )


def _text(bound: Mapping[str, Any], *names: str) -> str:
    found: Any = bound
    for name in names:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else ""


def _short(id: object) -> str:
    return str(id or "none")[:12]
