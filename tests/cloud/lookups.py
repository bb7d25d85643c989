"""Lookups (invokes) of the simulated clouds. One that is not here is an error, never a guess."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.cloud.cloud import ACCOUNT, Cloud
from tests.cloud.contracts import Properties
from tests.cloud.kinds.atlas_network import containers


class NotFound(Exception):  # noqa: N818
    """The lookup's subject does not exist."""


def caller(cloud: Cloud, arguments: Properties, region: str) -> dict[str, Any]:
    return {
        "accountId": ACCOUNT,
        "arn": f"arn:aws:iam::{ACCOUNT}:user/deployer",
        "userId": "AIDASIMULATED",
        "id": ACCOUNT,
    }


def this_region(cloud: Cloud, arguments: Properties, region: str) -> dict[str, Any]:
    name = str(arguments.get("region") or arguments.get("name") or region)
    return {"id": name, "name": name, "region": name, "endpoint": f"ec2.{name}.amazonaws.com", "description": name}


def partition(cloud: Cloud, arguments: Properties, region: str) -> dict[str, Any]:
    return {"id": "aws", "partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws"}


def policy_document(cloud: Cloud, arguments: Properties, region: str) -> dict[str, Any]:
    """As the provider writes it: single values unwrapped, several in reverse order of the alphabet."""

    def listed(values: list[str]) -> Any:
        return values[0] if len(values) == 1 else sorted(values, reverse=True)

    def principals(entries: list[Properties]) -> Any:
        if any(entry["type"] == "*" for entry in entries):
            return "*"
        return {entry["type"]: listed(entry["identifiers"]) for entry in entries}

    def conditions(entries: list[Properties]) -> Any:
        made: dict[str, dict[str, Any]] = {}
        for entry in entries:
            made.setdefault(entry["test"], {})[entry["variable"]] = listed(entry["values"])
        return made

    shapes: dict[str, tuple[str, Callable[[Any], Any]]] = {
        "sid": ("Sid", str),
        "effect": ("Effect", str),
        "actions": ("Action", listed),
        "notActions": ("NotAction", listed),
        "resources": ("Resource", listed),
        "notResources": ("NotResource", listed),
        "principals": ("Principal", principals),
        "notPrincipals": ("NotPrincipal", principals),
        "conditions": ("Condition", conditions),
    }
    statements = [
        {
            name: shape({"effect": "Allow", **statement}[key])
            for key, (name, shape) in shapes.items()
            if {"effect": "Allow", **statement}.get(key)
        }
        for statement in arguments.get("statements") or []
    ]
    document = {"Version": arguments.get("version") or "2012-10-17", "Statement": statements}
    return {**arguments, "id": "1", "json": json.dumps(document, indent=2), "minifiedJson": json.dumps(document)}


def cluster(cloud: Cloud, arguments: Properties, region: str) -> dict[str, Any]:
    token = "mongodbatlas:index/advancedCluster:AdvancedCluster"
    for live in cloud.find(token, projectId=arguments["projectId"], name=arguments["name"]):
        found: dict[str, Any] = {**live.inputs, **cloud.kind(token).outputs(cloud, live), "id": live.id}
        strings: dict[str, Any] = found["connectionStrings"]
        given = [one for one in strings["privateEndpoints"] if not _lags(cloud, one)]
        return {**found, "connectionStrings": {**strings, "privateEndpoints": given}}
    raise NotFound(f"CLUSTER_NOT_FOUND: no cluster named {arguments['name']} exists in {arguments['projectId']}")


def _lags(cloud: Cloud, entry: Properties) -> bool:
    """Whether Atlas does not give a private string yet, though its endpoint is available: `cloud.string_lag` says to how
    many questions."""
    asked = cloud.facts.setdefault("questions for a private string", {})
    string = entry["srvConnectionString"]
    asked[string] = asked.get(string, 0) + 1
    return asked[string] <= cloud.string_lag


def container(cloud: Cloud, arguments: Properties, region: str) -> dict[str, Any]:
    for one in containers(cloud):
        if (one.id, one.project) == (arguments["containerId"], arguments["projectId"]):
            names = {"containerId": one.id, "projectId": one.project, "providerName": "AWS", "id": one.id}
            return {**names, "atlasCidrBlock": one.cidr, "regionName": one.region, "provisioned": True}
    raise NotFound(f"CLOUD_PROVIDER_CONTAINER_NOT_FOUND: no container {arguments['containerId']} in the project")


def private_link(cloud: Cloud, arguments: Properties, region: str) -> dict[str, Any]:
    token = "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint"
    for live in cloud.find(token, projectId=arguments["projectId"]):
        if live.extra["link"] == arguments["privateLinkId"]:
            return {**live.inputs, **cloud.kind(token).outputs(cloud, live), "id": live.id}
    raise NotFound(f"PRIVATE_ENDPOINT_SERVICE_NOT_FOUND: no service {arguments['privateLinkId']} in the project")


def project(cloud: Cloud, arguments: Properties, region: str) -> dict[str, Any]:
    token = "mongodbatlas:index/project:Project"
    for live in cloud.all(token):
        if live.id == arguments.get("projectId") or live.inputs["name"] == arguments.get("name"):
            return {**live.inputs, **cloud.kind(token).outputs(cloud, live), "id": live.id, "projectId": live.id}
    raise NotFound("GROUP_NOT_FOUND: no such project")


def integrations(cloud: Cloud, arguments: Properties, region: str) -> dict[str, Any]:
    """With the ids that Atlas gives, which a resource's own state does not tell; keys come back veiled."""
    token = "mongodbatlas:index/thirdPartyIntegration:ThirdPartyIntegration"
    found = [
        {"id": live.extra["unique"], "type": live.inputs["type"], "projectId": live.inputs["projectId"]}
        for live in cloud.find(token, projectId=arguments["projectId"])
    ]
    return {"id": str(arguments["projectId"]), "projectId": arguments["projectId"], "results": found}


def outside(token: str) -> Callable[[Cloud, Properties, str], dict[str, Any]]:
    """Something outside of the program: only what the test said about it (`cloud.facts[token][id]`) is known."""

    def look(cloud: Cloud, arguments: Properties, region: str) -> dict[str, Any]:
        known = cloud.facts.get(token, {})
        named = next((arguments[name] for name in ("id", "name", "secretId", "keyId") if arguments.get(name)), None)
        wanted = named or json.dumps(arguments, sort_keys=True)
        if wanted not in known:
            raise NotFound(f"NotFound: nobody told the simulated cloud about {wanted} ({token})")
        return {"id": wanted, **known[wanted]}

    return look


LOOKUPS: Mapping[str, Callable[[Cloud, Properties, str], dict[str, Any]]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": caller,
    "aws:index/getRegion:getRegion": this_region,
    "aws:index/getPartition:getPartition": partition,
    "aws:iam/getPolicyDocument:getPolicyDocument": policy_document,
    "mongodbatlas:index/getAdvancedCluster:getAdvancedCluster": cluster,
    "mongodbatlas:index/getProject:getProject": project,
    "mongodbatlas:index/getNetworkContainer:getNetworkContainer": container,
    "mongodbatlas:index/getPrivateLinkEndpoint:getPrivateLinkEndpoint": private_link,
    "mongodbatlas:index/getThirdPartyIntegrations:getThirdPartyIntegrations": integrations,
    **{
        token: outside(token)
        for token in (
            "aws:ec2/getVpc:getVpc",
            "aws:ec2/getSubnet:getSubnet",
            "aws:ec2/getSubnets:getSubnets",
            "aws:ec2/getSecurityGroup:getSecurityGroup",
            "aws:ec2/getRouteTable:getRouteTable",
            "aws:kms/getKey:getKey",
            "aws:kms/getAlias:getAlias",
            "aws:eks/getCluster:getCluster",
            "aws:secretsmanager/getSecret:getSecret",
            "aws:secretsmanager/getSecretVersion:getSecretVersion",
            "aws:ec2/getAmi:getAmi",
        )
    },
}
