"""Stack files that are handed out stand as Pulumi's CLI writes them: setting a key changes that key's line alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.end_to_end.engine import Engine, write_program
from tests.end_to_end.project import ROOT

pytestmark = pytest.mark.engine

FILES = sorted((*ROOT.glob("stacks/Pulumi.*.yaml"), *ROOT.glob("template/stacks/Pulumi.*.yaml")))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_setting_a_key_changes_no_other_line(file: Path, tmp_path: Path) -> None:
    stack = file.name.removeprefix("Pulumi.").removesuffix(".yaml")
    project = write_program(tmp_path / "project", "", name="dolmen")
    with Engine(project, tmp_path, stack) as engine:
        copy = project / file.name
        shutil.copy(file, copy)
        copy.write_text(copy.read_text() + engine.init())
        before = copy.read_text().splitlines()
        engine.pulumi("config", "set", "dolmen:name", "another", "--stack", stack)
        after = copy.read_text().splitlines()
    changed = [new for new in after if new not in before]
    assert changed == ["  dolmen:name: another"], "a person's first command would rewrite the file"
    assert len(after) == len(before)
