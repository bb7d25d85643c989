"""Plans made by hand, as short as a test needs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dolmen.engine.plan import Options, Plan, Position, Resource

CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
USER = "mongodbatlas:index/databaseUser:DatabaseUser"
ENDPOINT = "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint"
ENDPOINT_SERVICE = "mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService"
SECRET = "aws:secretsmanager/secret:Secret"
SECRET_VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
PASSWORD = "random:index/randomPassword:RandomPassword"
ACCESS = "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList"


def urn(token: str, name: str, stack: str = "prod", parent: str = "") -> str:
    qualified = f"{parent}${token}" if parent else token
    return f"urn:pulumi:{stack}::shop::{qualified}::{name}"


def resource(
    token: str,
    name: str,
    inputs: Mapping[str, Any] | None = None,
    *,
    stack: str = "prod",
    options: Options | None = None,
    takes: Mapping[str, Sequence[str]] | None = None,
    custom: bool = True,
    parent: str | None = None,
    line: int = 1,
    **more: Any,
) -> Resource:
    """`takes`: input → URNs that its value comes from."""
    dependencies = {key: tuple(urns) for key, urns in (takes or {}).items()}
    return Resource(
        urn(token, name, stack),
        token,
        name,
        parent,
        custom,
        inputs or {},
        options or Options(),
        tuple(sorted({one for urns in dependencies.values() for one in urns})),
        dependencies,
        source=Position("__main__.py", line),
        **more,
    )


def plan(*resources: Resource, stack: str = "prod", region: str = "us-east-1", **more: Any) -> Plan:
    config = {"aws:region": region, **more.pop("config", {})}
    return Plan("shop", stack, "organization", resources, more.pop("outputs", {}), config=config, **more)


def cluster_inputs(size: str = "M20", **more: Any) -> dict[str, Any]:
    specs = {"instanceSize": size, "nodeCount": 3}
    region = {"providerName": "AWS", "regionName": "US_EAST_1", "priority": 7, "electableSpecs": specs}
    return {
        "projectId": "5f00",
        "name": "shop",
        "clusterType": "REPLICASET",
        "replicationSpecs": [{"regionConfigs": [region]}],
        "backupEnabled": True,
        "pitEnabled": True,
        "terminationProtectionEnabled": True,
        **more,
    }


def cache_inputs(**more: Any) -> dict[str, Any]:
    return {
        "replicationGroupId": "shop",
        "engine": "valkey",
        "engineVersion": "9.0",
        "nodeType": "cache.r7g.large",
        "numNodeGroups": 1,
        "replicasPerNodeGroup": 1,
        "applyImmediately": True,
        **more,
    }
