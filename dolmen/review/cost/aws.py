"""What AWS bills of what stands around a cache and a cluster: endpoints, secrets, keys, alarms, logs, notifications."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dolmen.review.cost.lines import Counting, Line, listed, number
from dolmen.review.diff.values import has_unknown

VPC_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 (a type)
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
_CALLS = 10_000
_HIGH_RESOLUTION_SECONDS = 60
_DELIVERIES = {
    "email": "sns email notifications",
    "email-json": "sns email notifications",
    "http": "sns http notifications",
    "https": "sns http notifications",
}


def vpc_endpoint(counting: Counting) -> Iterator[Line]:
    inputs = counting.resource.inputs
    kind = inputs.get("vpcEndpointType", "Gateway")
    if kind == "Gateway":
        return
    if kind != "Interface":
        yield counting.unknown("hours", "endpoint", "of this type of endpoint no price is known")
        return
    subnets = inputs.get("subnetIds")
    zones = len(subnets) if isinstance(subnets, list) else None
    yield counting.line("hours", "interface endpoint", zones, f"interface endpoint in {zones or '?'} zones")
    said = counting.share(counting.usage.transfer_gb, VPC_ENDPOINT)
    if said is None:
        yield counting.by_use("data transfer", "interface endpoint traffic", "depends on the traffic")
    else:
        yield counting.line("data transfer", "interface endpoint traffic", said, f"{said:g} GB through the endpoint")


def secret(counting: Counting) -> Iterator[Line]:
    replicas = counting.resource.inputs.get("replicas")
    copies = None if has_unknown(replicas) and not isinstance(replicas, list) else 1 + len(listed(replicas))
    yield counting.line("secret", "secret", copies)
    said = counting.share(counting.usage.secret_reads, SECRET)
    if said is None:
        yield counting.by_use("secret reads", "secret calls", "depends on how often it is read")
    else:
        yield counting.line("secret reads", "secret calls", said / _CALLS, f"{said:,.0f} reads")


def key(counting: Counting) -> Iterator[Line]:
    yield counting.line("key", "kms key", 1)


def alarm(counting: Counting) -> Iterator[Line]:
    inputs = counting.resource.inputs
    queries = [one["metric"] for one in listed(inputs.get("metricQueries")) if _metric(one) is not None]
    periods = [number(one.get("period")) for one in (queries or [inputs]) if isinstance(one, Mapping)]
    fine = any(one is not None and one < _HIGH_RESOLUTION_SECONDS for one in periods)
    yield counting.line("alarm", "high resolution alarm metric" if fine else "alarm metric", max(1, len(queries)))


def composite_alarm(counting: Counting) -> Iterator[Line]:
    yield counting.line("alarm", "composite alarm", 1)


def _metric(query: Any) -> Any:
    return query.get("metric") if isinstance(query, Mapping) else None


def log_group(counting: Counting) -> Iterator[Line]:
    said = counting.share(counting.usage.log_gb, LOG_GROUP)
    if said is not None:
        yield counting.line("ingestion", "logs ingestion", said, f"{said:g} GB of log")
        return
    low, high = counting.prices.rules.assumed_log
    price = counting.prices.find("logs ingestion", counting.region)
    what = f"{low:g}–{high:g} GB of log"
    if price is None:
        yield counting.unknown("ingestion", what, counting.why_not("logs ingestion"))
        return
    rule = f"assumed: {low:g}–{high:g} GB a month; `usage.logGb` says more"
    yield counting.priced("ingestion", what, price, price.amount.times(low), rule, price.amount.times(high))


def subscription(counting: Counting) -> Iterator[Line]:
    protocol = counting.resource.inputs.get("protocol")
    item = _DELIVERIES.get(protocol) if isinstance(protocol, str) else None
    yield counting.by_use("notifications", item or "notifications", "depends on how much is sent")
