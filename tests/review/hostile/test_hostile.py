"""Pull requests that try to escape their review, reviewed by the installed wheel."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.library.wheel import build_wheel, clone, environment_with
from tests.review.hostile import comparisons, judges, programs
from tests.review.hostile.case import Case
from tests.review.hostile.repositories import history, reviewed

CASES = [
    *(replace(case, stacks=case.stacks or ("prod",)) for case in (*judges.CASES, *programs.CASES)),
    *comparisons.CASES,
]


pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    wheel = build_wheel(clone(folder / "clone"), folder / "built")
    return environment_with(wheel, folder / "venv") / "bin" / "dolmen"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def test_no_two_are_called_alike() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_review_holds(case: Case, command: Path, home: Path, tmp_path: Path) -> None:
    tree = history(tmp_path / "repository", case.before, case.change)
    asked = [word for one in case.fail_on for word in ("--fail-on", one)]
    done = reviewed(command, tree, home, "--base", case.base, *asked, *case.arguments, *case.stacks)
    said = " ".join(f"{done.stdout}\n{done.stderr}".split())
    assert done.returncode == case.code, f"the pipeline would go another way: {done.returncode}\n{said}"
    for word in case.words:
        assert word in said, f"the reviewer is not told: {word}\n{said}"
    for word in case.never:
        assert word not in f"{done.stdout}\n{done.stderr}", f"the reviewer is misled: {word!r}\n{said}"
    assert " ".join(done.stdout.split()).startswith(case.first), f"the first line says less: {said}"
