"""Both sides of a review: a commit in a worktree that always goes, or a state file."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dolmen.engine.project import read_project
from dolmen.review.command import review
from dolmen.review.diff.changes import Operation
from dolmen.review.effects.model import EffectKind
from dolmen.review.fail_on import FailOn, reasons
from dolmen.review.report.model import Review, Status
from dolmen.review.sides import git, state
from dolmen.review.sides.base import base_commit
from dolmen.review.sides.evaluate import Settings
from tests.time_limits import growing

PROGRAM = """
import pulumi, pulumi_random as random
config = pulumi.Config()
random.RandomPassword("password", length=config.require_int("length"), keepers={"n": config.get("n") or "1"})
random.RandomString("name", length=8)
"""


def run(folder: Path, *command: str) -> str:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, env=environment).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    (folder / "stacks").mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\nstackConfigDir: stacks\n")
    (folder / "__main__.py").write_text(PROGRAM)
    for stack, length in (("dev", 16), ("prod", 32)):
        (folder / f"stacks/Pulumi.{stack}.yaml").write_text(f"config:\n  shop:length: {length}\n")
    run(folder, "git", "init", "-q", "-b", "main")
    commit(folder, "base")
    return folder


def commit(folder: Path, message: str) -> None:
    run(folder, "git", "add", "-A")
    run(folder, "git", "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", message)


def compared(folder: Path, stacks: list[str] | None = None, reference: str = "HEAD", **settings: Any) -> Review:
    return review(read_project(folder), stacks, base_commit(folder, reference), Settings(**settings))


def statuses(report: Review) -> dict[str, str]:
    return {stack.name: stack.status.value for stack in report.stacks}


def worktrees(folder: Path) -> int:
    return len(run(folder, "git", "worktree", "list").splitlines())


def test_nothing_changed_is_evaluated_once(repository: Path) -> None:
    report = compared(repository)
    assert statuses(report) == {"dev": "same", "prod": "same"} and report.evaluated == 2


def test_only_the_stack_whose_file_changed_is_evaluated_twice(repository: Path) -> None:
    (repository / "stacks/Pulumi.prod.yaml").write_text("config:\n  shop:length: 40\n")
    report = compared(repository)
    assert statuses(report) == {"dev": "same", "prod": "changed"} and report.evaluated == 3
    change = report.stacks[1].changes[0]
    assert change.operation is Operation.REPLACE and [str(c.position) for c in change.causes] == [
        "stacks/Pulumi.prod.yaml:2"
    ]
    assert change.causes[0].key == "shop:length" and change.causes[0].certain


def test_a_changed_program_is_compared_with_the_bases_own(repository: Path) -> None:
    (repository / "__main__.py").write_text(PROGRAM.replace("length=8", "length=9"))
    report = compared(repository)
    assert statuses(report) == {"dev": "changed", "prod": "changed"} and report.evaluated == 4
    assert [str(c.position) for c in report.stacks[0].changes[0].causes] == ["__main__.py:5"]


def test_stacks_added_removed_and_renamed(repository: Path) -> None:
    stacks = repository / "stacks"
    (stacks / "Pulumi.new.yaml").write_text("config:\n  shop:length: 99\n  shop:n: unlike any other file here\n")
    (stacks / "Pulumi.prod.yaml").rename(stacks / "Pulumi.production.yaml")
    (stacks / "Pulumi.dev.yaml").unlink()
    run(repository, "git", "add", "-A")
    report = compared(repository)
    assert statuses(report) == {"dev": "undescribed", "new": "added", "production": "renamed"}
    renamed = next(one for one in report.stacks if one.name == "production")
    assert renamed.renamed_from == "prod" and renamed.changes == (), "a renamed stack moves nothing"


def test_an_encrypted_value_that_differs_is_a_change_whose_effect_nobody_knows(repository: Path) -> None:
    file = repository / "stacks/Pulumi.prod.yaml"
    file.write_text("config:\n  shop:length: 32\n  shop:token:\n    secure: v1:abc\n")
    commit(repository, "secret")
    file.write_text(file.read_text().replace("abc", "def"))
    report = compared(repository, ["prod"])
    (change,) = report.stacks[0].managed
    assert change.worst and change.worst.kind is EffectKind.UNKNOWN, "a swapped password reads as no change"
    assert [str(cause.position) for cause in change.causes] == ["stacks/Pulumi.prod.yaml:4"]
    assert reasons(report, {FailOn.UNKNOWN})


def test_a_base_that_fails_is_a_finding(repository: Path) -> None:
    (repository / "__main__.py").write_text("raise RuntimeError('the base is broken')\n")
    commit(repository, "broken")
    (repository / "__main__.py").write_text(PROGRAM)
    report = compared(repository)
    assert statuses(report) == {"dev": "uncompared", "prod": "uncompared"}
    assert all(stack.findings[0].id == "base-failed" for stack in report.stacks)


def test_a_base_that_hangs_is_a_finding(repository: Path) -> None:
    (repository / "__main__.py").write_text("import time\ntime.sleep(3600)\n")
    commit(repository, "hanging")
    (repository / "__main__.py").write_text(PROGRAM)
    for limit in growing():  # under one of them the head ends in time
        (stack,) = compared(repository, ["dev"], timeout=limit).stacks
        if stack.status is Status.UNCOMPARED:
            break
    assert "did not end in time" in stack.findings[0].title


def test_a_base_without_a_project_is_a_finding(repository: Path) -> None:
    run(repository, "git", "mv", "Pulumi.yaml", "elsewhere.yaml")
    commit(repository, "no project")
    run(repository, "git", "mv", "elsewhere.yaml", "Pulumi.yaml")
    report = compared(repository, ["dev"])
    assert report.findings and report.stacks[0].status is Status.UNCOMPARED


def test_a_reference_that_names_nothing_is_refused(repository: Path) -> None:
    for reference in ("nowhere", "--upload-pack=touch /tmp/x", "HEAD:Pulumi.yaml", ""):
        with pytest.raises(git.GitError):
            compared(repository, reference=reference)


def test_the_worktree_is_removed_after_a_review(repository: Path) -> None:
    (repository / "stacks/Pulumi.prod.yaml").write_text("config:\n  shop:length: 40\n")
    compared(repository)
    assert worktrees(repository) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_worktree_is_removed_when_the_review_is_ended(repository: Path, number: signal.Signals) -> None:
    code = (
        "import pathlib, time\nfrom dolmen.review.sides import git\n"
        f"repository = git.repository(pathlib.Path({str(repository)!r}))\n"
        "with git.worktree(repository, git.commit(repository, 'HEAD')) as tree:\n"
        "    print(tree, flush=True)\n    time.sleep(3600)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=lambda: signal.signal(
            number, signal.SIG_DFL
        ),  # a job in the background ignores Ctrl-C and hands that on
    )
    assert process.stdout is not None
    tree = Path(process.stdout.readline().strip())
    process.send_signal(number)
    process.communicate()
    assert not tree.exists() and worktrees(repository) == 1, "a review must leave nothing behind"


def test_a_repository_cannot_make_git_run_anything(repository: Path, tmp_path: Path) -> None:
    """Hooks, filters, text conversion and a file-system monitor that a checkout may have been given."""
    mark = tmp_path / "ran"
    script = tmp_path / "evil"
    script.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
    script.chmod(0o755)
    hook = repository / ".git/hooks/post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {mark}\n")
    hook.chmod(0o755)
    (repository / ".gitattributes").write_text("* filter=evil diff=evil\n")
    commit(repository, "attributes")
    for key in (
        "filter.evil.smudge",
        "filter.evil.clean",
        "diff.evil.textconv",
        "diff.evil.command",
        "core.fsmonitor",
        "diff.external",
    ):
        run(repository, "git", "config", key, str(script))
    run(repository, "git", "config", "filter.evil.required", "true")
    (repository / "stacks/Pulumi.prod.yaml").write_text("config:\n  shop:length: 41\n")
    mark.unlink(missing_ok=True)
    report = compared(repository, ["prod"])
    assert report.stacks[0].status is Status.CHANGED
    assert not mark.exists(), "something of the repository was run by Git"


@pytest.mark.long
def test_other_packages_that_cannot_be_installed_are_a_finding(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    (repository / "requirements.txt").write_text("no-such-package-for-this-test==1.0\n")
    commit(repository, "lock")
    (repository / "requirements.txt").write_text("pulumi\n")
    report = compared(repository, ["dev"])
    assert [finding.id for finding in report.findings] == ["base"] and "packages" in report.findings[0].title
    assert report.stacks[0].status is Status.SAME, "it is compared all the same, with the head's packages"


# ---- state files

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}


def exported(length: int) -> dict[str, Any]:
    def made(token: str, name: str, inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {
            "urn": f"urn:pulumi:prod::shop::{token}::{name}",
            "custom": True,
            "id": "x",
            "type": token,
            "inputs": inputs,
            **more,
        }

    password = {"length": length, "keepers": {"n": "1"}, "special": True, "__defaults": ["special"]}
    return {
        "version": 3,
        "deployment": {
            "resources": [
                {
                    "urn": "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod",
                    "custom": False,
                    "type": "pulumi:pulumi:Stack",
                },
                made("pulumi:providers:random", "default_4_21_4", {"version": "4.21.4"}),
                made("random:index/randomPassword:RandomPassword", "password", password),
                made("random:index/randomString:RandomString", "name", {"length": 8}),
                made("random:index/randomString:RandomString", "gone", {"length": 8}),
                made("random:index/randomString:RandomString", "old", {"length": 8}, delete=True),
            ]
        },
    }


def test_a_program_is_compared_with_what_was_deployed(repository: Path, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text(json.dumps(exported(16)))
    report = review(read_project(repository), ["prod"], file)
    found = {change.name: change.operation for change in report.stacks[0].changes}
    assert found == {"password": Operation.REPLACE, "gone": Operation.DELETE}


def test_secrets_of_a_state_are_never_shown(tmp_path: Path) -> None:
    document = exported(16)
    document["deployment"]["resources"][2]["inputs"]["length"] = SECRET
    file = tmp_path / "state.json"
    file.write_text(json.dumps(document))
    assert "v1:abc" not in repr(state.read_state(file))


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"version": 1, "deployment": {}}', '{"version": 3, "deployment": {"resources": 7}}']
)
def test_a_wrong_state_file_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "state.json"
    file.write_text(content)
    with pytest.raises(state.StateError):
        state.read_state(file)
