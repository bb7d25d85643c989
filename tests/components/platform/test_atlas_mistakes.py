"""Wrong stack files: each mistake gives one message, at its place, with the rule and the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.platform.loader import load_file
from dolmen.stackfile import StackFileError
from tests.components.platform.atlas_files import BASELINE, HERE, changed, written

MISTAKES: list[Mapping[str, Any]] = yaml.safe_load((HERE / "atlas_mistakes.yaml").read_text())


def test_the_right_file_is_right(tmp_path: Path) -> None:
    load_file(written(tmp_path, BASELINE))


def test_the_table_is_large_enough_to_mean_something() -> None:
    names = [mistake["name"] for mistake in MISTAKES]
    assert len(names) == len(set(names)), "two mistakes have one name, so a report would not tell them apart"
    assert len(names) >= 60


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["name"].replace(" ", "-"))
def test_a_mistake_is_refused_at_its_place_with_rule_and_remedy(tmp_path: Path, mistake: Mapping[str, Any]) -> None:
    with pytest.raises(StackFileError) as refused:
        load_file(written(tmp_path, changed(mistake["change"])))
    text = " ".join(str(refused.value).split())
    problems = refused.value.problems
    assert len(problems) == 1, f"one mistake gives one message, and a person reads all of them:\n{refused.value}"
    assert f"{mistake['at']} " in f"{text} ", f"the message names the key to change:\n{refused.value}"
    for words in mistake["says"]:
        assert " ".join(str(words).split()) in text, f"{words!r} is missing from what the user reads:\n{refused.value}"
    assert problems[0].remedy, "a message says what to write instead"
    assert problems[0].line, "a message says the line"
