"""docs/operations/move-the-door.md, step by step through the real engine: no client ever stands before a closed door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cloud.cloud import Fault
from tests.end_to_end.clients import WatchedLog, published
from tests.end_to_end.engine import Engine
from tests.end_to_end.project import stack_engine
from tests.end_to_end.travellers import CLUSTER, ENDPOINT, ENTRY, PEERING, Travellers

pytestmark = pytest.mark.engine
FILE = "stacks/Pulumi.staging.yaml"
SECRET = "chat-stage/chat-app/database"
WAYS = {"privateLink": "{}", "peering": "{}", "ipAccessList": "[203.0.113.10/32]"}
MOVES = [("peering", "privateLink"), ("privateLink", "peering"), ("ipAccessList", "privateLink")]
ONE_OF_THEM = [move if move == MOVES[0] else pytest.param(move, marks=pytest.mark.long) for move in MOVES]
Platform = tuple[Engine, Travellers]


@pytest.fixture
def platform(tmp_path: Path, warm: str) -> Iterator[Platform]:
    with stack_engine(tmp_path, "staging", warm=warm) as engine:
        yield engine, Travellers(engine.cloud, SECRET)


def say(engine: Engine, *ways: str, use: str | None = None, container: str | None = None) -> None:
    """Write the ways to the cluster into the stack file, and Atlas's side of a peering."""
    path = engine.project / FILE
    lines = [
        line
        for line in path.read_text().splitlines()
        if not line.strip().startswith(("connectivity:", "networkContainer:"))
    ]
    opened = [f"{way}: {WAYS[way]}" for way in ways] + ([f"use: {use}"] if use else [])
    said = [f"    connectivity: {{ {', '.join(opened)} }}"] + (
        [f"    networkContainer: {container}"] if container else []
    )
    index = next(number for number, line in enumerate(lines) if line.startswith("    alerts:"))
    path.write_text("\n".join([*lines[:index], *said, *lines[index:]]) + "\n")


def deploy(engine: Engine, clients: Travellers) -> WatchedLog:
    """One `up` with clients that connect after every operation."""
    clients.begin()
    log = engine.cloud.log = WatchedLog(clients)
    engine.up()
    assert not clients.failures, "A client is locked out:\n" + "\n".join(clients.failures)
    engine.settled()
    return log


def uri(engine: Engine) -> str:
    value = published(engine.cloud, SECRET)
    assert value
    return str(value["mongo_uri"])


def container_of(engine: Engine, move: tuple[str, str]) -> str | None:
    """Atlas's side of the peering: made with the platform, or the one that Atlas made when the cluster came first."""
    if "peering" not in move:
        return None
    if move[0] == "peering":
        return "{ atlasCidr: 192.168.248.0/21 }"
    (cluster,) = engine.cloud.all(CLUSTER)
    return f"{{ atlasCidr: 192.168.240.0/21, adopt: {cluster.extra['containers']['AP_NORTHEAST_2']} }}"


@pytest.mark.parametrize("move", ONE_OF_THEM)
def test_clients_move_from_one_door_to_another_and_none_is_locked_out(
    platform: Platform, move: tuple[str, str]
) -> None:
    engine, clients = platform
    old, new = move
    say(engine, old, container=container_of(engine, move) if old == "peering" else None)
    deploy(engine, clients)
    before, container = uri(engine), container_of(engine, move)

    say(engine, old, new, use=old, container=container)  # 1: the second door is opened, and nobody goes through it
    opened = deploy(engine, clients)
    assert uri(engine) == before, "clients were sent through a door that nobody has tried yet"
    assert {call.operation for call in opened} == {"create"}, "more happened than a door that opened"

    say(engine, old, new, use=new, container=container)  # 2: the secret names the new door
    deploy(engine, clients)
    assert ("-pl-" in uri(engine)) == (new == "privateLink"), "clients stayed at the old door"

    say(engine, new, container=container)  # 3: the old door is closed, once every client has read the secret
    closed = deploy(engine, clients)
    assert {call.operation for call in closed} == {"delete"}, "more happened than a door that closed"
    assert ("-pl-" in uri(engine)) == (new == "privateLink")
    assert bool(engine.cloud.all(ENDPOINT)) == (new == "privateLink"), "a door stays open, or both are shut"
    assert bool(engine.cloud.all(PEERING)) == (new == "peering")
    assert bool(engine.cloud.all(ENTRY)) == (new == "peering"), "addresses may still connect that need not"
    assert clients.journeys > 10, "nobody travelled: the test shows nothing"
    engine.destroy()
    assert not list(engine.cloud.everything()), "a platform that has moved leaves something behind"


@pytest.mark.parametrize("back", ["privateLink", "peering"])
@pytest.mark.long
def test_a_step_that_fails_half_way_locks_nobody_out_and_goes_on(platform: Platform, back: str) -> None:
    engine, clients = platform
    container = "{ atlasCidr: 192.168.248.0/21 }"
    say(engine, back, container=container)
    deploy(engine, clients)
    other = "peering" if back == "privateLink" else "privateLink"
    say(engine, "privateLink", "peering", use=back, container=container)
    kinds = {
        "privateLink": ("PrivateLinkEndpoint", "SecurityGroup", "VpcEndpoint", "PrivateLinkEndpointService"),
        "peering": (
            "NetworkPeering",
            "VpcPeeringConnectionAccepter",
            "PeeringConnectionOptions",
            "Route",
            "ProjectIpAccessList",
        ),
    }[other]
    clients.begin()
    engine.cloud.log = WatchedLog(clients)
    faults = [Fault(f":{kind}", "refused") for kind in kinds]
    engine.cloud.faults.extend(faults)
    for _ in range(len(kinds) + 1):  # each may fail an `up` of its own
        if engine.up(ok=None).code == 0:
            break
    assert not [fault.type for fault in faults if fault.hits != 1], "these never failed: the test shows nothing of them"
    assert not clients.failures, "A client is locked out:\n" + "\n".join(clients.failures)
    deploy(engine, clients)


def test_in_one_step_a_client_is_locked_out(platform: Platform) -> None:
    """Why it takes three: a client that has read the secret stands before a closed door."""
    engine, clients = platform
    container = "{ atlasCidr: 192.168.248.0/21 }"
    say(engine, "peering", container=container)
    deploy(engine, clients)
    say(engine, "privateLink", container=container)
    clients.begin()
    engine.cloud.log = WatchedLog(clients)
    engine.up()
    assert any("the old client" in failure for failure in clients.failures), "the page may ask for one step then"
