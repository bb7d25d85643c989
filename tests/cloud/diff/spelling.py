"""Spellings that a provider takes for the same plain value.

Which properties have one, the constraint files say (`normalised`, `someDifferencesIgnored`); what it is, here.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.cloud.diff.schema import Property

_PROTOCOLS = {"all": "-1", "icmp": "1", "tcp": "6", "udp": "17", "icmpv6": "58"}
"""https://www.iana.org/assignments/protocol-numbers; -1 means all to EC2."""
_WITHOUT_CASE = frozenset(
    ("clusterId", "engine", "maintenanceWindow", "name", "replicationGroupId", "userGroupId", "userId")
)
"""https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html: kept in lower case."""
_DELIVERY = ("guaranteed", "healthyRetryPolicy", "requestPolicy", "sicklyRetryPolicy", "throttlePolicy")
"""https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html: the keys that a subscription keeps."""


def _protocol(text: str) -> str:
    return _PROTOCOLS.get(text.lower(), text.lower())


def _key_id(text: str) -> str:
    """A key's id, from the id or its ARN."""
    return text.rsplit(":key/", 1)[-1]


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        return text


def _major(text: str) -> str:
    return text if "." in text else f"{text}.0"


_BY_NAME: Mapping[str, Callable[[str], str]] = {
    "protocol": _protocol,
    "pattern": lambda text: text.strip(),
    "destinationIpv6CidrBlock": _network,
    "targetKeyId": _key_id,
    "url": lambda text: text.removeprefix("https://"),
    "mongoDbMajorVersion": _major,
    "globalReplicationGroupDescription": lambda text: text.strip(),
}


def normal_form(known: Property, value: Any) -> Any:
    """A plain value in the spelling that stands for all that the provider takes for the same."""
    if not isinstance(value, str) or not (known.has("normalised") or known.has("someDifferencesIgnored")):
        return value
    name = known.path.rsplit(".", 1)[-1]
    if name in _BY_NAME:
        return _BY_NAME[name](value)
    if value.lstrip()[:1] in ("{", "["):
        return _document(known, value)
    return value.lower() if name in _WITHOUT_CASE else value


def _document(known: Property, text: str) -> str:
    """A JSON document without its layout; a policy also without the order of its lists."""
    try:
        document = json.loads(text)
    except ValueError:
        return text
    if known.path == "deliveryPolicy" and known.measured("Change") == frozenset(("none",)):
        document = {key: entry for key, entry in document.items() if key in _DELIVERY}
    policy = known.path.lower().endswith("policy") or known.path in ("policyDocument", "inlinePolicies[*].policy")
    return json.dumps(_unordered(document) if policy else document, sort_keys=True)


def _unordered(document: Any) -> Any:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html: one or a list, in any order."""
    if isinstance(document, dict):
        return {key: _unordered(entry) for key, entry in document.items()}
    if isinstance(document, list):
        found = sorted((_unordered(entry) for entry in document), key=lambda entry: json.dumps(entry, sort_keys=True))
        return found[0] if len(found) == 1 else found
    return document
