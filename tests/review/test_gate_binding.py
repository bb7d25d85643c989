"""A gate lets the reviewed tree through, judged by the same tool, and no other one."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from dolmen.engine.project import read_project
from dolmen.review import formats
from dolmen.review.binding import bind
from dolmen.review.binding.documents import is_document
from dolmen.review.formats.parts.bound_json import bound_json
from dolmen.review.gate import GateInputError, gate
from dolmen.review.json_files import without_defaults
from dolmen.review.report.build import review
from dolmen.review.report.model import Side, StackReview, Status
from dolmen.review.sides.base import base_commit
from tests.review.gate_documents import RESIZED, Document, preview, resized
from tests.review.test_base import commit, run


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    for place in (folder, folder / "services/other"):
        place.mkdir(parents=True)
        (place / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
        (place / "__main__.py").write_text("import pulumi\n")
    run(folder, "git", "init", "-q", "-b", "main")
    commit(folder, "reviewed")
    return folder


def bound_review(
    folder: Path, policies: bool = True, fail_on: tuple[str, ...] = (), lookups: Path | None = None
) -> Document:
    """A review, bound to what lies in the folder."""
    before = bind.place(folder)
    protections = bind.protections(policies=policies, fail_on=fail_on, lookups=lookups, timeout=60)
    found = bind.bound(read_project(folder), base_commit(folder, "HEAD"), before, protections)
    return {**RESIZED, "bound": bound_json(found)}


def asked(folder: Path, review: Document, second: Document | None = None, place: Path | None = None) -> str:
    """What the gate says against it; empty where it lets through. Its files lie in the checkout, as in a pipeline."""
    files = folder / "reviewed.json", folder / "preview.json"
    files[0].write_text(json.dumps(review))
    files[1].write_text(json.dumps(second or preview(resized())))
    return "\n".join(gate(*files, place or folder).more)


def test_the_reviewed_tree_passes(checkout: Path) -> None:
    assert asked(checkout, bound_review(checkout)) == ""


def test_another_commit_with_the_same_tree_passes(checkout: Path) -> None:
    review = bound_review(checkout)
    run(checkout, "git", "-c", "user.name=t", "-c", "user.email=t@e", "commit", "-q", "--amend", "-m", "squashed")
    assert asked(checkout, review) == "", "every squash would be stopped"


def test_another_tree_stops_and_says_what_to_do(checkout: Path) -> None:
    review = bound_review(checkout)
    (checkout / "__main__.py").write_text("import evil\n")
    commit(checkout, "evil")
    said = asked(checkout, review)
    assert "not the tree that was reviewed" in said and "dolmen gate REVIEWED.json NEW.json" in said


def test_a_file_that_is_not_committed_is_another_tree_and_is_named(checkout: Path) -> None:
    review = bound_review(checkout)
    (checkout / "sitecustomize.py").write_text("import evil\n")
    assert "Here with what is not committed: sitecustomize.py" in asked(checkout, review)


def test_a_review_of_what_is_not_committed_names_it(checkout: Path) -> None:
    (checkout / "notes.txt").write_text("x")
    review = bound_review(checkout)
    assert review["bound"]["clean"] is False
    (checkout / "notes.txt").unlink()
    assert "Reviewed with what is not committed: notes.txt" in asked(checkout, review)


@pytest.mark.parametrize("key", ["tree", "contents"])
def test_both_ids_of_a_tree_count(checkout: Path, key: str) -> None:
    review = bound_review(checkout)
    review["bound"][key] = "0" * 64
    assert asked(checkout, review), "a SHA-1 that collides would open the gate"


@pytest.mark.parametrize("bound", [None, "lost", 7])
def test_a_review_without_a_binding_stops(checkout: Path, bound: Any) -> None:
    review = {key: value for key, value in bound_review(checkout).items() if key != "bound"}
    assert "bound to no tree" in asked(checkout, review if bound == "lost" else {**review, "bound": bound})


@pytest.mark.parametrize("key", ["tree", "contents", "uncommitted", "folder", "tool", "protections", "head", "unbound"])
@pytest.mark.parametrize("forged", [7, {"x": 1}])
def test_a_binding_that_is_none_never_passes_nor_breaks(checkout: Path, key: str, forged: Any) -> None:
    (checkout / "further.py").write_text("import evil\n")
    first = bound_review(checkout)
    (checkout / "further.py").write_text("import evil, more\n")
    first["bound"][key] = forged
    try:
        assert asked(checkout, first)
    except GateInputError as error:
        assert "not written as" in str(error)


def test_a_review_outside_a_repository_binds_nothing_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    here = bind.place(tmp_path)
    assert here.tree is None and "no Git repository" in here.unbound


def test_a_checkout_without_a_repository_stops(checkout: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    assert "no Git repository" in asked(checkout, bound_review(checkout), place=bare)


def test_a_tree_that_changes_while_it_is_judged_is_not_bound(checkout: Path) -> None:
    before = bind.place(checkout)
    (checkout / "__main__.py").write_text("import evil\n")
    held = bind.protections(policies=True, fail_on=(), lookups=None, timeout=60)
    found = bind.bound(read_project(checkout), base_commit(checkout, "HEAD"), before, held)
    assert found.tree is None and "changed while it was judged" in found.unbound
    assert "changed while it was judged" in asked(checkout, {**RESIZED, "bound": bound_json(found)})


def test_another_build_of_the_tool_stops(checkout: Path) -> None:
    review = bound_review(checkout)
    review["bound"]["tool"]["digest"] = "0" * 64
    assert "another Dolmen" in asked(checkout, review), "rules that nobody knows would have judged"


def test_another_project_of_the_tree_stops(checkout: Path) -> None:
    said = asked(checkout, bound_review(checkout), place=checkout / "services/other")
    assert "services/other/" in said and "--project" in said


def test_the_protections_that_held_are_written(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "lookups.yaml").write_text("{}")
    held = bound_review(checkout, policies=False, fail_on=("downtime",), lookups=tmp_path / "lookups.yaml")["bound"]
    assert held["protections"]["policies"] is False and held["protections"]["failOn"] == ["downtime"]
    assert len(held["protections"]["lookups"]) == 64 and any(
        "60 seconds" in one for one in held["protections"]["evaluator"]
    )


def test_a_binding_names_both_commits_in_full(checkout: Path) -> None:
    head = run(checkout, "git", "rev-parse", "HEAD").strip()
    held = bound_review(checkout)["bound"]
    assert held["base"] == held["head"] == head and held["folder"] == ""


@pytest.mark.parametrize("form", formats.names())
def test_every_format_names_the_tree_and_the_tool(checkout: Path, form: str) -> None:
    held = bind.protections(policies=False, fail_on=(), lookups=None, timeout=60)
    bound = bind.bound(read_project(checkout), base_commit(checkout, "HEAD"), bind.place(checkout), held)
    assert bound.tree is not None
    judged = review([StackReview("prod", Status.SAME)], Side("h"), Side("b"))
    said = formats.text(replace(judged, bound=bound), form)
    for word in (bound.tree.tree[:12], bound.tool.digest[:8]):
        assert word in " ".join(said.split()), f"{form} does not say what was judged, and by what"
    assert form == "json" or "without policies" in " ".join(said.split())


def test_a_bound_review_is_as_its_schema_says(checkout: Path) -> None:
    schema = json.loads((Path(formats.__file__).parent / "review.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(bound_review(checkout))


# ---- a review that is made anew


def test_a_new_review_of_the_merged_tree_passes(checkout: Path) -> None:
    first = bound_review(checkout)
    (checkout / "merged.txt").write_text("from main\n")
    commit(checkout, "merged")
    assert asked(checkout, first, bound_review(checkout)) == ""


def test_a_new_review_must_be_of_this_checkout(checkout: Path) -> None:
    first = bound_review(checkout)
    (checkout / "merged.txt").write_text("from main\n")
    assert "not the tree that was reviewed" in asked(checkout, first, copy.deepcopy(first))


def test_a_new_review_behind_fewer_protections_stops(checkout: Path) -> None:
    first = bound_review(checkout)
    assert "left them out" in asked(checkout, first, bound_review(checkout, policies=False))


def test_a_new_review_by_another_tool_stops(checkout: Path) -> None:
    first = bound_review(checkout)
    first["bound"]["tool"]["digest"] = "0" * 64
    assert "two different tools" in asked(checkout, first, bound_review(checkout))


def test_what_cannot_be_read_is_no_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unreadable = tmp_path / "page.html"
    unreadable.write_text("<p>")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(unreadable))

    monkeypatch.setattr(Path, "open", refuse)
    assert not is_document(unreadable), "a file of somebody else in the tree ends the plan in a traceback"


def test_names_of_the_programs_own_that_begin_with_two_underscores_are_compared() -> None:
    inputs = {"__defaults": ["c"], "c": 1, "data": {"__own": "x", "__defaults": []}, "__internal": {}}
    assert without_defaults(inputs) == {"data": {"__own": "x"}}, "a key of a map is invisible to the gate"
