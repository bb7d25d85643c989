"""A program that opens a path which is made up fails at its own line, and the missing key is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from dolmen.engine import Plan, evaluate
from dolmen.engine.lookups import Lookups
from dolmen.engine.plan import FailureKind

PROGRAM = """import gzip, os, pathlib, tarfile, zipfile
import pulumi, pulumi_aws as aws, pulumi_random as random
path = pulumi.Config().require("keyPath")
print("exists", os.path.exists(path), "isfile", os.path.isfile(path))
print("read:", {read})
random.RandomPet("x", prefix="a")
print("after")
"""
READS = {
    "open": "repr(open(path).read())",
    "a path": "pathlib.Path(path).read_text()",
    "a folder and a name": "open(os.path.join(path, 'key.pem')).read()",
    "for writing": "open(path + '/x', 'w')",
    "gzip": "gzip.open(path).read()",
    "tar": "tarfile.open(path)",
    "zip": "zipfile.ZipFile(path)",
    "in apply": "pulumi.Output.from_input(path).apply(lambda path: open(path).read())",
}


def planned(folder: Path, program: str, config: str | None = None, lookups: Lookups | None = None) -> Plan:
    (folder / "Pulumi.yaml").write_text("name: t\nruntime: python\n")
    (folder / "__main__.py").write_text(program)
    if config is not None:
        (folder / "Pulumi.dev.yaml").write_text(config)
    return evaluate(folder, ["dev"], lookups=lookups or Lookups())[0]


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_opening_a_path_that_is_made_up_names_the_line_and_the_key(read: str, tmp_path: Path) -> None:
    plan = planned(tmp_path, PROGRAM.format(read=read))
    failure = plan.failure
    assert failure is not None and failure.kind is FailureKind.PROGRAM, (
        f"{failure} says nothing to the program's author"
    )
    assert str(failure.position) == "__main__.py:5"
    assert "FileNotFoundError" in failure.message and "t:keyPath, which is not set" in failure.message
    assert "exists False isfile False" in plan.output, "What the program printed was lost."


def test_a_path_of_a_lookup_names_the_lookup(tmp_path: Path) -> None:
    program = "import pulumi_aws as aws\nopen(aws.get_caller_identity().account_id)\n"
    failure = planned(tmp_path, program).failure
    assert failure is not None and str(failure.position) == "__main__.py:2"
    assert "getCallerIdentity.accountId, which is not known here" in failure.message


def test_a_path_that_is_set_is_read(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("the key")
    plan = planned(tmp_path, PROGRAM.format(read=READS["open"]), "config:\n  t:keyPath: key.pem\n")
    assert plan.failure is None and "read: 'the key'" in plan.output


def test_a_program_that_closes_its_output_still_plans(tmp_path: Path) -> None:
    program = "import os, pulumi\nprint('a')\nos.close(1)\npulumi.export('b', 1)\n"
    plan = planned(tmp_path, program)
    assert plan.failure is None and plan.outputs == {"b": 1}, plan.failure
