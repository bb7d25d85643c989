"""The order that the clouds impose, worked out from what exists in them: never from a program's own dependencies.

Something comes after another thing where

- a property names it, and the cloud refuses what does not exist (`data/order.json`),
- a property contains a text that the cloud made up for it (an ARN, an endpoint, a connection string), or
- the service demands it without a property that says so (`ALSO`).
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Mapping
from typing import Any, TypeVar

from tests.cloud.cloud import ACCOUNT, Cloud, Live, seconds
from tests.cloud.contracts import at
from tests.cloud.kinds.base import edges

_CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
ALSO: Mapping[str, tuple[str, ...]] = {
    _CLUSTER: (
        "mongodbatlas:index/networkContainer:NetworkContainer",
        "mongodbatlas:index/encryptionAtRest:EncryptionAtRest",
    ),
}
"""In the same project: Atlas refuses a container after the first cluster of its region, and a cluster under an own key
before the key."""
_PRIVATE = "mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService"

Place = tuple[str, str]


def imposed(cloud: Cloud) -> dict[Place, set[Place]]:
    """What exists → what had to exist before it."""
    before: dict[Place, set[Place]] = {_place(live): set() for live in cloud.everything()}
    made = list(_made_up(cloud))
    for live in cloud.everything():
        earlier = [target for edge in edges() if edge.covers(live.type) for target in _named(cloud, edge, live)]
        earlier += [
            other
            for token in ALSO.get(live.type, ())
            for other in cloud.find(token, projectId=live.inputs.get("projectId"))
        ]
        text = json.dumps(live.inputs)
        earlier += [other for fragment, others in made if fragment in text for other in others]
        before[_place(live)] |= {_place(other) for other in earlier if other is not live}
    return before


def _place(live: Live) -> Place:
    return live.type, live.id


def _named(cloud: Cloud, edge: Any, live: Live) -> Iterator[Live]:
    for value in at(live.inputs, edge.property):
        yield from edge.targets(cloud, live.inputs, value)


def _made_up(cloud: Cloud) -> Iterator[tuple[str, list[Live]]]:
    """Each text that a cloud made up, and what had to exist for it. The account is known to everybody beforehand."""
    for live in cloud.everything():
        outputs = cloud.kind(live.type).outputs(cloud, live)
        given = json.dumps(live.inputs)
        private = outputs.get("connectionStrings", {}).pop("privateEndpoints", []) if live.type == _CLUSTER else []
        services = cloud.find(_PRIVATE, projectId=live.inputs.get("projectId"))
        for fragment in {*_texts(outputs), live.id}:
            if len(fragment) > 11 and fragment not in given and fragment != ACCOUNT:
                yield fragment, [live]
        for fragment in _texts(private):
            if len(fragment) > 11 and "mongodb" in fragment:
                yield fragment.removeprefix("mongodb+srv://"), [live, *services]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for entry in value.values():
            yield from _texts(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry)
    elif isinstance(value, str):
        yield value


def longest_chain(cloud: Cloud) -> tuple[float, list[Live]]:
    """(seconds, the resources in order): no `up` of these resources can be faster."""
    before = imposed(cloud)
    total, places = _longest(before, {place: seconds(place[0], "create") for place in before})
    return total, [cloud.live[token][resource_id] for token, resource_id in places]


def longest_wait(resources: list[dict[str, Any]]) -> tuple[float, list[str]]:
    """(seconds, URNs in order) of the longest chain in a stack's state: what Pulumi waits for, needed or not."""
    before: dict[str, set[str]] = {}
    lasts: dict[str, float] = {}
    for resource in resources:
        urn = resource["urn"]
        named = {
            *resource.get("dependencies", ()),
            resource.get("parent"),
            resource.get("provider", "").rsplit("::", 1)[0],
        }
        for urns in (resource.get("propertyDependencies") or {}).values():
            named |= set(urns)
        before[urn] = {other for other in named if other}
        made = resource.get("custom") and not resource["type"].startswith("pulumi:")
        lasts[urn] = seconds(resource["type"], "create") if made else 0.0
    return _longest({urn: earlier & before.keys() for urn, earlier in before.items()}, lasts)


Node = TypeVar("Node", bound=Hashable)


def _longest(before: Mapping[Node, set[Node]], lasts: Mapping[Node, float]) -> tuple[float, list[Node]]:
    known: dict[Node, tuple[float, list[Node]]] = {}

    def ends(node: Node) -> tuple[float, list[Node]]:
        if node not in known:
            known[node] = (0.0, [])  # a circle would be a lie in the table; it ends here
            earlier = max((ends(other) for other in before[node]), default=(0.0, []), key=lambda found: found[0])
            known[node] = (earlier[0] + lasts[node], [*earlier[1], node])
        return known[node]

    return max((ends(node) for node in before), key=lambda found: found[0])
