"""Every format writes both documents, and the JSON of both is what its schema says."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from importlib import resources
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from dolmen.engine.plan import Asset, Failure, FailureKind, Note, Placeholder, Plan, Position, Secret, Unknown
from dolmen.review.formats import load, names, text
from dolmen.review.report.build import Pair, review, stack_review
from dolmen.review.report.findings import Enforcement, Finding
from dolmen.review.report.model import Review, Side
from dolmen.review.report.plans import PlannedStack, Plans
from dolmen.review.report.policy_findings import PolicyFindings
from tests.review.plans import CACHE, CLUSTER, cache_inputs, cluster_inputs, plan, resource
from tests.review.test_renderings import HOSTILE, everywhere

BROKEN = Finding("a-policy", "Caches are encrypted.", "This one is not.", enforcement=Enforcement.MANDATORY)
FAILED = Plan("shop", "down", "organization", (), {}, failure=Failure(FailureKind.PROGRAM, "boom", Position("a.py", 2)))


def planned() -> Plans:
    inputs = cache_inputs(
        authToken=Secret("f"),
        snapshotName=Unknown(),
        logs=[Asset("file", "a.txt")],
        kmsKeyId=Placeholder("key"),
        **{"$x": 1},
    )
    made = plan(resource(CACHE, "cache", inputs), outputs={"a": 1}, notes=(Note("assumed", "key", "made up"),))
    return Plans((PlannedStack(made, None, PolicyFindings((BROKEN,), 1)), PlannedStack(FAILED)), 1.0)


def reviewed() -> Review:
    base = plan(resource(CACHE, "cache", cache_inputs()), resource(CLUSTER, "db", cluster_inputs()))
    head = plan(resource(CACHE, "cache", cache_inputs(engineVersion="8.0")))
    stacks = [stack_review(pair) for pair in (Pair(base, head, findings=(BROKEN,)), Pair(base, FAILED))]
    return review(stacks, Side("9d01e77"), Side("3f2c1ab", "origin/main", merge_base=True, tip="8c44d10"))


@cache
def plans_text(name: str) -> str:
    stream = StringIO()
    load(name).plans(planned(), stream)
    return stream.getvalue()


@pytest.mark.parametrize("name", names())
def test_a_format_writes_plans_and_reviews(name: str) -> None:
    for made in (plans_text(name), text(reviewed(), name)):
        assert "prod" in made and made.endswith("\n"), f"--format {name} leaves out the stack"


@pytest.mark.parametrize("name", [name for name in names() if name != "terminal"])
def test_a_format_says_what_could_not_be_evaluated(name: str) -> None:
    assert "boom" in plans_text(name), f"--format {name} is silent about a program that fails"
    assert "boom" in text(reviewed(), name)


def test_a_terminal_says_it_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    load("terminal").plans(planned(), StringIO())
    assert "boom" in capsys.readouterr().err, "it would go into a file that nobody opens"


@pytest.mark.parametrize("name", names())
def test_a_format_knows_its_files(name: str) -> None:
    form = load(name)
    assert form.extension.startswith(".") and "/" in form.media_type


def test_naming_the_formats_imports_none() -> None:
    code = (
        "import sys, dolmen.cli.app, dolmen.review.formats as f; print(f.names())\n"
        "print([m for m in sys.modules if m.startswith(('dolmen.review.formats.', 'jinja2', 'dolmen.engine'))])"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )
    listed, loaded = out.stdout.splitlines()
    assert "terminal" in listed and loaded == "[]", "every command would pay for every format"


@pytest.mark.parametrize("name", names())
def test_a_review_says_that_its_base_is_a_merge_base(name: str) -> None:
    made = text(reviewed(), name)
    if name == "json":
        base = json.loads(made)["base"]
        assert (base["label"], base["reference"], base["mergeBase"], base["tip"]) == (
            "3f2c1ab",
            "origin/main",
            True,
            "8c44d10",
        )
    else:
        flat = " ".join(made.split())
        assert "merge base of origin/main and HEAD (3f2c1ab; origin/main is at 8c44d10)" in flat


# ---- schemas


def schema(name: str) -> jsonschema.Draft202012Validator:
    found = json.loads(resources.files("dolmen.review.formats").joinpath(f"{name}.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


def test_plans_as_json_are_what_the_schema_says() -> None:
    made = json.loads(plans_text("json"))
    schema("plan").validate(made)
    inputs = made["plans"][0]["resources"][0]["inputs"]
    assert inputs["authToken"] == {"$secret": True} and inputs["$$x"] == 1


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_review_as_json_is_what_the_schema_says(hostile: str) -> None:
    for made in (reviewed(), everywhere(hostile)):
        schema("review").validate(json.loads(text(made, "json")))


def _without(document: Any, *path: Any) -> Any:
    changed = json.loads(json.dumps(document))
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return changed


@pytest.mark.parametrize(
    ("name", "path"),
    [("plan", ("plans", 0, "stackFile")), ("plan", ("plans", 0, "resources", 0, "options", "protect")),
     ("review", ("stacks", 0, "status")), ("review", ("stacks", 0, "changes", 0, "deleteFirst"))],
)  # fmt: skip
def test_a_schema_notices_what_is_missing(name: str, path: tuple[Any, ...]) -> None:
    document = json.loads(plans_text("json") if name == "plan" else text(reviewed(), "json"))
    with pytest.raises(jsonschema.ValidationError):
        schema(name).validate(_without(document, *path))


# ---- XML and text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_junit_is_xml_whatever_a_repository_holds(hostile: str) -> None:
    root = ElementTree.fromstring(text(everywhere(hostile, stack=hostile), "junit"))
    assert root.iter("testcase")


def test_stacks_that_fail_alike_say_it_once(capsys: pytest.CaptureFixture[str]) -> None:
    from dataclasses import replace

    stacks = [PlannedStack(replace(FAILED, stack=name)) for name in ("one", "two", "three")]
    load("terminal").plans(Plans(tuple(stacks)), StringIO())
    said = capsys.readouterr().err
    assert said.count("boom") == 1 and "one, two, three" in said, "the same lines once for each stack"
    report = review([stack_review(Pair(None, stack.plan)) for stack in stacks], Side("a"), Side("b"))
    for name in ("terminal", "markdown", "html"):
        assert text(report, name).count("boom") == 1, f"--format {name} repeats what failed"
