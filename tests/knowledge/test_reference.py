"""The page about the files of knowledge tells the truth about them."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from dolmen.knowledge.effects import Alteration, Data, EffectRule, Effects, Outcome, When
from dolmen.knowledge.facts import Facts
from dolmen.knowledge.loader import file_of
from dolmen.knowledge.model import ChangeKnowledge, TypeKnowledge

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "knowledge.md").read_text("utf-8")


def test_the_example_is_a_file() -> None:
    found = re.search(r"```yaml\n(type: (\S+)\n.*?)```", PAGE, re.DOTALL)
    assert found and file_of(found[2]).read_text("utf-8") == found[1]


@pytest.mark.parametrize("kind", [TypeKnowledge, ChangeKnowledge, Facts, Effects, EffectRule, When])
def test_the_page_explains_every_key(kind: type) -> None:
    keys = {field.name.strip("_").replace("_", " ") for field in fields(kind)}
    assert not {key for key in keys if f"`{key}`" not in PAGE}


@pytest.mark.parametrize("words", [Outcome, Data, Alteration])
def test_the_page_names_every_word(words: type[Outcome | Data | Alteration]) -> None:
    assert not {word for word in words if f"`{word}`" not in PAGE}
