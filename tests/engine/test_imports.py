"""Lazy imports change how long a plan takes, and nothing else."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dolmen.engine import Plan, cache, evaluate, preload

PROGRAMS = Path(__file__).parent.parent / "programs"
ROOT = PROGRAMS.parent.parent


def run(code: str, **variables: str) -> str:
    """What a program of its own prints: imports cannot be undone in this one."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **variables},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


LAZY = "from dolmen.engine import imports; imports.install()\n"


@pytest.mark.long
def test_what_is_imported_is_what_would_have_been() -> None:
    names = """
import inspect
import pulumi_aws as aws, pulumi_aws.ec2 as ec2, pulumi_mongodbatlas as atlas, pulumi_random as random
from pulumi_aws import s3
from pulumi_aws.ec2 import Vpc, get_ami, outputs
for module in (aws, ec2, s3, atlas, random):
    for name in sorted(dir(module)):
        if name.startswith("_") or name in ("outputs", "typing"): continue
        value = getattr(module, name)
        if not inspect.ismodule(value):  # modules appear as they are asked for
            print(module.__name__, name, type(value).__name__, getattr(value, "__module__", ""))
print(Vpc is ec2.Vpc, get_ami is ec2.get_ami, outputs is ec2.outputs, issubclass(Vpc, __import__("pulumi").Resource))
"""

    found = run(names)
    assert found.count("\n") > 2000, "too few names to say anything"
    assert run(LAZY + names) == found, "a lazy package must offer what an eager one does"


def test_a_module_does_not_hide_the_function_of_its_name() -> None:
    code = "import pulumi_mongodbatlas as atlas, pulumi_mongodbatlas.get_project\nprint(callable(atlas.get_project))"
    assert run(LAZY + code) == run(code) == "True\n"


def test_a_star_import_gets_everything() -> None:
    code = "from pulumi_random import *\nprint(RandomPet, RandomPassword, Provider, RandomIdArgs)"
    assert run(LAZY + code) == run(code)


def test_an_unknown_name_is_an_attribute_error() -> None:
    code = "import pulumi_aws as aws\ntry:\n    aws.ec2.Nothing\nexcept AttributeError as error:\n    print(error)"
    assert run(LAZY + code) == run(code)


def test_only_what_is_used_is_imported() -> None:
    code = "import sys, pulumi_random as random\nrandom.RandomPet\nprint('pulumi_random.random_uuid' in sys.modules)"
    assert run(LAZY + code) == "False\n"
    assert run(code) == "True\n"
    assert run(LAZY + code, DOLMEN_EAGER_IMPORTS="1") == "True\n", "the switch must turn it off"


def test_references_are_rehydrated_as_the_right_class() -> None:
    code = """
from pulumi.runtime import rpc
import pulumi_aws, pulumi_random
print(rpc.get_resource_module("aws", "s3/bucket", "").mod_info["classes"])
print(rpc.get_resource_package("random", "").pkg_info)
"""
    assert run(LAZY + code) == run(code)


@pytest.mark.parametrize(
    "name", ["public_eks", *(pytest.param(n, marks=pytest.mark.long) for n in ("providers", "values", "plain_lookups"))]
)
def test_the_plan_is_the_same_with_eager_imports(name: str) -> None:
    lazy = evaluate(PROGRAMS / name, ["dev"])[0]
    code = f"""
import pickle, sys
from pathlib import Path
from dolmen.engine import evaluate
sys.stdout.buffer.write(pickle.dumps(evaluate(Path({str(PROGRAMS / name)!r}), ["dev"])[0]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, cwd=ROOT, env={**os.environ, "DOLMEN_EAGER_IMPORTS": "1"}, check=True,
    )  # fmt: skip
    eager = pickle.loads(done.stdout)
    assert eager.failure is None, eager.failure
    assert _comparable(eager) == _comparable(lazy)


def _comparable(plan: Plan) -> Plan:
    """Without what differs between two runs of any kind: measurements, and fingerprints under another key."""
    return replace(plan, seconds=0, resources=_shown(plan.resources), outputs={})


def _shown(value: object) -> Any:
    return (re.sub(r"fingerprint='[0-9a-f]{32}'", "fingerprint=known", repr(value)),)


def test_the_cache_may_be_missing_broken_or_not_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert cache.read("kind", "key") is None
    cache.write("kind", "key", b"data")
    assert cache.read("kind", "key") == b"data"
    (entry,) = (tmp_path / "cache" / "dolmen" / "kind").iterdir()
    entry.write_bytes(entry.read_bytes()[:-1])
    assert cache.read("kind", "key") is None, "a truncated entry must be ignored"
    entry.write_bytes(b"")
    assert cache.read("kind", "key") is None
    cache.write("kind", "key", b"data")
    entry.parent.chmod(0o777)
    assert cache.read("kind", "key") is None, "code must not be read from a folder that others may write to"
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null/nowhere")
    cache.write("kind", "key", b"data")
    assert cache.read("kind", "key") is None


def test_a_plan_needs_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null/nowhere")
    plans = evaluate(PROGRAMS / "public_eks", ["one", "two"])
    assert [plan.failure for plan in plans] == [None, None]


def test_what_a_program_used_is_remembered_for_the_next_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = PROGRAMS / "public_website"
    run(f"from pathlib import Path; from dolmen.engine import evaluate; evaluate(Path({str(folder)!r}), ['dev'])")
    learnt = cache.read_json("modules", preload.key(folder))
    assert "pulumi_aws.cloudfront.distribution" in learnt
    assert "pulumi_aws.eks.cluster" not in learnt
    assert not any(name.startswith(("tests", "dolmen", "parts")) for name in learnt), (
        "only libraries are imported ahead"
    )
