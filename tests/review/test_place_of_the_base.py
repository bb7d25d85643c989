"""The base is evaluated in a temporary folder, and no value says so: a program that names its own folder is unchanged."""

from __future__ import annotations

from pathlib import Path

import pytest

from dolmen.engine.project import read_project
from dolmen.review.command import review
from dolmen.review.sides.base import base_commit
from tests.review.small_programs import STACK
from tests.review.test_base import commit, run

PROVIDER = """
import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider
class Provider(ResourceProvider):
    def create(self, inputs):
        return CreateResult("1", {"n": 7, **inputs})
class Made(Resource):
    def __init__(self, name, size, opts=None):
        super().__init__(Provider(), name, {"size": size}, opts)
"""
PARAMETER = """
import json, os, pathlib
import pulumi
import pulumi_aws as aws
here = pathlib.Path(__file__).resolve().parent
"""
PROGRAMS = {
    "a dynamic provider": "from provider import Made\nMade('it', 1)\n",
    "a text": f"{PARAMETER}aws.ssm.Parameter('it', type='String', value=os.path.join(os.getcwd(), 'x'))\n",
    "a secret": f"{PARAMETER}aws.ssm.Parameter('it', type='String', value=pulumi.Output.secret(str(here / 'x')))\n",
    "JSON in a text": f"{PARAMETER}aws.ssm.Parameter('it', type='String', value=json.dumps({{'at': str(here.parent)}}))\n",
    "an output": f"{PARAMETER}pulumi.export('it', str(here))\n",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_prose_alone_changes_nothing(program: str, tmp_path: Path) -> None:
    folder = tmp_path / "platform"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: small\nruntime: python\n")
    (folder / "Pulumi.dev.yaml").write_text(STACK)
    (folder / "provider.py").write_text(PROVIDER)
    (folder / "__main__.py").write_text(program)
    (folder / "README.md").write_text("one\n")
    run(tmp_path, "git", "init", "-q", "-b", "main")
    commit(tmp_path, "base")
    (folder / "README.md").write_text("two\n")
    report = review(read_project(folder), ["dev"], base_commit(folder, "HEAD"))
    (stack,) = report.stacks
    assert report.evaluated == 2 and stack.failure is None, stack.failure
    changes = [one.name for one in stack.changes if one.properties or one.options]
    assert not changes and stack.status.value == "same", f"A folder that nobody keeps is told as a change: {changes}"
