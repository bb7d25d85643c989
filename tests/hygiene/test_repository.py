"""No secret is in the repository, and none gets there by accident."""

from __future__ import annotations

import fnmatch
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from detect_secrets import SecretsCollection
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.settings import transient_settings

ROOT = Path(__file__).parents[2]
KNOWN = yaml.safe_load(Path(__file__).with_name("false_positives.yaml").read_text(encoding="utf-8"))
LOCKS = ("requirements.txt", "requirements-dev.txt")
"""They hold the public hashes of packages, one for every few lines."""


def git(*arguments: str) -> str:
    command = ["git", "-C", str(ROOT), *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode == 128:
        pytest.skip(f"this is not a git work tree: {result.stderr.strip()}")
    return result.stdout


def tracked() -> list[str]:
    return [name for name in git("ls-files", "-z").split("\0") if name and (ROOT / name).is_file()]


@dataclass(frozen=True)
class Finding:
    """Something that looks like a secret; its text is read from the file, and never printed."""

    file: str
    line: int
    kind: str


GUESSING = "KeywordDetector"
"""The detector that guesses from names such as `password`. It reads settings, where values stand in clear. In Python
ruff's rules S105 to S107 do the same, and in tables of facts such names stand for properties."""
SETTINGS = ("*Pulumi*.yaml", "*.env*", ".ci/*", "Makefile", "*.toml", "*.sh", "*.cfg", "*.ini")


def scan(folder: Path, files: list[str]) -> Iterator[Finding]:
    """All of the scanner's detectors, the guessing one in settings only."""
    names = {plugin.__name__ for plugin in get_mapping_from_secret_type_to_class().values()}
    settings = {file for file in files if any(fnmatch.fnmatch(file, glob) for glob in SETTINGS)}
    for plugins, chosen in ((names, settings), (names - {GUESSING}, set(files) - settings)):
        used: list[dict[str, Any]] = [{"name": name} for name in sorted(plugins)]
        with transient_settings({"plugins_used": used}):
            secrets = SecretsCollection(root=str(folder))
            for file in sorted(chosen):
                secrets.scan_file(file)
            for file, found in secrets:
                yield Finding(file, found.line_number, found.type)


def explained(finding: Finding, line: str) -> bool:
    """Whether the list of false positives says why a finding is none."""
    return any(
        any(fnmatch.fnmatch(finding.file, glob) for glob in entry["files"].split("|"))
        and re.search(entry["line"], line)
        for entry in KNOWN
    )


@pytest.mark.long
def test_the_scanner_finds_no_secret_in_the_repository() -> None:
    def line(finding: Finding) -> str:
        lines = (ROOT / finding.file).read_text(encoding="utf-8").splitlines()
        return "".join(lines[finding.line - 1 : finding.line])  # the scanner may count further than the file goes

    found = scan(ROOT, [name for name in tracked() if name not in LOCKS])
    unexplained = [finding for finding in found if not explained(finding, line(finding))]
    assert unexplained == [], (
        "This looks like a secret. If it is one, it is public now: revoke it. If not, say why in false_positives.yaml."
    )


@pytest.mark.parametrize("folder", ["stacks", "tests"])
@pytest.mark.parametrize(
    "text",
    [
        "aws_key = 'AKIA" + "Q3EGRIKD7XMPL5ZY'",
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "slack: xox" + "b-123456789012-123456789012-abcdefghijklmnopqrstuvwx",
        "databasePassword: 4Kq9TzW1" + "pB7xVn3J",
        "uri: mongodb+srv://app:" + "Zk4vQ9xW2mT7@chat.abcde.mongodb.net",
        "key: '" + "9f8b7c6d5e4a3b2c1d0e9f8a7b6c5d4e3f2a1b0c'",
    ],
)
def test_the_scanner_would_find_a_secret(tmp_path: Path, folder: str, text: str) -> None:
    (tmp_path / folder).mkdir()
    name = f"{folder}/Pulumi.notes.yaml"
    (tmp_path / name).write_text(text + "\n")
    found = list(scan(tmp_path, [name]))
    assert found and not explained(found[0], text), "A real secret would pass: the scan shows nothing."


@pytest.mark.parametrize("name", [".env", ".env.local", ".env.production", "service/.env"])
def test_environment_files_are_ignored_by_git(name: str) -> None:
    assert git("check-ignore", name).strip() == name, "A file of passwords would be committed by `git add .`."


def test_the_example_of_an_environment_file_is_not_ignored() -> None:
    assert git("check-ignore", ".env.example") == ""
