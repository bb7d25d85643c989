"""Stacks of paired options through the real engine, on simulated clouds: made, settled, and as the offline plan says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cloud.kinds.elasticache import SNAPSHOTS
from tests.end_to_end.engine import Engine
from tests.end_to_end.offline import plan_of
from tests.end_to_end.project import told
from tests.options.options import CONTEXTS, EXISTING_ROLE, SNAPSHOT
from tests.options.projects import project_of
from tests.options.rows import rows_of

pytestmark = [pytest.mark.engine, pytest.mark.long]

TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", '
    '"Principal": {"Service": "ecs-tasks.amazonaws.com"}}]}'
)
NUMBER = 25
PLACES = [(list(CONTEXTS)[index % len(CONTEXTS)], 3 + 7 * (index // len(CONTEXTS))) for index in range(NUMBER)]
"""Context and row: each context once, and some a second time."""


@pytest.mark.parametrize(("context", "index"), PLACES, ids=[f"{'-'.join(one)}-{index}" for one, index in PLACES])
def test_a_stack_of_paired_options_is_made_and_leaves_nothing_to_do(
    context: tuple[str, str, str], index: int, tmp_path: Path, warm: str
) -> None:
    row = rows_of(context)[index]
    with Engine(project_of([row], tmp_path / "project"), tmp_path, row.name, warm=warm) as engine:
        told(engine)
        engine.cloud.facts[SNAPSHOTS] = [SNAPSHOT]
        engine.cloud.create("aws:iam/role:Role", EXISTING_ROLE, {"name": EXISTING_ROLE, "assumeRolePolicy": TRUST})
        file = engine.project / "stacks" / f"Pulumi.{row.name}.yaml"
        file.write_text(engine.init() + file.read_text())
        engine.up()
        engine.settled()
        offline = plan_of(engine.project, row.name, tmp_path)
        registered = {resource["urn"] for resource in engine.resources() if not resource.get("external")}
        planned = {resource.urn for resource in offline if not resource.read}
        providers = {urn for urn in registered ^ planned if "::pulumi:providers:" in urn}
        assert registered - providers == planned - providers, "the plan of a pull request is not what is deployed"
