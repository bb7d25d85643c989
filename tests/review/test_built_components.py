"""A change of a component package's own code is a change of what it builds."""

from __future__ import annotations

import shutil
from pathlib import Path

from dolmen.engine.project import read_project
from dolmen.review.command import review
from dolmen.review.sides.base import base_commit
from dolmen.review.sides.evaluate import Settings
from tests.engine.test_component_packages import PROGRAM, REMOTE
from tests.review.test_base import commit, run


def test_what_a_package_builds_otherwise_is_compared(tmp_path: Path) -> None:
    app = tmp_path / "app"
    app.mkdir()
    shutil.copytree(PROGRAM / "boxes", tmp_path / "boxes")
    (app / "Pulumi.yaml").write_text("name: shop\nruntime: python\npackages:\n  boxes: ../boxes\n")
    (app / "Pulumi.production.yaml").write_text("config: {}\n")
    (app / "__main__.py").write_text(REMOTE)
    run(tmp_path, "git", "init", "-q", "-b", "main")
    commit(tmp_path, "base")
    source = tmp_path / "boxes/box.py"
    source.write_text(source.read_text().replace("retention_in_days=7", "retention_in_days=30"))
    report = review(read_project(app), None, base_commit(app, "HEAD"), Settings())
    assert not report.not_compared and not report.findings
    (change,) = report.stacks[0].changes
    assert change.subject.type == "aws:cloudwatch/logGroup:LogGroup"
    assert [(one.path, one.old, one.new) for one in change.properties] == [(("retentionInDays",), 7, 30)]
