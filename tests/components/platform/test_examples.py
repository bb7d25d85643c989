"""The examples of platforms with one part are planned, and make nothing of the other part."""

from __future__ import annotations

from pathlib import Path

import pytest

from dolmen.engine import evaluate
from tests.components.platform.test_parts import OF_ATLAS, OF_CACHE

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples"


@pytest.mark.parametrize(("part", "there", "gone"), [("cache", OF_CACHE, OF_ATLAS), ("atlas", OF_ATLAS, OF_CACHE)])
def test_an_example_of_one_part_makes_nothing_of_the_other(
    part: str, there: tuple[str, ...], gone: tuple[str, ...]
) -> None:
    [plan] = evaluate(EXAMPLES / f"platform-{part}-alone", ["dev"])
    assert plan.failure is None, plan.failure
    assert any(resource.type.startswith(there) for resource in plan)
    assert not [resource.type for resource in plan if resource.type.startswith(gone)], "a copy would pay for both"


def test_the_library_page_names_every_example_of_a_platform() -> None:
    text = (ROOT / "docs/library.md").read_text(encoding="utf-8")
    found = sorted(EXAMPLES.glob("platform-*"))
    assert len(found) == 2 and all(f"examples/{example.name}/Pulumi.dev.yaml" in text for example in found)
