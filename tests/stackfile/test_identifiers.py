"""An id that stands as a number is refused where YAML reads another number."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from components.platform.loader import load_file
from dolmen.stackfile import StackFileError, read_text
from dolmen.stackfile.identifiers import lost_identifiers, names_identifier
from tests.components.platform.files import FOLDER


def found(key: str, written: str) -> list[str]:
    document = read_text(f"config:\n  {key}: {written}\n", "Pulumi.dev.yaml")
    return [one.remedy for one in lost_identifiers(document)]


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("aws:allowedAccountIds", "[052812345678]"),
        ("aws:forbiddenAccountIds", "['111122223333', 012345670123]"),
        ("small:peerOwnerId", "012345678901"),
        ("small:orgId", "500000000000000000000001"),
        ("small:orgId", "5e23"),
        ("small:network", "{ accountId: 0o17 }"),
        ("small:accounts", "[010]"),
        ("small:vpc_id", "0x10"),
        ("small:account", "1_000"),
    ],
)
def test_an_id_that_is_read_as_another_number_is_refused(key: str, written: str) -> None:
    assert found(key, written), f"{written} becomes another account, and nobody is told"


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("aws:allowedAccountIds", '["052812345678"]'),
        ("aws:allowedAccountIds", "[111122223333]"),
        ("small:ratio", "0.5"),
        ("small:mode", "0755"),
        ("small:width", "1e3"),
        ("small:orgId", "5f0000000000000000000001"),
        ("small:valid", "010"),
        ("small:enabledId", "true"),
    ],
)
def test_what_is_read_as_written_or_is_no_id_is_let_through(key: str, written: str) -> None:
    assert not found(key, written)


@pytest.mark.parametrize(
    "name", ["id", "ids", "allowedAccountIds", "accountID", "vpc_id", "account", "organization", "arn"]
)
def test_names_of_ids_are_known(name: str) -> None:
    assert names_identifier(("config", name, 0))


@pytest.mark.parametrize("name", ["valid", "bid", "width", "grid", "tier", "accounting"])
def test_names_that_only_end_alike_are_no_ids(name: str) -> None:
    assert not names_identifier(("config", name))


def test_a_deployment_refuses_it_too(tmp_path: Path) -> None:
    text = (FOLDER / "Pulumi.production.yaml").read_text()
    (tmp_path / "Pulumi.production.yaml").write_text(text.replace('["123456789012"]', "[023456789012]"))
    with pytest.raises(StackFileError) as refused:
        load_file(tmp_path / "Pulumi.production.yaml")
    (problem,) = refused.value.problems
    assert problem.line and problem.value == "023456789012" and '"023456789012"' in problem.remedy


def test_a_default_of_the_project_file_is_read_alike(tmp_path: Path) -> None:
    text = "name: small\nruntime: python\nconfig:\n  aws:allowedAccountIds:\n    value: [052812345678]\n"
    assert list(lost_identifiers(read_text(text, "Pulumi.yaml", key="name")))


@pytest.mark.parametrize("more", [(), ("--base", "HEAD")])
def test_a_plan_and_a_review_end_with_wrong_input(tmp_path: Path, more: tuple[str, ...]) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: small\nruntime: python\n")
    (tmp_path / "__main__.py").write_text("")
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  aws:allowedAccountIds: [052812345678]\n")
    (tmp_path / "Pulumi.test.yaml").write_text("config:\n  small:peerOwnerId: 01\n")
    ran = subprocess.run(
        [sys.executable, "-m", "dolmen", "plan", "-C", str(tmp_path), *more],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
        env=dict(os.environ),
    )
    assert ran.returncode == 2, "a wrong account passes as an advice"
    assert "Pulumi.dev.yaml has 1 problem" in ran.stderr and "Pulumi.test.yaml has 1 problem" in ran.stderr
    assert 'Write it in quotes: "052812345678".' in ran.stderr and "Traceback" not in ran.stderr
