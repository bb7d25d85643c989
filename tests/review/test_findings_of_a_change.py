"""Policies of a project in a review: which findings a change brings, and the line that a reader has to change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dolmen.review.diff.cause import Leaf, Leaves, origin
from tests.cli.small_project import dolmen
from tests.review.plans import CACHE, CLUSTER, cache_inputs, cluster_inputs, resource
from tests.review.test_base import commit, repository

__all__ = ["repository"]

PACK = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

def long_enough(args, report):
    length = args.props.get("length")
    if args.resource_type.endswith("RandomPassword") and length < 20:
        report(f"length is {length:g}: at least 20.")

PolicyPack("house", policies=[ResourceValidationPolicy(
    "long-password", "A password is long.", long_enough, EnforcementLevel.MANDATORY)])
"""


@pytest.fixture
def judged(repository: Path) -> Path:
    """A pack that dev breaks in the base already; then prod breaks it, too."""
    (repository / "policies").mkdir()
    (repository / "policies/PulumiPolicy.yaml").write_text("runtime: python\n")
    (repository / "policies/__main__.py").write_text(PACK)
    commit(repository, "policies")
    (repository / "stacks/Pulumi.prod.yaml").write_text("config:\n  # short\n  shop:length: 12\n")
    return repository


def results(folder: Path, *arguments: str, code: int = 1) -> dict[str, dict[str, Any]]:
    """Stack → its result."""
    done = dolmen(folder, "plan", "--format", "sarif", *arguments)
    assert done.returncode == code, done.stderr
    (run,) = json.loads(done.stdout)["runs"]
    return {result["message"]["text"].split(":")[0]: result for result in run["results"]}


def place(result: dict[str, Any]) -> str:
    physical = result["locations"][0]["physicalLocation"]
    return f"{physical['artifactLocation']['uri']}:{physical['region']['startLine']}"


def test_a_pull_request_shows_what_it_brings_and_what_stood_before(judged: Path) -> None:
    found = results(judged, "--base", "HEAD")
    assert {stack: result["baselineState"] for stack, result in found.items()} == {"dev": "unchanged", "prod": "new"}
    assert place(found["prod"]) == "stacks/Pulumi.prod.yaml:3", "the reviewer would be led to the program"
    assert found["prod"]["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "__main__.py"


def test_a_finding_has_the_same_fingerprint_with_and_without_a_base(judged: Path) -> None:
    alone, compared = results(judged), results(judged, "--base", "HEAD")
    assert alone["prod"]["partialFingerprints"] == compared["prod"]["partialFingerprints"]
    assert "baselineState" not in alone["prod"]


def test_what_a_change_mends_is_gone(judged: Path) -> None:
    (judged / "stacks/Pulumi.dev.yaml").write_text("config:\n  shop:length: 64\n")
    (judged / "stacks/Pulumi.prod.yaml").write_text("config:\n  shop:length: 64\n")
    assert results(judged, "--base", "HEAD", code=0)["dev"]["baselineState"] == "absent"


def test_what_the_base_breaks_too_stops_a_plan_and_no_review(judged: Path) -> None:
    (judged / "stacks/Pulumi.prod.yaml").write_text("config:\n  shop:length: 64\n")
    commit(judged, "prod is right")
    (judged / "stacks/Pulumi.prod.yaml").write_text("config:\n  shop:length: 65\n")
    plan, review = dolmen(judged, "plan"), dolmen(judged, "plan", "--base", "HEAD")
    assert (plan.returncode, review.returncode) == (1, 0), "the deployment fails, and this change is not to blame"
    assert plan.stderr.count("dev: A password is long. (policy long-password)") == 1
    assert "mandatory, as before: A password is long (password)" in review.stdout
    asked = dolmen(judged, "plan", "--base", "HEAD", "--fail-on", "policy")
    assert asked.returncode == 1 and asked.stderr.count("long-password") == 1, "said twice, or not at all"


def test_what_a_change_breaks_stops_its_review(judged: Path) -> None:
    done = dolmen(judged, "plan", "--base", "HEAD")
    assert done.returncode == 1 and "prod: A password is long." in done.stderr and "dev" not in done.stderr
    assert dolmen(judged, "plan", "--base", "HEAD", "--no-policies").returncode == 0


def test_a_program_that_changes_is_judged_on_both_sides(judged: Path) -> None:
    (judged / "__main__.py").write_text((judged / "__main__.py").read_text().replace("length=8", "length=9"))
    found = results(judged, "--base", "HEAD")
    assert {stack: result["baselineState"] for stack, result in found.items()} == {"dev": "unchanged", "prod": "new"}


def test_a_pack_of_the_base_that_cannot_run_does_not_look_like_one_that_agrees(judged: Path) -> None:
    (judged / "policies/__main__.py").write_text("raise SystemExit('no pack')")
    commit(judged, "a pack that cannot run")
    (judged / "policies/__main__.py").write_text(PACK)
    done = dolmen(judged, "plan", "--base", "HEAD", "--fail-on", "policy")
    assert done.returncode == 1 and "could not judge" in done.stderr, "a change would pass policies that nobody asked"


# ---- the line that a sentence is about

FILE = Leaves(
    "stacks/Pulumi.prod.yaml",
    {
        ("config", "shop:atlas", "backup", "enabled"): Leaf(False, 5),
        ("config", "shop:cache", "alarms", "enabled"): Leaf(False, 9),
        ("config", "shop:atlas", "cluster", "instanceSize"): Leaf("M20", 6),
        ("config", "shop:atlas", "cluster", "electableNodes"): Leaf(3, 6),
        ("config", "shop:cache", "version"): Leaf("9.0", 8),
        ("config", "shop:tags", "team"): Leaf("M20", 12),
    },
)


@pytest.mark.parametrize(
    ("sentence", "line"),
    [
        ("backupEnabled is not on: there is nothing to restore from.", 5),
        ("M20 is smaller than M30, the smallest here.", 6),
        ("version 9.0 of engineVersion is old.", None),
        ("pitEnabled is not on.", None),
        ("There are no hourly snapshots.", None),
    ],
)
def test_a_finding_leads_to_the_value_that_it_names_or_to_none(sentence: str, line: int | None) -> None:
    found = origin(sentence, resource(CLUSTER, "db", cluster_inputs(backupEnabled=False, pitEnabled=False)), FILE)
    assert (found.line if found else None) == line, "a wrong line is worse than none"


def test_two_lines_that_fit_are_none() -> None:
    doubled = Leaves(FILE.file, {**FILE.values, ("config", "shop:old", "instanceSize"): Leaf("M20", 20)})
    assert origin("M20 is small.", resource(CLUSTER, "db", cluster_inputs()), doubled) is None


def test_a_value_that_the_file_does_not_hold_has_no_line() -> None:
    assert origin("engineVersion is 8.0.", resource(CACHE, "it", cache_inputs(engineVersion="8.0")), FILE) is None


def test_a_finding_about_what_a_change_changes_leads_to_the_cause_of_the_change(judged: Path) -> None:
    program = (judged / "__main__.py").read_text().replace("length=config", "length=2 * config")
    (judged / "__main__.py").write_text(program)
    (judged / "stacks/Pulumi.prod.yaml").write_text("config:\n\n\n  shop:length: 8\n")
    commit(judged, "twice")
    (judged / "stacks/Pulumi.prod.yaml").write_text("config:\n\n\n  shop:length: 9\n")
    found = results(judged, "--base", "HEAD")["prod"]
    assert (found["baselineState"], place(found)) == ("updated", "stacks/Pulumi.prod.yaml:4")
