"""An application moves between passwords and IAM, with clients that log in to the cache at every step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cloud.cloud import Call
from tests.end_to_end.clients import CACHE_USER, USER_GROUP, VERSION, Clients, Tasks, WatchedLog, published
from tests.end_to_end.engine import Engine
from tests.end_to_end.project import stack_engine

pytestmark = pytest.mark.engine
FILE = "stacks/Pulumi.development.yaml"
BOTH = "[password, iam]"
THERE = [("password", BOTH), ("iam", BOTH), ("iam", "[iam]")]
BACK = [("iam", BOTH), ("password", BOTH), ("password", "[password]")]


@pytest.fixture
def engine(tmp_path: Path, warm: str) -> Iterator[Engine]:
    with stack_engine(tmp_path, "development", warm=warm) as engine:
        engine.up()
        yield engine


def say(engine: Engine, told: str, logins: str) -> None:
    """Write into the stack file how the application logs in."""
    path = engine.project / FILE
    lines = [
        line for line in path.read_text().splitlines() if not line.strip().startswith(("cacheAuth", "cacheLogins"))
    ]
    index = next(number for number, line in enumerate(lines) if "cacheKeys:" in line)
    lines[index:index] = [f"      cacheAuthentication: {told}", f"      cacheLogins: {logins}"]
    path.write_text("\n".join(lines) + "\n")


def deploy(engine: Engine) -> tuple[list[Call], list[str]]:
    """One `up` with clients and tasks that log in after every operation; its operations, and who was refused."""
    environment = engine.outputs()["dolmen"]["applications"]["chat-app"]["environment"]
    clients = Clients(engine.cloud, "chat-dev/chat-app")
    clients.begin()
    tasks = Tasks(
        engine.cloud,
        "chat-dev/chat-app/database",
        environment["plain"]["REDIS_USERNAME"],
        "REDIS_PASSWORD" in environment["secrets"],
    )
    log = engine.cloud.log = WatchedLog(clients, tasks)
    engine.up()
    assert all(call.outcome == "done" for call in log)
    return list(log), [*clients.failures, *tasks.failures]


@pytest.mark.long
def test_no_client_is_locked_out_while_an_application_moves_to_iam_and_back(engine: Engine) -> None:
    for told, logins in (*THERE, *BACK):
        say(engine, told, logins)
        log, refused = deploy(engine)
        where = f"{told} of {logins}"
        assert not refused, f"{where}: a client is locked out:\n" + "\n".join(refused)
        changed = {(call.operation, call.type) for call in log}
        if logins != BOTH:
            assert ("delete", CACHE_USER) in changed, f"{where}: the old login stays for ever."
            assert len(engine.cloud.all(CACHE_USER)) == 3, "The application has more than one login."
        elif ("create", CACHE_USER) not in changed:
            assert changed == {("create", VERSION)}, f"{where}: the switch changes more than what clients are told."
        elif ("create", VERSION) in changed:
            order = [call.type for call in log if call.type in (USER_GROUP, VERSION)]
            assert order == [USER_GROUP, VERSION], f"{where}: a login is published before the cache takes it."
        value = published(engine.cloud, "chat-dev/chat-app/database") or {}
        assert value.get("redis_authentication", "password") == told, f"{where}: clients are told something else."
        assert bool(value["redis_password"]) == ("password" in logins), f"{where}: tasks that still run start no more."
    engine.settled()

    say(engine, "iam", "[iam]")
    _, refused = deploy(engine)
    assert refused, "Both steps at once lock nobody out: this test shows nothing."
