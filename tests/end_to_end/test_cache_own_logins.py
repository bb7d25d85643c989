"""The exporter's and the people's logins to the cache: usable at every step of a new password, with the real engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cloud.cloud import Call
from tests.end_to_end.clients import CACHE, CACHE_USER, VERSION, Exporter, WatchedLog, published
from tests.end_to_end.engine import Engine
from tests.end_to_end.project import stack_engine

pytestmark = pytest.mark.engine
FILE = "stacks/Pulumi.development.yaml"
KEYS = {"exporter": "exporterUser", "operations": "operationsUser"}
ROLE = "aws:iam/role:Role"
ATTACHED = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"


@pytest.fixture
def engine(tmp_path: Path, warm: str) -> Iterator[Engine]:
    with stack_engine(tmp_path, "development", warm=warm) as engine:
        yield engine


def say(engine: Engine, *lines: str) -> None:
    """Write into the cache's section what is asked for these logins."""
    path = engine.project / FILE
    kept = [line for line in path.read_text().splitlines() if not line.strip().startswith(tuple(KEYS.values()))]
    index = next(number for number, line in enumerate(kept) if "durability:" in line)
    kept[index + 1 : index + 1] = [f"    {line}" for line in lines]
    path.write_text("\n".join(kept) + "\n")


def of_generation(newest: int, active: int) -> list[str]:
    return [f"{key}: {{credentials: {{generation: {newest}, active: {active}}}}}" for key in KEYS.values()]


def deploy(engine: Engine) -> list[Call]:
    users = [Exporter(engine.cloud, f"chat-dev/cache/{label}") for label in KEYS]
    for user in users:
        user.begin()
    log = engine.cloud.log = WatchedLog(*users)
    engine.up()
    refused = [failure for user in users for failure in user.failures]
    assert not refused, "a login is locked out:\n" + "\n".join(refused)
    return list(log)


@pytest.mark.long
def test_no_login_is_locked_out_while_generations_go_by(engine: Engine) -> None:
    deploy(engine)
    (cache,) = engine.cloud.all(CACHE)
    for label in KEYS:
        value = published(engine.cloud, f"chat-dev/cache/{label}")
        assert value is not None and {*value} == {"host", "port", "user", "password", "tls", "clusterMode"}
        assert (value["user"], value["port"], value["tls"], value["clusterMode"]) == (label, 6379, True, False)
        assert cache.id in value["host"], "it leads to another cache"
    for newest in (2, 3):
        before = {label: published(engine.cloud, f"chat-dev/cache/{label}") for label in KEYS}
        say(engine, *of_generation(newest, newest - 1))
        raised = deploy(engine)
        assert not [call for call in raised if call.type == VERSION], "a password that nobody is to use is published"
        say(engine, *of_generation(newest, newest))
        switched = deploy(engine)
        assert {(call.operation, call.type) for call in switched} == {("create", VERSION)}
        for label, old in before.items():
            new = published(engine.cloud, f"chat-dev/cache/{label}")
            assert new and old and new["password"] != old["password"], "the new password is not published"
    engine.settled()

    for user in engine.cloud.all(CACHE_USER):
        user.inputs["passwords"] = ["changed by hand"]
    exporter = Exporter(engine.cloud, "chat-dev/cache/exporter")
    exporter.look(Call("update", CACHE_USER, "by hand", 0, 0, "done"))
    assert exporter.failures, "A wrong password goes unnoticed: this test shows nothing."


@pytest.mark.long
def test_a_reader_comes_changes_and_goes_and_the_login_stays(engine: Engine) -> None:
    deploy(engine)
    value = published(engine.cloud, "chat-dev/cache/exporter")
    reader = "exporterUser: {reader: {ecsTasks: {as: %s}}}"
    for use, attached in (("execution", 1), ("task", 0)):
        say(engine, reader % use)
        deploy(engine)
        assert [role.inputs["name"] for role in engine.cloud.find(ROLE, name="chat-dev_cache-exporter_reader")]
        held = [one for one in engine.cloud.all(ATTACHED) if "cache-exporter" in str(one.inputs["role"])]
        assert len(held) == attached, "a role has more rights, or fewer, than its use needs"
        engine.settled()
    say(engine)
    deploy(engine)
    assert not engine.cloud.find(ROLE, name="chat-dev_cache-exporter_reader"), "a right that nobody asks for stays"
    assert published(engine.cloud, "chat-dev/cache/exporter") == value, "who reads changes what is read"
