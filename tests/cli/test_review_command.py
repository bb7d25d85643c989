"""`dolmen plan --base`, `--state`, `--fail-on`, the formats and `dolmen gate`, as a pipeline meets them."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.small_project import ROOT, dolmen, write_project


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The small project, committed; then the password of production grows, which replaces it."""
    write_project(tmp_path)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "base")
    (tmp_path / "stacks" / "Pulumi.production.yaml").write_text("config:\n  shop:size: 64\n")
    return tmp_path


def test_a_change_is_named_with_its_stack_its_values_and_its_line(repository: Path) -> None:
    done = dolmen(repository, "plan", "--base", "HEAD")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].startswith("production:"), "the verdict comes first"
    assert "48 → 64" in done.stdout
    assert "stacks/Pulumi.production.yaml:2" in done.stdout, "the reviewer would have to look for the line"


def test_nothing_changed_is_said_in_the_verdict(repository: Path) -> None:
    git(repository, "checkout", "-q", "--", ".")
    done = dolmen(repository, "plan", "--base", "HEAD")
    assert done.returncode == 0
    assert "nothing changes" in done.stdout.lower()


def test_a_change_is_stopped_for_what_is_asked_and_says_why(repository: Path) -> None:
    done = dolmen(repository, "plan", "--base", "HEAD", "--fail-on", "replacement")
    assert done.returncode == 1
    assert "RandomPassword login" in done.stderr and "replacement" in done.stderr
    assert dolmen(repository, "plan", "--base", "HEAD", "--fail-on", "unknown").returncode == 0


def test_fail_on_without_something_to_compare_with_is_wrong_input(repository: Path) -> None:
    done = dolmen(repository, "plan", "--fail-on", "data-loss")
    assert done.returncode == 2
    assert "--base" in done.stderr


def test_a_base_that_does_not_exist_is_wrong_input(repository: Path) -> None:
    done = dolmen(repository, "plan", "--base", "no-such-branch")
    assert done.returncode == 2
    assert "no-such-branch" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("markdown", "<!--"),
        ("html", "<!doctype html>"),
        ("json", "{"),
        ("sarif", "{"),
        ("junit", "<?xml"),
        ("terminal", "production:"),
    ],
)
def test_every_format_goes_to_a_file(repository: Path, form: str, begins: str) -> None:
    done = dolmen(repository, "plan", "--base", "HEAD", "--format", form, "-o", "report")
    assert done.returncode == 0, done.stderr
    assert (repository / "report").read_text().lower().startswith(begins)
    assert done.stdout == "", "the report would be twice in the log"


def test_what_was_reviewed_may_be_applied_and_nothing_more(repository: Path) -> None:
    dolmen(repository, "plan", "--base", "HEAD", "--format", "json", "-o", "reviewed.json")
    urn = "urn:pulumi:production::shop::random:index/randomPassword:RandomPassword::login"
    step = {
        "op": "replace",
        "urn": urn,
        "replaceReasons": ["length"],
        "diffReasons": ["length"],
        "detailedDiff": {"length": {"kind": "UPDATE_REPLACE", "inputDiff": True}},
        "oldState": {"urn": urn, "type": urn.split("::")[2], "inputs": {"length": 48}},
        "newState": {"urn": urn, "type": urn.split("::")[2], "inputs": {"length": 64}},
    }
    preview = repository / "preview.json"
    preview.write_text(json.dumps({"steps": [step]}))
    allowed = dolmen(repository, "gate", "reviewed.json", "preview.json")
    assert allowed.returncode == 0, allowed.stderr
    (repository / "__main__.py").write_text((repository / "__main__.py").read_text() + "# another tree\n")
    elsewhere = dolmen(repository, "gate", "reviewed.json", "preview.json")
    assert elsewhere.returncode == 1 and "not the tree that was reviewed" in elsewhere.stderr
    git(repository, "checkout", "-q", "--", "__main__.py")
    other = {**step, "op": "delete", "urn": urn.replace("::login", "::other")}
    preview.write_text(json.dumps({"steps": [step, other]}))
    stopped = dolmen(repository, "gate", "reviewed.json", "preview.json")
    assert stopped.returncode == 1
    assert "other" in stopped.stderr, "the deployer must see what was not reviewed"


def test_a_gate_over_files_that_are_none_is_wrong_input(repository: Path) -> None:
    (repository / "x.json").write_text("no json")
    (repository / "y.json").write_text(json.dumps({"version": "\x1b[2Jpassed", "stacks": []}))
    for name in ("x.json", "y.json"):
        done = dolmen(repository, "gate", name, "missing.json" if name == "x.json" else name)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr and "\x1b" not in done.stderr


@pytest.mark.long
def test_policies_of_the_project_are_part_of_the_plan() -> None:
    done = dolmen(ROOT, "plan", "production", "--fail-on", "policy")
    assert done.returncode == 0, "our own production stack breaks a mandatory rule"
    assert "none broken" in done.stdout
    assert "policies:" not in dolmen(ROOT, "plan", "production", "--no-policies").stdout


@pytest.mark.long
def test_findings_come_as_sarif_and_junit() -> None:
    sarif = dolmen(ROOT, "plan", "production", "--format", "sarif")
    assert json.loads(sarif.stdout)["version"] == "2.1.0"
    assert dolmen(ROOT, "plan", "production", "--format", "junit").stdout.lstrip().startswith("<?xml")


@pytest.mark.parametrize("compared", [(), ("--base", "HEAD")])
def test_places_in_sarif_are_those_of_the_repository(tmp_path: Path, compared: tuple[str, ...]) -> None:
    project = tmp_path / "services" / "shop"
    project.mkdir(parents=True)
    write_project(project)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "base")
    (project / "__main__.py").write_text("raise RuntimeError('no')\n")
    document = json.loads(dolmen(project, "plan", "production", "--format", "sarif", *compared).stdout)
    (failed,) = document["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    (place,) = failed["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "services/shop/__main__.py", (
        "a code host would look for the file at the repository's root"
    )


# ---- what cannot be deployed

NETWORK = "import pulumi_aws as aws\n\naws.ec2.Vpc('network', cidr_block='10.0.0.{last}/16')\n"


def network(folder: Path, last: int) -> None:
    (folder / "__main__.py").write_text(NETWORK.format(last=last))


@pytest.fixture
def refused(tmp_path: Path) -> Path:
    """A project whose preview the provider refuses, committed like that."""
    write_project(tmp_path)
    (tmp_path / "stacks" / "Pulumi.staging.yaml").unlink()
    network(tmp_path, 1)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "base")
    return tmp_path


@pytest.mark.parametrize("form", ["terminal", "json", "sarif"])
def test_a_plan_that_cannot_be_deployed_exits_1_and_says_why(refused: Path, form: str) -> None:
    done = dolmen(refused, "plan", "--format", form)
    assert done.returncode == 1, "a pipeline goes on to a preview that fails"
    assert "cidrBlock" in done.stderr and "cidrBlock" in done.stdout
    assert done.stderr.count("cidrBlock") == 1, "said twice"


def test_a_review_of_what_cannot_be_deployed_exits_1_whether_the_base_has_it_or_not(refused: Path) -> None:
    same = dolmen(refused, "plan", "--base", "HEAD")
    assert same.returncode == 1, "a stack that cannot be evaluated on either side exits with 1, too"
    assert "in the base already" in same.stdout, "the author would be blamed for it"
    network(refused, 0)
    mended = dolmen(refused, "plan", "--base", "HEAD")
    assert mended.returncode == 0, "who mends it would be stopped"
