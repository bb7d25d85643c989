"""The cache's components as programs in other languages ask for them."""

from __future__ import annotations

import asyncio
from typing import Any

import pulumi
from google.protobuf import struct_pb2
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.server import ProviderServicer
from pulumi.runtime import rpc

from components.arguments import check
from components.cache.replication_group import CacheReplicationGroup
from components.cache.replication_group_arguments import CacheReplicationGroupArgs
from components.cache.replication_group_limits import problems

UNKNOWN = {rpc._special_sig_key: rpc._special_output_value_sig, "dependencies": ["urn:pulumi:dev::shop::aws:sns/topic:Topic::t"]}  # fmt: skip
"""An id or ARN of something that is still to be made, as every SDK sends it in a preview."""
SENT: dict[str, Any] = {
    "replicationGroupId": "shop-cache",
    "version": "9.0",
    "nodeType": "cache.r7g.large",
    "clusterMode": True,
    "shards": 2.0,
    "durability": "async",
    "userGroupId": UNKNOWN,
    "vpcId": UNKNOWN,
    "privateSubnetIds": [UNKNOWN, UNKNOWN],
    "clientSecurityGroupIds": {"web": UNKNOWN},
    "alarms": {"warningsTopicArn": UNKNOWN, "severeTopicArn": UNKNOWN, "cpuPercent": 80.0},
    "protectData": True,
}


def received(sent: dict[str, Any]) -> Any:
    request = struct_pb2.Struct()
    request.update(sent)
    provider = ComponentProvider([CacheReplicationGroup], "dolmen")
    loop = asyncio.new_event_loop()  # its own: other tests go on with theirs
    inputs = loop.run_until_complete(ProviderServicer._construct_inputs(request, {}))
    loop.close()
    return provider.map_inputs(inputs, provider._component_defs["CacheReplicationGroup"])


def test_what_decides_how_many_alarms_there_are_is_known_where_topics_are_not() -> None:
    args = received(SENT)
    assert isinstance(args["alarms"]["severe_topic_arn"], pulumi.Output)
    assert isinstance(args["client_security_group_ids"]["web"], pulumi.Output), "a rule would have no name"
    assert (args["shards"], args["alarms"]["cpu_percent"]) == (2, 80)
    check("shop-cache", args, CacheReplicationGroupArgs, problems(args))
