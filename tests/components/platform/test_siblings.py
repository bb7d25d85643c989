"""Two stacks of one repository never claim the same names."""

import re
from pathlib import Path

import pytest

from components.platform.loader import load_file
from dolmen.stackfile import StackFileError
from tests.components.platform.files import FOLDER

WRITTEN = (FOLDER / "Pulumi.production.yaml").read_text()
RIGHT = re.sub(r"  aws:allowedAccountIds: .*\n", "", WRITTEN)
"""The production stack as if it named no account."""


def beside(folder: Path, *, own: str = RIGHT, other: str = RIGHT) -> Path:
    (folder / "Pulumi.blue.yaml").write_text(other)
    path = folder / "Pulumi.green.yaml"
    path.write_text(own)
    return path


def with_accounts(*accounts: str) -> str:
    listed = ", ".join(f'"{account}"' for account in accounts)
    return RIGHT.replace("config:\n", f"config:\n  aws:allowedAccountIds: [{listed}]\n", 1)


@pytest.mark.parametrize(
    "other",
    [
        RIGHT,
        RIGHT.replace("aws:region: ap-northeast-2", "aws:region: eu-west-1"),
        RIGHT.replace("dolmen:name: chat-prod", 'dolmen:name: "chat-prod"'),
        RIGHT.replace("dolmen:name: chat-prod", '"dolmen:name":   chat-prod   # the same'),
        with_accounts("123456789012"),
    ],
)
def test_a_second_stack_with_the_name_is_refused(tmp_path: Path, other: str) -> None:
    with pytest.raises(StackFileError) as refused:
        load_file(beside(tmp_path, other=other))
    (problem,) = refused.value.problems
    assert problem.path == ("dolmen:name",) and problem.line, "a person must see which line to change"
    assert "blue" in problem.rule, "a person must learn which other stack has the name"


def test_stacks_of_different_accounts_may_share_a_name(tmp_path: Path) -> None:
    load_file(beside(tmp_path, own=with_accounts("123456789012"), other=with_accounts("210987654321")))


def test_stacks_that_share_one_account_may_not(tmp_path: Path) -> None:
    own, other = with_accounts("123456789012", "111111111111"), with_accounts("111111111111")
    with pytest.raises(StackFileError):
        load_file(beside(tmp_path, own=own, other=other))


@pytest.mark.parametrize(
    "other", ["config: [", "", "config:\n  other:name: chat-prod\n", RIGHT.replace("name: chat-prod", "name: chat")]
)
def test_a_file_that_claims_nothing_of_ours_is_none_of_our_business(tmp_path: Path, other: str) -> None:
    load_file(beside(tmp_path, other=other))
