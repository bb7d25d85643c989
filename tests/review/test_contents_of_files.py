"""A change of what an asset or archive holds is a change of the property that holds it, and where it lies is none."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from dolmen.engine.plan import FailureKind
from dolmen.engine.project import read_project
from dolmen.review.command import review
from dolmen.review.report import words
from dolmen.review.report.model import Review, Status
from dolmen.review.sides.base import base_commit
from tests.review.small_programs import IMPORTS, STACK, change
from tests.review.test_base import commit, run

ROLE = '"arn:aws:iam::123456789012:role/x"'
FUNCTION = f'aws.lambda_.Function("{{}}", role={ROLE}, handler="h.x", runtime="python3.12", code={{}})\n'
PROGRAM = (
    IMPORTS
    + "import os\nhere = os.path.dirname(os.path.abspath(__file__))\n"
    + FUNCTION.format("folder", 'pulumi.FileArchive("app")')
    + FUNCTION.format("zip", 'pulumi.FileArchive("f.zip")')
    + FUNCTION.format("parts", 'pulumi.AssetArchive({"h.py": pulumi.FileAsset("app/h.py"), "z": pulumi.FileArchive("f.zip")})')
    + FUNCTION.format("absolute", 'pulumi.FileArchive(os.path.join(here, "app"))')
    + 'aws.s3.BucketObjectv2("file", bucket="b", source=pulumi.FileAsset("app/h.py"))\n'
    + 'aws.s3.BucketObjectv2("text", bucket="b", source=pulumi.StringAsset(open("app/h.py").read()))\n'
    + 'aws.s3.BucketObjectv2("secret", bucket="b", source=pulumi.Output.secret(pulumi.FileAsset(os.path.abspath("app/h.py"))))\n'
    + 'aws.s3.BucketObjectv2("remote", bucket="b", source=pulumi.RemoteAsset("https://example.com/x"))\n'
)  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/h.py").write_text("print(1)\n")
    (tmp_path / "README.md").write_text("one\n")
    write_zip(tmp_path / "f.zip", "1")
    (tmp_path / "Pulumi.yaml").write_text("name: small\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(STACK)
    (tmp_path / "__main__.py").write_text(PROGRAM)
    run(tmp_path, "git", "init", "-q", "-b", "main")
    commit(tmp_path, "base")
    return tmp_path


def write_zip(file: Path, text: str) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo("b.py"), text)


def reviewed(folder: Path) -> Review:
    return review(read_project(folder), ["dev"], base_commit(folder, "HEAD"))


def changed(report: Review) -> set[str]:
    (stack,) = report.stacks
    assert stack.failure is None, stack.failure
    return {one.name for one in stack.changes if one.properties}


def test_a_changed_file_is_a_change_of_what_is_made_of_it(project: Path) -> None:
    (project / "app/h.py").write_text("print(2)\n")
    report = reviewed(project)
    assert changed(report) == {"folder", "parts", "absolute", "file", "text", "secret"}, "New code would go out unseen."
    (property_,) = change(report, "file").properties
    assert words.old_and_new(property_) == ("file asset app/h.py", "file asset app/h.py, contents changed")


def test_a_new_file_in_a_folder_is_a_change_of_its_archive(project: Path) -> None:
    (project / "app/new.py").write_text("")
    assert changed(reviewed(project)) == {"folder", "absolute"}


def test_a_changed_zip_file_is_a_change_of_what_is_made_of_it(project: Path) -> None:
    write_zip(project / "f.zip", "2")
    assert changed(reviewed(project)) == {"zip", "parts"}


def test_the_same_contents_elsewhere_are_no_change(project: Path) -> None:
    (project / "f.zip").rename(project / "g.zip")
    (project / "__main__.py").write_text(PROGRAM.replace("f.zip", "g.zip"))
    assert changed(reviewed(project)) == set(), "The engine compares contents, not names."


def test_another_address_is_a_change(project: Path) -> None:
    (project / "__main__.py").write_text(PROGRAM.replace("example.com/x", "example.com/y"))
    assert changed(reviewed(project)) == {"remote"}


def test_another_file_of_the_repository_changes_nothing(project: Path) -> None:
    (project / "README.md").write_text("two\n")
    report = reviewed(project)
    assert report.evaluated == 2 and changed(report) == set()


@pytest.mark.parametrize(
    ("asset", "message"),
    [
        ('pulumi.FileAsset("nope.txt")', "asset hash for \"source\": failed to open asset file 'nope.txt'"),
        ('pulumi.FileArchive("nope")', "archive hash for \"source\": couldn't read archive path 'nope'"),
        ('pulumi.FileArchive("nope.zip")', 'archive hash for "source": open nope.zip: no such file or directory'),
        ('pulumi.FileAsset("app")', "asset hash for \"source\": asset path 'app' is a directory"),
    ],
)
def test_a_file_that_is_missing_fails_as_the_engine_does(project: Path, asset: str, message: str) -> None:
    (project / "__main__.py").write_text(
        f'{PROGRAM}aws.s3.BucketObjectv2("nope", bucket="b",\n    source={asset})\n',
    )
    (stack,) = reviewed(project).stacks
    failure = stack.failure
    assert failure is not None and failure.kind is FailureKind.PROGRAM, failure
    assert f"failed to compute {message}" in failure.message and "Traceback" not in failure.message, failure.message
    assert failure.position is not None and failure.position.file == "__main__.py"
    assert failure.position.line in (len(PROGRAM.splitlines()) + 1, len(PROGRAM.splitlines()) + 2)


def test_a_build_that_git_does_not_keep_is_said_not_to_be_compared(project: Path) -> None:
    (project / ".gitignore").write_text("*.zip\n")
    run(project, "git", "rm", "-q", "--cached", "f.zip")
    commit(project, "the build is not kept")
    (project / "app/h.py").write_text("print(2)\n")
    report = reviewed(project)
    assert report.stacks[0].status is Status.CHANGED, "A base without its build must still be compared."
    assert changed(report) == {"folder", "absolute", "file", "text", "secret"}
    assert any(one.subject == "f.zip" and "not compared" in one.detail for one in report.stacks[0].notes)


def test_a_path_that_is_made_up_is_no_failure(project: Path) -> None:
    asset = "pulumi.FileAsset(aws.get_caller_identity().account_id)"
    (project / "__main__.py").write_text(f'{IMPORTS}aws.s3.BucketObjectv2("it", bucket="b", source={asset})\n')
    (stack,) = reviewed(project).stacks
    assert stack.failure is None and any("getCallerIdentity" in note.subject for note in stack.notes)


@pytest.mark.parametrize(("text", "expected"), [("print(1)\n", set[str]()), ("print(2)\n", {"it"})])
def test_a_state_is_compared_by_its_hash(project: Path, text: str, expected: set[str]) -> None:
    source = {
        "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17",
        "hash": hashlib.sha256(text.encode()).hexdigest(),
        "path": "app/h.py",
    }
    stack = "urn:pulumi:dev::small::pulumi:pulumi:Stack::small-dev"
    it = {
        "urn": "urn:pulumi:dev::small::aws:s3/bucketObjectv2:BucketObjectv2::it",
        "type": "aws:s3/bucketObjectv2:BucketObjectv2", "custom": True, "id": "b/it", "parent": stack,
        "inputs": {"bucket": "b", "source": source},
    }  # fmt: skip
    resources = [{"urn": stack, "type": "pulumi:pulumi:Stack", "custom": False}, it]
    state = project / "state.json"
    state.write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))
    (project / "__main__.py").write_text(
        f'{IMPORTS}aws.s3.BucketObjectv2("it", bucket="b", source=pulumi.FileAsset("app/h.py"))\n'
    )
    assert changed(review(read_project(project), ["dev"], state)) == expected
