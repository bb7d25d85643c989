"""Formats that the constraint data don't name, or name too roughly: read off from sample values and documentation.

A candidate is taken when it answers the samples as the provider's own validator did. The data keep about 15 of the
samples that were refused, and 15 of those that were accepted; where fewer are accepted, all others were refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tests.cloud.check.formats import FORMATS

_FINER = {
    # The words say "address" and "network"; some of these validators also limit the version and the size.
    "ip": ("ip", "ipv4Network", "ipv6Network"),
    "cidrNetwork": ("cidrNetwork", "vpcBlock"),
}
_KEPT = 13
_SAMPLES = ("10.0.0.0/8", "10.0.0.1", "10.0.0.1/8")
"""Those that tell the candidates apart; the data name more."""
_DOCUMENTED = {
    # https://www.mongodb.com/docs/atlas/security-add-mongodb-roles/
    "CustomDbRole.roleName": "atlasRoleName",
    # The policy of a role names the role, not its ARN. https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
    "RolePolicy.role": "notArn",
    # Begins and ends with a slash. https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
    "Policy.path": "iamPath",
    # https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
    "Key.description": "kmsDescription",
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheCluster.html
    "Cluster.clusterId": "elasticacheName",
    "Cluster.snapshotArns": "snapshotArn",
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
    "ReplicationGroup.snapshotArns[*]": "snapshotArn",
    "ReplicationGroup.engineVersion": "engineVersion",
    "GlobalReplicationGroup.engineVersion": "engineVersion",
    # https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
    "Vpc.ipv6CidrBlock": "vpcIpv6Block",
    # https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-createstreamprocessor
    "StreamProcessor.pipeline": "jsonDocument",
    # Counted from 1. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySubnetAttribute.html
    "Subnet.enableLniAtDeviceIndex": "notZero",
}


def formats(token: str, path: str, entry: Mapping[str, Any]) -> tuple[str, ...]:
    """The formats of a property: the data's words, made finer, and those that only the samples show."""
    found = [_finer(word, entry) for word in entry.get("format", ())]
    documented = _DOCUMENTED.get(f"{token.rsplit(':', 1)[1]}.{path}")
    if documented:
        found = [*(word for word in found if word not in _FINER), documented]
    return tuple(word for word in found if word in FORMATS)


def _finer(word: str, entry: Mapping[str, Any]) -> str:
    if "measuredAccepted" not in entry:
        return word
    return next((found for found in _FINER.get(word, ()) if _answers_as_measured(FORMATS[found], entry)), word)


def _answers_as_measured(accepts: Callable[[str], bool], entry: Mapping[str, Any]) -> bool:
    accepted = entry["measuredAccepted"]
    refused = [*_texts(entry["measuredRefused"])]
    if len(accepted) < _KEPT:
        refused += [sample for sample in _SAMPLES if sample not in accepted]
    return all(map(accepts, _texts(accepted))) and not any(map(accepts, refused))


def _texts(samples: Iterable[object]) -> list[str]:
    """The samples that are texts; long ones are written as `{repeat, times}`."""
    return [
        sample["repeat"] * sample["times"] if isinstance(sample, dict) else sample
        for sample in samples
        if isinstance(sample, (str, dict))
    ]
