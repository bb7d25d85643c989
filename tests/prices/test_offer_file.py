"""What an offer file says a node costs, and what it says beside that."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any

import pytest

from dolmen.prices.model import PriceList, PriceListError
from dolmen.prices.offer_file import MOST_PARTS, read_offer
from dolmen.prices.rules import offers
from tests.prices.offer_files import REGIONS, elasticache, joined, offer, row, vpc

KNOWN = {one.code: one for one in offers()}


def read(document: Any, *regions: str) -> PriceList:
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    found = read_offer(io.BytesIO(text), KNOWN.get, regions or REGIONS)
    assert found is not None, "a list of ours was taken for another's"
    return found


def usd(found: PriceList) -> dict[tuple[str, str], Decimal]:
    return {key: price.usd for key, price in found.prices.items()}


SOURCED = {
    ("cache.t4g.micro redis", "us-east-1"): "0.016",
    ("cache.t4g.micro redis", "eu-west-1"): "0.017",
    ("cache.t4g.micro redis", "ap-northeast-2"): "0.024",
    ("cache.t4g.micro valkey", "ap-northeast-2"): "0.0192",
    ("cache.r7g.large redis", "eu-west-1"): "0.243",
    ("cache.r7g.large valkey", "eu-west-1"): "0.1944",
    ("cache.r7g.large valkey", "ap-northeast-2"): "0.2096",
    ("cache.r6gd.xlarge valkey", "us-east-1"): "0.6248",
    ("cache serverless redis data", "us-east-1"): "0.125",
    ("cache serverless valkey ECPU", "ap-northeast-2"): "0.0000000027",
    ("cache backup storage", "us-east-1"): "0.085",
}
"""From AWS's price feed of 2025-03-14."""


@pytest.mark.parametrize("turned", [False, True], ids=["as it comes", "the other way round"])
def test_a_node_costs_what_its_plain_row_says(turned: bool) -> None:
    document = elasticache()
    if turned:  # the surcharges of a node type come first
        document["products"] = dict(reversed(document["products"].items()))
        document["terms"]["OnDemand"] = dict(reversed(document["terms"]["OnDemand"].items()))
    found = usd(read(document))
    wrong = {key: found.get(key) for key, price in SOURCED.items() if found.get(key) != Decimal(price)}
    assert not wrong, "a node would be priced by its surcharge for durability or extended support, or not at all"


def test_reserved_nodes_and_other_engines_are_no_price_of_ours() -> None:
    found = usd(read(elasticache()))
    assert found["cache.c7gn.large valkey", "us-east-1"] == Decimal("0.204"), "the reserved price is lower"
    assert not [item for item, _ in found if "memcached" in item.lower()]


@pytest.mark.parametrize("kind", ["AWS Outposts", "AWS Local Zone", ""])
def test_a_node_elsewhere_than_in_a_region_is_left_alone(kind: str) -> None:
    elsewhere = row(
        "us-east-1",
        "NodeUsage:cache.r7g.large",
        "Hrs",
        "9.99",
        locationType=kind,
        cacheEngine="Redis",
        instanceType="cache.r7g.large",
    )
    found = usd(read(joined(elasticache(), offer("AmazonElastiCache", elsewhere))))
    assert found["cache.r7g.large redis", "us-east-1"] == Decimal("0.219")


def test_bands_of_use_are_items_of_their_own() -> None:
    found = usd(read(vpc(), "eu-west-1"))
    assert found == {
        ("interface endpoint", "eu-west-1"): Decimal("0.011"),
        ("interface endpoint traffic", "eu-west-1"): Decimal("0.01"),
        ("interface endpoint traffic over 1048576 GB", "eu-west-1"): Decimal("0.006"),
        ("interface endpoint traffic over 5242880 GB", "eu-west-1"): Decimal("0.004"),
    }, "an endpoint of a load balancer is another thing, and the first band is what nearly everybody pays"


def test_what_is_free_at_first_costs_what_is_paid_then() -> None:
    calls = row("us-east-1", "USE1-AWSSecretsManagerAPIRequest", "API Requests", "0.0", "0.000005")
    found = read(offer("AWSSecretsManager", calls))
    assert usd(found) == {("secret calls", "us-east-1"): Decimal("0.05")}, "a price would be zero for want of use"
    assert found.prices["secret calls", "us-east-1"].unit == "10,000 calls"


@pytest.mark.parametrize(
    ("further", "said"),
    [
        (row("us-east-1", "USE1-CW:AlarmMonitorUsage", "Alarms", "0.30"), "two prices"),
        (row("us-east-1", "USE1-CW:AlarmMonitorUsage", "Alarm-Months", "0.10"), "'Alarm-Months'"),
    ],
)
def test_a_price_that_is_not_sure_is_left_out_with_the_reason(further: Any, said: str) -> None:
    first = row("us-east-1", "CW:AlarmMonitorUsage", "Alarms", "0.10")
    logs = row("us-east-1", "USE1-DataProcessing-Bytes", "GB", "0.50")
    found = read(offer("AmazonCloudWatch", first, further, logs))
    assert usd(found) == {("logs ingestion", "us-east-1"): Decimal("0.5")} | (
        {} if said == "two prices" else {("alarm metric", "us-east-1"): Decimal("0.1")}
    )
    assert said in " ".join(found.left_out)


def test_a_list_has_the_day_on_which_it_was_published() -> None:
    (source,) = read(vpc()).sources.values()
    assert source.date == "2026-09-17"


def test_the_list_of_another_service_is_none_of_ours() -> None:
    assert read_offer(io.BytesIO(json.dumps(offer("AmazonEC2")).encode()), KNOWN.get, REGIONS) is None


WHOLE = json.dumps(elasticache()).encode()
NODE = row("us-east-1", "NodeUsage:cache.x1.large", "Hrs", "1", cacheEngine="Redis", instanceType="cache.x1.large")


def with_terms(terms: Any) -> dict[str, Any]:
    return offer("AmazonElastiCache", (NODE[0], NODE[1], terms))


BROKEN = {
    "nothing": b"",
    "a page": b"<html>Service unavailable</html>",
    "half of it": WHOLE[: len(WHOLE) // 2],
    "all but its end": WHOLE[:-1],
    "more after its end": WHOLE + b"}",
    "another encoding": WHOLE.decode().encode("utf-16"),
    "not UTF-8": WHOLE.replace(b"Ireland", b"Irel\xffnd"),
    "a list": b"[]",
    "a number": b"1",
    "nothing of its own": b"{}",
    "prices before their name": json.dumps(dict(reversed(elasticache().items()))).encode(),
    "no date": json.dumps({**elasticache(), "publicationDate": "soon"}).encode(),
    "products as text": json.dumps({**elasticache(), "products": {"A": "text"}}).encode(),
    "a product without attributes": json.dumps({**elasticache(), "products": {"A": {}}}).encode(),
    "another currency": json.dumps(with_terms({"A": {"priceDimensions": {"B": {"beginRange": "0", "unit": "Hrs", "pricePerUnit": {"CNY": "1"}}}}})).encode(),
    "no number": json.dumps(with_terms({"A": {"priceDimensions": {"B": {"beginRange": "0", "unit": "Hrs", "pricePerUnit": {"USD": "much"}}}}})).encode(),
    "not a number": json.dumps(with_terms({"A": {"priceDimensions": {"B": {"beginRange": "0", "unit": "Hrs", "pricePerUnit": {"USD": "NaN"}}}}})).encode(),
    "less than nothing": json.dumps(with_terms({"A": {"priceDimensions": {"B": {"beginRange": "0", "unit": "Hrs", "pricePerUnit": {"USD": "-1"}}}}})).encode(),
    "terms as text": json.dumps(with_terms("text")).encode(),
    "a product without end": b'{"offerCode":"AmazonVPC","products":{"A":[' + b"0," * MOST_PARTS + b"0]}}",
    "too deep": b'{"offerCode":"AmazonVPC","products":{"A":' + b"[" * 500_000,
}  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_list_is_one_clear_error(broken: str) -> None:
    with pytest.raises(PriceListError) as error:
        read(BROKEN[broken])
    assert "\n" not in str(error.value) and len(str(error.value)) < 200
