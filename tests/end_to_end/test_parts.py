"""Every platform of Atlas, a cache or both through the real engine: what is not asked for never reaches a cloud."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.components.platform.part_files import SHAPES, STACK, Shape
from tests.end_to_end.engine import Engine
from tests.end_to_end.project import stack_engine
from tests.end_to_end.repair import wanted
from tests.end_to_end.test_faults import converge, faults, nothing_exists_twice

pytestmark = pytest.mark.engine

CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"


@pytest.fixture
def engine(tmp_path: Path, warm: str) -> Iterator[Engine]:
    with stack_engine(tmp_path / "stack", STACK, warm=warm) as running:
        yield running


def ask(engine: Engine, shape: Shape) -> None:
    """Write the stack file of a platform of this shape."""
    file = engine.project / "stacks" / f"Pulumi.{STACK}.yaml"
    key = [line for line in file.read_text().splitlines() if line.startswith("encryptionsalt:")]
    file.write_text("\n".join([*key, f"config: {json.dumps(shape.values)}", ""]))


def packages(engine: Engine) -> set[str]:
    """Of what the state holds, providers included."""
    types = {resource["type"] for resource in engine.resources() if not resource["type"].startswith("dolmen:")}
    return {type.removeprefix("pulumi:providers:").partition("/")[0].partition(":")[0] for type in types} - {"pulumi"}


def there(engine: Engine) -> tuple[bool, bool]:
    """Whether the clouds hold anything of Atlas, and anything of a cache."""
    types = {live.type for live in engine.cloud.everything()}
    of_cache = ("aws:elasticache/", "aws:cloudwatch/", "aws:sns/", "aws:ec2/")
    return any(one.startswith("mongodbatlas:") for one in types), any(one.startswith(of_cache) for one in types)


def only_what_is_asked_for_is_there(engine: Engine, shape: Shape) -> None:
    assert there(engine) == (shape.atlas, shape.cache), "somebody pays for what nobody asked for"
    assert ("mongodbatlas" in packages(engine)) == shape.atlas, "a provider that nothing uses asks for an account"
    output = engine.outputs()["dolmen"]
    assert ("atlas" in output, "cache" in output) == (shape.atlas, shape.cache)


@pytest.mark.long
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_every_shape_is_made_through_a_fault_at_each_creation_and_leaves_nothing(engine: Engine, shape: Shape) -> None:
    ask(engine, shape)
    program = wanted(engine)
    engine.cloud.faults += faults(program, list(SHAPES.values()).index(shape))
    converge(engine, program)
    assert not engine.cloud.faults, f"never struck: {engine.cloud.faults}"
    engine.settled()
    nothing_exists_twice(engine, program)
    only_what_is_asked_for_is_there(engine, shape)
    engine.destroy()
    assert not list(engine.cloud.everything()), "a destroyed platform leaves something behind"


def test_parts_come_and_go_and_the_others_stay_as_they_are(engine: Engine) -> None:
    alone, both, cache = (
        SHAPES["atlas:database"],
        SHAPES["atlas-cache:database-keys-tokens"],
        SHAPES["cache:keys-tokens"],
    )
    ask(engine, alone)
    engine.up()
    engine.settled()
    only_what_is_asked_for_is_there(engine, alone)
    (cluster,) = engine.cloud.all(CLUSTER)

    since = len(engine.cloud.log)
    ask(engine, both)
    engine.up()
    engine.settled()
    only_what_is_asked_for_is_there(engine, both)
    touched = {call.type for call in engine.cloud.log[since:] if call.type.startswith("mongodbatlas:")}
    assert not touched, "a cache beside it changes Atlas"
    assert engine.cloud.all(CLUSTER)[0].id == cluster.id
    (group,) = engine.cloud.all(GROUP)

    ask(engine, cache)
    engine.up()
    engine.settled()
    only_what_is_asked_for_is_there(engine, cache)
    assert engine.cloud.all(GROUP)[0].extra == group.extra, "the cache is replaced because Atlas goes"
    engine.destroy()
    assert not list(engine.cloud.everything())
