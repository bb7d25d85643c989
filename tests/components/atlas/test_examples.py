"""The examples are programs that run, every component has one, and the documentation names them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from dolmen.engine import evaluate
from dolmen.engine.plan import Plan

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("atlas-*/Pulumi.yaml"))
MANUAL = ROOT / "docs" / "components" / "atlas.md"


def plan_of(example: Path) -> Plan:
    (stack,) = [file.stem.removeprefix("Pulumi.") for file in example.glob("Pulumi.*.yaml")]
    (plan,) = evaluate(example, [stack])
    return plan


@pytest.fixture(scope="module")
def plans() -> dict[str, Plan]:
    return {example.name: plan_of(example) for example in EXAMPLES}


@pytest.mark.parametrize("example", [example.name for example in EXAMPLES])
def test_an_example_runs(plans: dict[str, Plan], example: str) -> None:
    plan = plans[example]
    assert plan.failure is None, plan.failure
    assert [resource for resource in plan if resource.type.endswith(":AdvancedCluster")]
    assert plan.outputs, "an example shows what one gets"


def components() -> set[str]:
    from components.package import EXPORTED

    return {component.__name__ for component in EXPORTED if component.__name__.startswith("Atlas")}


def test_every_component_has_an_example(plans: dict[str, Plan]) -> None:
    shown = {resource.type.rsplit(":", 1)[-1] for plan in plans.values() for resource in plan}
    assert components() <= shown, f"nobody sees how to use {components() - shown}"


def test_the_manual_names_every_component_and_every_example() -> None:
    text = MANUAL.read_text()
    missing = [name for name in components() if f"`{name}`" not in text]
    assert not missing, f"the manual does not know {missing}"
    for example in EXAMPLES:
        assert f"examples/{example.name}" in text, f"the manual does not name the example {example.name}"
