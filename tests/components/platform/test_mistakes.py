"""Wrong stack files that people write: each mistake is told once, where it stands, with what to write instead.

mistakes/*.yaml, as changes to mistakes/right.yaml:
  change: key path → value; `~absent~` removes the key. Paths start below `dolmen:`; `aws:region` stands as it is.
  text:   words of the file → what stands there instead, where a change would be written too well.
  at:     the key path that the message names; empty where there is no YAML to have paths.
  says:   words of the rule and of the remedy, in the message.
  line:   words of the line that the message points at; a change's own line is known.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.platform.loader import load_file
from dolmen.stackfile import Problem, StackFileError
from dolmen.stackfile.problems import key_text

FOLDER = Path(__file__).parent / "mistakes"
RIGHT = (FOLDER / "right.yaml").read_text(encoding="utf-8")
THEMES = ("parts", "written", "network", "cache", "applications", "platform")
Mistake = Mapping[str, Any]
MISTAKES: list[Mistake] = [
    mistake for theme in THEMES for mistake in yaml.safe_load((FOLDER / f"{theme}.yaml").read_text(encoding="utf-8"))
]
ABSENT = "~absent~"


def changed(change: Mapping[str, Any]) -> dict[str, Any]:
    stack = copy.deepcopy(yaml.safe_load(RIGHT))
    for path, value in change.items():
        section, *steps = path.split(".")
        *above, last = [section if section.startswith("aws:") else f"dolmen:{section}".replace("~", "."), *steps]
        parent = stack["config"]
        for key in above:
            parent = parent.setdefault(key, {})
        if value == ABSENT:
            del parent[last]
        else:
            parent[last] = value
    return stack


def text_of(mistake: Mistake) -> str:
    if "change" in mistake:
        # JSON is YAML, and quotes all text: PyYAML would leave what only YAML 1.2 takes for a number without quotes.
        return json.dumps(changed(mistake["change"]), indent=2, ensure_ascii=False)
    text = RIGHT
    for words, instead in mistake["text"].items():
        assert text.count(words) == 1, f"{words!r} does not stand in the right file once"
        text = text.replace(words, instead)
    return text


def own_line(mistake: Mistake, problem: Problem) -> str:
    """What stands in the line of a mistake: its last key that is there, or the entry of a list."""
    if "line" in mistake:
        return str(mistake["line"])
    found: Any = changed(mistake["change"])["config"]
    words = '"config"'
    for step in problem.path:
        if isinstance(found, str) or (isinstance(found, dict) and step not in found):
            break
        found = found[step]
        words = json.dumps(step, ensure_ascii=False) if isinstance(step, str) else json.dumps(found)[:1]
    return words


def test_the_right_file_is_right(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.test.yaml"
    for text in (RIGHT, json.dumps(changed({}))):
        file.write_text(text, encoding="utf-8")
        load_file(file)


def test_no_two_mistakes_have_one_name() -> None:
    names = [mistake["name"] for mistake in MISTAKES]
    assert len(names) == len(set(names)), "a report would not tell them apart"
    assert len({text_of(mistake) for mistake in MISTAKES}) == len(names), "one mistake is counted twice"


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["name"].replace(" ", "-"))
def test_a_mistake_is_told_once_where_it_stands_with_what_to_write(tmp_path: Path, mistake: Mistake) -> None:
    file, text = tmp_path / "Pulumi.test.yaml", text_of(mistake)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(StackFileError) as refused:
        load_file(file)
    message = str(refused.value)
    told = " ".join(message.split())
    assert len(refused.value.problems) == 1, f"a person would look for a second mistake:\n{message}"
    (problem,) = refused.value.problems
    assert key_text(problem.path) == mistake["at"], f"the message names another key:\n{message}"
    for words in mistake["says"]:
        assert " ".join(str(words).split()) in told, f"{words!r} is missing from what a person reads:\n{message}"
    assert problem.rule and problem.remedy, f"a message says what holds and what to write instead:\n{message}"
    lines = text.splitlines()
    assert problem.line and problem.column and problem.line <= len(lines), f"the place is not in the file:\n{message}"
    assert own_line(mistake, problem) in lines[problem.line - 1], f"the message points at another line:\n{message}"
    assert "canary" not in message.lower(), "a secret would stand in the log of whoever made the mistake"
    assert "Traceback" not in message
