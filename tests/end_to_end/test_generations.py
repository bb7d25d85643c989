"""New passwords and keys through the real engine on simulated clouds, with clients that log in at every step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cloud.cloud import Call
from tests.end_to_end.clients import CACHE_USER, DATABASE_USER, VERSION, Clients, WatchedLog, published
from tests.end_to_end.engine import Engine
from tests.end_to_end.project import stack_engine

pytestmark = pytest.mark.engine
FILE = "stacks/Pulumi.development.yaml"
PASSWORD = "random:index/randomPassword:RandomPassword"
Platform = tuple[Engine, Clients]


@pytest.fixture
def platform(tmp_path: Path, warm: str) -> Iterator[Platform]:
    with stack_engine(tmp_path, "development", warm=warm) as engine:
        clients = Clients(engine.cloud, "chat-dev/chat-app")
        say(engine, 1, 1, 1, 1)
        yield engine, clients


def say(engine: Engine, generation: int, active: int, keys: int, signing: int) -> None:
    """Write the generations into the stack file."""
    path = engine.project / FILE
    lines = [
        line for line in path.read_text().splitlines() if "credentials: { gen" not in line and "jwtKeys:" not in line
    ]
    index = next(number for number, line in enumerate(lines) if "database: chatdb" in line)
    lines[index + 1 : index + 1] = [
        f"      credentials: {{ generation: {generation}, active: {active} }}",
        f"      jwtKeys: {{ generation: {keys}, active: {signing} }}",
    ]
    path.write_text("\n".join(lines) + "\n")


def deploy(engine: Engine, clients: Clients) -> list[Call]:
    """One `up` with clients that log in after every operation; its operations in order."""
    clients.begin()
    log = engine.cloud.log = WatchedLog(clients)
    engine.up()
    assert not clients.failures, "A client is locked out:\n" + "\n".join(clients.failures)
    assert all(call.outcome == "done" for call in log)
    return list(log)


def read(engine: Engine) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both secrets as they are published now."""
    database, keys = (published(engine.cloud, f"chat-dev/chat-app/{label}") for label in ("database", "jwt-secrets"))
    assert database and keys
    return database, keys


def named(log: list[Call], token: str, part: str) -> list[int]:
    """Where in the log the operations on a kind of resource stand, by a part of their name."""
    return [number for number, call in enumerate(log) if call.type == token and part in call.name]


@pytest.mark.long
def test_no_client_is_ever_locked_out_while_generations_go_by(platform: Platform) -> None:
    engine, clients = platform
    first = deploy(engine, clients)
    assert max(named(first, DATABASE_USER, "chat-app") + named(first, CACHE_USER, "chat-app")) < min(
        named(first, VERSION, "database")
    ), "The first version is published before its users exist."
    signed: list[str] = []
    for generation in (2, 3, 4):
        before, keys = read(engine)
        signed.append(keys["current"])

        say(engine, generation, generation - 1, generation, generation - 1)
        raised = deploy(engine, clients)
        made = [n for n in named(raised, PASSWORD, "") if raised[n].operation == "create"]
        users = named(raised, DATABASE_USER, "") + named(raised, CACHE_USER, "")
        assert made and users and min(made) < min(users), "A user is changed before there is a password."
        assert not named(raised, VERSION, "database"), "A password that nobody is to use yet is published."
        assert read(engine)[0] == before
        assert read(engine)[1] == {**keys, "next": read(engine)[1]["next"]}, "Something besides the next key changes."

        say(engine, generation, generation, generation, generation)
        switched = deploy(engine, clients)
        assert {(call.operation, call.type) for call in switched} == {("create", VERSION)}, (
            "Switching clients over changes something besides what they read, or takes a version away."
        )
        after, moved = read(engine)
        assert after["mongo_user"] != before["mongo_user"], "The two users do not take turns."
        assert after["mongo_password"] != before["mongo_password"], "The new password is not published."
        assert after["redis_password"] != before["redis_password"], "The new password is not published."
        assert moved["previous"] == keys["current"], "Tokens signed before the switch do not verify after it."
        assert moved["current"] not in signed, "An old key signs again."
        assert all(len(key) * 8 >= 256 for key in moved.values())
    engine.settled()
    assert clients.logins > 30, "The clients hardly ever looked: this test shows little."
    for user in engine.cloud.all(DATABASE_USER):
        user.inputs["password"] = "changed by hand"
    clients.begin()
    clients.look(Call("update", DATABASE_USER, "by hand", 0, 0, "done"))
    assert len(clients.failures) == 2, "A wrong password goes unnoticed: this test shows nothing."


@pytest.mark.long
def test_raising_both_at_once_publishes_after_the_users_hold_the_new_passwords(platform: Platform) -> None:
    engine, clients = platform
    deploy(engine, clients)
    for generation in (2, 3):
        say(engine, generation, generation, 1, 1)
        log = deploy(engine, clients)
        users = named(log, DATABASE_USER, "") + named(log, CACHE_USER, "")
        [version] = named(log, VERSION, "")
        assert max(users) < version, "A client could read a password that its user does not hold yet."
        assert log[version].operation == "create", "A reader that asks for AWSPREVIOUS finds nothing."


OTHER = """    {name}:
      database: {name}db
      cacheKeys: "{name}:*"
      secrets: {{ recoveryWindowDays: 0 }}
      reader: {{ ecsTasks: {{as: execution}} }}
"""


@pytest.mark.long
def test_one_application_is_added_and_one_removed_without_touching_the_others(platform: Platform) -> None:
    engine, clients = platform
    billing, search = OTHER.format(name="billing"), OTHER.format(name="search")
    engine.edit(FILE, "  dolmen:tags:", f"{billing}  dolmen:tags:")
    deploy(engine, clients)
    urns = {resource["urn"] for resource in engine.resources()}
    before = {(live.type, live.id): dict(live.inputs) for live in engine.cloud.everything()}
    engine.edit(FILE, billing, search)
    deploy(engine, clients)
    now = {resource["urn"] for resource in engine.resources()}
    assert all("-billing" in urn for urn in urns - now), "Removing billing takes something else away."
    assert all("-search" in urn for urn in now - urns), "Adding search adds something else."
    members = "aws:elasticache/userGroup:UserGroup"  # the one thing that lists all applications
    changed = [
        (live.type, live.id)
        for live in engine.cloud.everything()
        if live.type != members and before.get((live.type, live.id), live.inputs) != live.inputs
    ]
    assert changed == [], "An application's coming or going changes what belongs to another."
    engine.settled()
