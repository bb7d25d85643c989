"""The examples are programs that run, and the README of the cache tells the truth about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dolmen.engine import evaluate
from dolmen.engine.plan import Secret

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples"


@pytest.mark.parametrize(
    ("example", "stack", "components"),
    [
        ("one-node", "dev", {"CacheAccess", "CacheReplicationGroup"}),
        (
            "durable-cluster",
            "production",
            {"CacheAccess", "CacheReplicationGroup", "CacheAlarmTopics", "EncryptionKey"},
        ),
    ],
)
def test_an_example_is_planned_without_an_account(example: str, stack: str, components: set[str]) -> None:
    plan = evaluate(EXAMPLES / f"cache-{example}", [stack])[0]
    assert plan.failure is None, plan.failure
    assert {r.type.rsplit(":", 1)[-1] for r in plan if r.type.startswith("dolmen:")} == components
    for name in ("password", "passwords"):
        if name in plan.outputs:
            assert isinstance(plan.outputs[name], Secret), "a password would be printed"


def test_the_handbook_names_every_example() -> None:
    text = (ROOT / "docs" / "components" / "cache.md").read_text(encoding="utf-8")
    for example in EXAMPLES.glob("cache-*"):
        assert f"examples/{example.name}/__main__.py" in text
