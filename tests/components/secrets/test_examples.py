"""The examples are programs that run, and the handbook of the secrets names them all."""

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
        (
            "one-application",
            "dev",
            {"ApplicationSecrets", "DatabaseSecret", "JwtSecret", "GeneratedSecret", "SecretReader"},
        ),
        ("shared-secret", "production", {"EncryptionKey", "GeneratedSecret", "SecretReader"}),
    ],
)
def test_an_example_is_planned_without_an_account(example: str, stack: str, components: set[str]) -> None:
    [plan] = evaluate(EXAMPLES / f"secrets-{example}", [stack])
    assert plan.failure is None, plan.failure
    assert {r.type.rsplit(":", 1)[-1] for r in plan if r.type.startswith("dolmen:")} == components
    values = [r.inputs["secretString"] for r in plan if r.type.endswith(":SecretVersion")]
    assert values and all(isinstance(value, Secret) for value in values)
    assert not any(isinstance(value, Secret) for value in plan.outputs.values()), (
        "A whole output is hidden by a secret."
    )


def test_the_handbook_names_every_example() -> None:
    text = (ROOT / "docs" / "components" / "secrets.md").read_text(encoding="utf-8")
    for example in EXAMPLES.glob("secrets-*"):
        assert f"examples/{example.name}/__main__.py" in text
