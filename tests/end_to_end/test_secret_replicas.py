"""Secrets with copies in other regions, through the real engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cloud.cloud import Fault
from tests.end_to_end.engine import Engine, write_program
from tests.end_to_end.project import ROOT

pytestmark = [pytest.mark.engine, pytest.mark.long]

SECRET = "aws:secretsmanager/secret:Secret"
KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
PROGRAM = f"""
import json, sys
from pathlib import Path

sys.path.insert(0, {str(ROOT)!r})

from components.secrets import GeneratedSecret

GeneratedSecret("hook", {{"platform": "shop", "application": "web", "label": "hook", "protect_data": False,
    **json.loads((Path(__file__).parent / "choice.json").read_text())}})
"""


@pytest.fixture
def engine(tmp_path: Path, warm: str) -> Iterator[Engine]:
    project = write_program(tmp_path / "project", PROGRAM, name="shop")
    with Engine(project, tmp_path, warm=warm) as running:
        running.configure({"aws:region": "ap-northeast-2"})
        yield running


def choose(engine: Engine, **choice: Any) -> None:
    (engine.project / "choice.json").write_text(json.dumps(choice))


def copies(engine: Engine) -> list[dict[str, str]]:
    [secret] = engine.cloud.all(SECRET)
    return sorted(secret.inputs.get("replicas") or [], key=lambda one: one["region"])


def test_copies_come_change_and_go_in_place(engine: Engine) -> None:
    choose(engine, replicas={"us-east-1": {}})
    engine.cloud.faults.append(Fault(SECRET, "refused"))
    engine.up(ok=False)
    engine.up()
    engine.settled()
    assert copies(engine) == [{"region": "us-east-1"}]
    choose(engine, replicas={"us-east-1": {"kms_key_arn": KEY}, "eu-west-1": {}})
    assert engine.steps() == {"update": ["hook"]}, "a copy more makes the secret anew: its name is taken for a month"
    engine.up()
    engine.settled()
    assert copies(engine) == [{"region": "eu-west-1"}, {"region": "us-east-1", "kmsKeyId": KEY}]
    choose(engine, replicas={"us-east-1": {"kms_key_arn": KEY}})
    engine.up()
    assert copies(engine) == [{"region": "us-east-1", "kmsKeyId": KEY}]
    choose(engine)
    engine.settled()
    assert copies(engine), "the provider keeps the last copies: docs/components/secrets.md says how to remove them"
    choose(engine, name_prefix="teams/", recovery_window_days=0)
    engine.up()
    engine.settled()
    engine.destroy()
    assert not engine.cloud.all(SECRET)


def test_a_copy_in_the_secrets_own_region_is_refused_by_the_service(engine: Engine) -> None:
    choose(engine, replicas={"ap-northeast-2": {}})
    assert "Invalid replica region" in engine.up(ok=False).text
    choose(engine, replicas={"ap-northeast-1": {}})
    engine.up()
    engine.settled()
