"""Each stack lives its whole life on the real engine: made, settled, changed, replaced, repaired, protected, removed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.cloud.order import longest_chain, longest_wait
from tests.end_to_end.engine import Engine
from tests.end_to_end.project import STACKS, stack_engine

pytestmark = pytest.mark.engine

GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
ROLE = "mongodbatlas:index/customDbRole:CustomDbRole"
SECRET = "aws:secretsmanager/secret:Secret"


LIVES = [stack if stack == "production" else pytest.param(stack, marks=pytest.mark.long) for stack in STACKS]
"""Production is watched each time; the others with the long tests."""


@pytest.mark.parametrize("stack", LIVES)
def test_a_stack_lives_its_whole_life(stack: str, tmp_path: Path, warm: str) -> None:
    with stack_engine(tmp_path / "stack", stack, warm=warm) as engine:
        a_preview_shows_creations_and_touches_nothing(engine)
        an_up_makes_everything_and_leaves_nothing_to_do(engine)
        nothing_waits_for_what_it_does_not_need(engine)
        a_change_of_tags_is_made_in_place(engine)
        what_was_changed_by_hand_is_seen_and_put_back(engine)
        what_was_deleted_by_hand_is_seen_and_made_again(engine)
        if protected(engine):
            a_replacement_of_protected_data_is_refused_in_the_preview(engine)
            a_destroy_of_protected_data_is_refused_before_anything_happens(engine)
            a_deliberate_end_leaves_only_what_holds_data(engine)
        else:
            a_downgrade_of_the_cache_replaces_it_once(engine)
            a_destroy_leaves_nothing_behind(engine)


def file_of(engine: Engine) -> str:
    return f"stacks/Pulumi.{engine.stack}.yaml"


def protected(engine: Engine) -> list[str]:
    return [resource["urn"] for resource in engine.resources() if resource.get("protect")]


def census(engine: Engine) -> Counter[str]:
    """How many of each type exist in the clouds."""
    return Counter(live.type for live in engine.cloud.everything())


def a_preview_shows_creations_and_touches_nothing(engine: Engine) -> None:
    assert set(engine.steps()) <= {"create", "read"}
    assert not list(engine.cloud.everything()), "a preview made something"


def an_up_makes_everything_and_leaves_nothing_to_do(engine: Engine) -> None:
    engine.up()
    managed = Counter(
        resource["type"]
        for resource in engine.resources()
        if resource.get("custom") and not resource["type"].startswith("pulumi:") and not resource.get("external")
    )
    assert census(engine) == managed, "state and clouds do not hold the same things"
    engine.settled()
    engine.refresh("--expect-no-changes")


def nothing_waits_for_what_it_does_not_need(engine: Engine) -> None:
    """The longest chain in the program's graph is the one that the clouds impose: side by side is what can be."""
    imposed, chain = longest_chain(engine.cloud)
    waits, order = longest_wait(engine.resources())
    assert waits <= 1.02 * imposed, f"{waits} s along {order}, where the clouds impose {imposed} s along {chain}"
    assert waits >= imposed, "the clouds impose what the program does not wait for: the table of edges is wrong"


def a_change_of_tags_is_made_in_place(engine: Engine) -> None:
    before = {live.id for live in engine.cloud.everything()}
    engine.edit(file_of(engine), "team: chat", "team: messaging")
    steps = engine.steps()
    assert set(steps) == {"update"}, f"a change of tags does more than update: {steps}"
    engine.up()
    assert {live.id for live in engine.cloud.everything()} == before
    assert engine.cloud.all(GROUP)[0].inputs["tags"]["team"] == "messaging"


def what_was_changed_by_hand_is_seen_and_put_back(engine: Engine) -> None:
    (group,), (cluster,) = engine.cloud.all(GROUP), engine.cloud.all(CLUSTER)
    kept = group.inputs["snapshotRetentionLimit"]
    group.inputs["snapshotRetentionLimit"] = 35
    cluster.inputs["terminationProtectionEnabled"] = not cluster.inputs["terminationProtectionEnabled"]
    engine.refresh()
    steps = engine.steps()
    assert set(steps) == {"update"}
    assert len(steps["update"]) == 2, f"two things were changed by hand, the preview sees {steps}"
    engine.up()
    assert engine.cloud.all(GROUP)[0].inputs["snapshotRetentionLimit"] == kept


def what_was_deleted_by_hand_is_seen_and_made_again(engine: Engine) -> None:
    before = census(engine)
    engine.cloud.vanish(ROLE, engine.cloud.all(ROLE)[0].id)
    assert census(engine) != before
    engine.refresh()
    steps = engine.steps()
    assert len(steps["create"]) == 1 and set(steps) <= {"create", "update"}, (
        f"one role is gone, the preview sees {steps}"
    )
    engine.up()
    engine.settled()
    assert census(engine) == before


def a_downgrade_of_the_cache_replaces_it_once(engine: Engine) -> None:
    (old,) = engine.cloud.all(GROUP)
    engine.edit(file_of(engine), 'version: "9.0"', 'version: "8.1"')
    steps = engine.steps()
    replaced = [name for operation, names in steps.items() if "replace" in operation for name in names]
    assert any(name.endswith("-cache") for name in replaced), f"ElastiCache refuses a downgrade: {steps}"
    engine.up()
    engine.settled()
    (new,) = engine.cloud.all(GROUP)
    assert new.inputs["engineVersion"] == "8.1" and new.extra != old.extra, "the cache was not replaced"


def a_replacement_of_protected_data_is_refused_in_the_preview(engine: Engine) -> None:
    before = engine.cloud.all(CLUSTER)[0].id
    engine.edit(file_of(engine), "dolmen:name: chat-prod", "dolmen:name: chat-next")
    refused = engine.preview(ok=False)
    assert "protect" in refused.text, "the data of production would have been replaced"
    engine.edit(file_of(engine), "dolmen:name: chat-next", "dolmen:name: chat-prod")
    assert engine.cloud.all(CLUSTER)[0].id == before
    engine.settled()


def a_destroy_of_protected_data_is_refused_before_anything_happens(engine: Engine) -> None:
    """With its preview, that is: `--skip-preview` would delete what is not protected before it stops."""
    before = census(engine)
    refused = engine.pulumi("destroy", "--yes", "--stack", engine.stack, ok=False)
    assert "cannot be deleted" in refused.text and "protected" in refused.text
    assert census(engine) == before, "something of production was deleted"


def a_deliberate_end_leaves_only_what_holds_data(engine: Engine) -> None:
    """docs/operations/destroy.md, step by step: three locks, each opened by a person."""
    engine.pulumi("state", "unprotect", "--all", "--yes", "--stack", engine.stack)
    opened: set[str] = set()
    for _ in range(3):
        tried = engine.destroy(ok=None)
        if tried.code == 0:
            break
        if "TERMINATION_PROTECTION" in tried.text:
            opened.add("Atlas's termination protection")
            engine.cloud.all(CLUSTER)[0].inputs["terminationProtectionEnabled"] = False
        if "InvalidUserGroupState" in tried.text:  # the cache was retained, and still uses its users
            opened.add("the retained cache")
            engine.cloud.vanish(GROUP, engine.cloud.all(GROUP)[0].id)
    assert tried.code == 0, tried.text
    assert "Atlas's termination protection" in opened, "unprotecting in Pulumi was enough to delete production's data"
    assert set(census(engine)) <= {"aws:kms/key:Key", GROUP}, f"left behind: {census(engine)}"


def a_destroy_leaves_nothing_behind(engine: Engine) -> None:
    engine.pulumi("destroy", "--yes", "--stack", engine.stack)
    assert not census(engine), f"left behind: {census(engine)}"
