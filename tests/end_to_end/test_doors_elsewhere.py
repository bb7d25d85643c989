"""Endpoints in other regions, accounts and VPCs, of a whole stack through the real engine, with clients at every step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cloud.cloud import Fault
from tests.end_to_end.clients import WatchedLog, published
from tests.end_to_end.engine import Engine
from tests.end_to_end.project import stack_engine
from tests.end_to_end.travellers import CLUSTER, ENDPOINT, GROUP, Travellers

pytestmark = pytest.mark.engine
FILE = "stacks/Pulumi.staging.yaml"
SECRET = "chat-stage/chat-app/database"
SERVICE = "mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService"
THERE = "vpcId: vpc-0a1b2c3d4e5f60719, subnetIds: [subnet-0aaaaaaaaaaaaaaa9]"
DOOR = f"{{ {THERE}, clientSecurityGroupIds: [sg-0ccccccccccccccc9] }}"
SEOUL, TOKYO = "ap-northeast-2", "ap-northeast-1"
Platform = tuple[Engine, Travellers]


@pytest.fixture
def platform(tmp_path: Path, warm: str) -> Iterator[Platform]:
    with stack_engine(tmp_path, "staging", warm=warm) as engine:
        yield engine, Travellers(engine.cloud, SECRET)


def say(engine: Engine, connectivity: str, cluster: str = "") -> None:
    """Write the way to the cluster into the stack file, and the cluster's own nodes."""
    path = engine.project / FILE
    told = {
        "cluster:": f'instanceSize: M30, mongodbVersion: "8.0", storageGb: 40{cluster and ", "}{cluster}',
        "connectivity:": connectivity,
    }
    lines: list[str] = []
    for line in path.read_text().splitlines():
        key = line.strip().split(" ")[0]
        indented = line.startswith("    ") and not line.startswith("     ")
        lines.append(f"    {key} {{ {told[key]} }}" if indented and key in told else line)
    path.write_text("\n".join(lines) + "\n")


def deploy(engine: Engine, clients: Travellers) -> list[tuple[str, str]]:
    """One `up` with clients that connect after every operation: what was done to which type."""
    clients.begin()
    log = engine.cloud.log = WatchedLog(clients)
    engine.up()
    assert not clients.failures, "A client is locked out:\n" + "\n".join(clients.failures)
    engine.settled()
    return [(call.operation, call.type) for call in log]


def host(engine: Engine) -> str:
    value = published(engine.cloud, SECRET)
    assert value
    return str(value["mongo_uri"]).split("@")[1].split("/")[0]


def nodes(*regions: tuple[str, int]) -> str:
    return f"regions: [{', '.join(f'{{ region: {region}, electableNodes: {count} }}' for region, count in regions)}]"


def test_a_region_comes_and_goes_and_no_client_is_locked_out(platform: Platform) -> None:
    engine, clients = platform
    say(engine, "privateLink: {}")
    deploy(engine, clients)
    before = host(engine)

    say(engine, f"privateLink: {{ regions: {{ {TOKYO}: {DOOR} }} }}")
    opened = deploy(engine, clients)
    assert {operation for operation, _ in opened} == {"create"}
    (there,) = (one for one in engine.cloud.all(ENDPOINT) if one.inputs["region"] == TOKYO)
    assert there.inputs["vpcId"] == "vpc-0a1b2c3d4e5f60719", "the door opens into another network"

    say(engine, f"privateLink: {{ regions: {{ {TOKYO}: {DOOR} }} }}", nodes((SEOUL, 2), (TOKYO, 1)))
    assert deploy(engine, clients) == [("update", CLUSTER)]
    assert host(engine) == before, "every client would have to read its secret again"
    assert "Without ap-northeast-2 reads alone go on" in engine.outputs()["dolmen"]["atlas"]["survives"]

    say(engine, f"privateLink: {{ regions: {{ {TOKYO}: {DOOR} }} }}", nodes((TOKYO, 2), (SEOUL, 1)))
    assert deploy(engine, clients) == [("update", CLUSTER)]
    say(engine, f"privateLink: {{ regions: {{ {TOKYO}: {DOOR} }} }}")
    assert deploy(engine, clients) == [("update", CLUSTER)]
    say(engine, "privateLink: {}")
    assert {operation for operation, _ in deploy(engine, clients)} == {"delete"}
    engine.destroy()
    assert not list(engine.cloud.everything())


@pytest.mark.long
def test_a_platform_over_regions_begins_again_wherever_a_door_failed(platform: Platform) -> None:
    engine, clients = platform
    doors = ", ".join(f"{region}: {DOOR}" for region in (TOKYO, "ap-southeast-1"))
    say(engine, f"privateLink: {{ regions: {{ {doors} }} }}", nodes((SEOUL, 2), (TOKYO, 2), ("ap-southeast-1", 1)))
    kinds = ("PrivateLinkEndpoint", "SecurityGroup", "VpcEndpoint", "PrivateLinkEndpointService")
    faults = [Fault(f":{kind}", "refused", name=f"private-link-{TOKYO}") for kind in kinds] + [
        Fault(CLUSTER, "refused")
    ]
    engine.cloud.faults.extend(faults)
    for _ in range(len(faults) + 1):  # each may fail an `up` of its own
        if engine.up(ok=None).code == 0:
            break
    assert not [fault.type for fault in faults if fault.hits != 1], "these never failed: the test shows nothing of them"
    deploy(engine, clients)
    assert "-pl-" in host(engine), "one string leads through the doors of all regions"
    engine.destroy()
    assert not list(engine.cloud.everything()), "a failed create left something behind"


@pytest.mark.long
def test_a_door_in_another_account_and_further_ones_share_one_service(platform: Platform) -> None:
    engine, clients = platform
    role = "arn:aws:iam::444455556666:role/network"
    say(engine, f"privateLink: {{ awsRole: '{role}', {THERE}, securityGroupIds: [sg-0ddddddddddddddd1] }}")
    deploy(engine, clients)
    groups = [one.asked_as for one in engine.cloud.all(GROUP)]
    assert not [name for name in groups if "private-link" in name], "groups of the account's own were to serve"

    further = f"further: {{ analytics: {DOOR}, hub: {{ endpointId: vpce-0a1b2c3d4e5f60718 }} }}"
    say(engine, f"privateLink: {{ awsRole: '{role}', {THERE}, securityGroupIds: [sg-0ddddddddddddddd1], {further} }}")
    deploy(engine, clients)
    said = engine.outputs()["dolmen"]["atlas"]["furtherEndpoints"]
    strings = {name: one["srvConnectionString"] for name, one in said.items()}
    assert len({*strings.values(), host(engine)}) == 3, "clients of one VPC would be sent through another's door"
    assert said["hub"]["endpointId"] == "vpce-0a1b2c3d4e5f60718"
    assert len({one.inputs["privateLinkId"] for one in engine.cloud.all(SERVICE)}) == 1, "Atlas takes one service"

    say(engine, f"privateLink: {{ awsRole: '{role}', {THERE}, securityGroupIds: [sg-0ddddddddddddddd1] }}")
    assert {operation for operation, _ in deploy(engine, clients)} == {"delete"}
    engine.destroy()
    assert not list(engine.cloud.everything())
