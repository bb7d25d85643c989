"""Networks that are there already, through the real engine: a container, a service, an endpoint; and strings that lag."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.engine import Engine, write_program
from tests.end_to_end.test_atlas_choices import LINK, PROGRAM, REGION, WAYS, base, calls, want

pytestmark = pytest.mark.engine

PROJECT = "5f0000000000000000000009"
LINK_TYPE = "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint"
SERVICE_TYPE = "mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService"
CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
PEERING = "mongodbatlas:index/networkPeering:NetworkPeering"
RANGE = "192.168.240.0/21"
"""What Atlas chose, in the simulated cloud."""


@pytest.fixture
def engine(tmp_path: Path, warm: str) -> Iterator[Engine]:
    project = write_program(tmp_path / "project", PROGRAM, name="shop")
    with Engine(project, tmp_path, warm=warm) as running:
        running.configure({"aws:region": "ap-northeast-2"})
        yield running


def adopted_project(way: str, **changes: Any) -> dict[str, Any]:
    return {**base(way), "project": {"adopt": PROJECT, "protect_data": False}, **changes}


def test_a_private_string_that_lags_behind_its_endpoint_is_waited_for(engine: Engine) -> None:
    engine.cloud.string_lag = 2
    want(engine, base("private-link"))
    engine.up()
    assert "pl-" in str(engine.outputs()["web"]), "clients got the public string, or none"
    engine.settled()


def test_a_preview_asks_for_a_string_once_and_leaves_it_open_without_an_answer(engine: Engine) -> None:
    want(engine, base("private-link"))
    engine.up()
    engine.cloud.string_lag = 1_000_000  # somebody broke the endpoint in Atlas: it gives no string any more
    engine.cloud.facts.clear()
    shown = engine.preview("--show-secrets").text
    assert "=> [unknown]" in shown, "a preview showed a string that does not connect, or the last one as if it did"


def test_atlas_refuses_a_second_container_and_the_first_is_adopted_by_its_id(engine: Engine) -> None:
    wanted = adopted_project("access-list")
    want(engine, wanted)
    engine.up()  # the cluster comes first, and Atlas makes a container with it
    want(engine, {**wanted, **WAYS["peering"]})
    refused = engine.up(ok=False)
    assert "CONTAINER_ALREADY_EXISTS" in refused.text

    (cluster,) = engine.cloud.all(CLUSTER)
    container = {**REGION, "atlas_cidr": "10.99.0.0/21", "adopt": cluster.extra["containers"]["AP_NORTHEAST_2"]}
    want(engine, {**wanted, **WAYS["peering"], "container": container})
    refused = engine.preview(ok=False)
    assert f"its range is {RANGE}, not 10.99.0.0/21" in refused.text, "routes would lead to another network"

    want(engine, {**wanted, **WAYS["peering"], "container": {**container, "atlas_cidr": RANGE}})
    since = len(engine.cloud.log)
    engine.up()
    engine.settled()
    assert not calls(engine, since, "AdvancedCluster"), "the cluster was touched for the sake of its network"
    (peering,) = engine.cloud.all(PEERING)
    assert peering.inputs["containerId"] == container["adopt"]

    engine.destroy()
    assert not list(engine.cloud.everything()), "what was adopted is not ours to leave half open"


def test_a_container_that_atlas_does_not_know_ends_the_preview(engine: Engine) -> None:
    container = {**REGION, "atlas_cidr": RANGE, "adopt": "5f00000000000000000000ff"}
    want(engine, adopted_project("peering", container=container))
    assert "CLOUD_PROVIDER_CONTAINER_NOT_FOUND" in engine.preview(ok=False).text


def test_an_endpoint_that_exists_is_connected_and_stays_when_the_platform_goes(engine: Engine) -> None:
    """Of a hub's network team: the service was made by hand, and the endpoint in an account that nobody sees here."""
    inputs = {"projectId": PROJECT, "providerName": "AWS", "region": "AP_NORTHEAST_2"}
    service = engine.cloud.create(LINK_TYPE, "by hand", inputs)
    link = engine.cloud.get(LINK_TYPE, service)
    assert link is not None
    theirs = {**REGION, "private_link_id": link.extra["link"], "endpoint_id": "vpce-0a1b2c3d4e5f60718"}
    wanted = adopted_project("private-link", private_link=theirs)
    want(engine, wanted)
    engine.up()
    engine.settled()
    assert "pl-" in str(engine.outputs()["web"])
    assert not [live for live in engine.cloud.everything() if live.type.startswith("aws:ec2/")], "a VPC was touched"

    # Then an endpoint of the platform's own, connected to the same service.
    want(engine, {**wanted, "private_link": {**LINK, "private_link_id": link.extra["link"]}})
    engine.up()
    engine.settled()
    (connection,) = engine.cloud.all(SERVICE_TYPE)
    assert connection.inputs["endpointServiceId"] != theirs["endpoint_id"]

    engine.destroy()
    assert [live.id for live in engine.cloud.everything()] == [service], "the service is not the platform's to delete"
