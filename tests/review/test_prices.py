"""Prices: figures of their sources, rules for what no list has, and a project's own files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from components.atlas import tables as atlas
from components.cache import tables as cache
from dolmen.knowledge.loader import load_yaml
from dolmen.review.cost.estimate import estimate
from dolmen.review.cost.price import Amount, Kind
from dolmen.review.cost.price_file import (
    OWN,
    REFRESHED,
    parse_price_list,
    read_prices,
    shipped,
    shipped_list,
    with_files,
)
from dolmen.review.cost.usage import Usage, usage_of
from dolmen.stackfile import StackFileError
from tests.review.plans import CACHE, CLUSTER, cache_inputs, cluster_inputs, plan, resource

SOURCED = [
    # AWS price list AmazonElastiCache, us-east-1, NodeUsage rows, read 2026-10-02
    ("cache.r7g.large valkey", "us-east-1", 0.1752, "2026-10-02"),
    ("cache.m8g.large valkey", "us-east-1", 0.1266, "2026-10-02"),
    ("cache.r8g.xlarge valkey", "us-east-1", 0.3511, "2026-10-02"),
    ("cache.c8gn.2xlarge valkey", "us-east-1", 0.7348, "2026-10-02"),
    ("cache.r4.large redis", "us-east-1", 0.228, "2026-10-02"),
    # AWS's price feed of ElastiCache, published 2025-03-14
    ("cache.r7g.large valkey", "ap-northeast-2", 0.2096, "2025-03-14"),
    ("cache.m7g.large redis", "eu-west-1", 0.174, "2025-03-14"),
    ("cache.m6g.xlarge valkey", "sa-east-1", 0.3384, "2025-03-14"),
    ("cache.t4g.micro valkey", "ap-northeast-2", 0.0192, "2025-03-14"),
    ("cache.t3.micro redis", "af-south-1", 0.021, "2025-03-14"),
    ("cache.r6gd.4xlarge valkey", "ap-northeast-1", 2.9928, "2025-03-14"),
    ("cache.m5.24xlarge redis", "eu-central-1", 8.928, "2025-03-14"),
    ("cache.r5.12xlarge valkey", "me-south-1", 5.0824, "2025-03-14"),
    ("cache.c7gn.16xlarge redis", "us-west-2", 8.147, "2025-03-14"),
    ("cache.t4g.medium redis", "mx-central-1", 0.06825, "2025-03-14"),
    ("cache.r7g.16xlarge valkey", "ap-southeast-7", 5.692, "2025-03-14"),
    ("cache.r6g.large valkey", "us-gov-west-1", 0.1968, "2025-03-14"),
    ("cache.m5.large valkey", "ap-southeast-4", 0.1552, "2025-03-14"),
    # the same feed of 2024-06-28, the last one with snapshots
    ("cache backup storage", "eu-central-2", 0.0935, "2024-06-28"),
    ("cache backup storage", "us-east-1", 0.085, "2024-06-28"),
    # MongoDB's documentation: invoice, additional services
    ("atlas cluster M30", "us-east-1", 0.54, "2026-11-25"),
    ("atlas cluster M30", "sa-east-1", 0.98, "2026-11-25"),
    ("atlas private endpoint", "eu-central-1", 0.054, "2026-11-25"),
    ("atlas private endpoint", "ap-south-2", 0.0478, "2026-11-25"),
    ("atlas private endpoint capacity unit", "me-central-1", 0.0179, "2026-11-25"),
    ("atlas private endpoint remote region", "eu-west-1", 0.05, "2026-11-25"),
    # secondary tables of Atlas's price page
    ("atlas cluster M10", "us-east-1", 0.08, "2026-11-25"),
    ("atlas cluster M300", "us-east-1", 21.85, "2026-09-01"),
    # AWS price lists of single regions
    ("interface endpoint", "ap-northeast-1", 0.014, "2026-09-23"),
    ("interface endpoint traffic", "eu-west-1", 0.01, "2026-09-17"),
    ("kms key", "us-east-1", 1.0, "2024-07-01"),
    ("secret", "us-west-2", 0.4, "2026-10-06"),
    ("alarm metric", "ap-northeast-2", 0.1, "2026-10-01"),
    ("high resolution alarm metric", "us-east-1", 0.3, "2024-07-01"),
    ("composite alarm", "ap-northeast-2", 0.5, "2026-10-01"),
    ("logs ingestion", "eu-central-1", 0.63, "2025-01-01"),
    ("sns email notifications", "us-east-1", 2.0, "2024-12-04"),
]
"""Item, region, USD and day, as the sources have them."""


@pytest.mark.parametrize(("item", "region", "usd", "day"), SOURCED)
def test_a_listed_price_is_that_of_its_source(item: str, region: str, usd: float, day: str) -> None:
    price = shipped().find(item, region)
    assert price is not None and price.amount == Amount(usd, usd), f"{item} in {region} costs {usd} by its source"
    assert price.date == day and price.source and price.kind in (Kind.LIST, Kind.DERIVED)


def test_every_price_says_where_and_when_it_was_read() -> None:
    for item, regions in shipped_list().prices.items():
        for region, price in regions.items():
            assert price.source and date.fromisoformat(price.date), f"{item} in {region} has no source"
            assert price.amount.high > 0, f"{item} in {region} costs nothing: then it belongs to the free types"


def test_every_source_is_one_of_a_price_or_rule() -> None:
    content = load_yaml("prices.yaml")
    text = str({key: value for key, value in content.items() if key != "sources"})
    assert not [name for name in content["sources"] if f"'{name}'" not in text], "nobody rests on these sources"


# ---- everything that a stack file accepts

REGIONS = sorted(atlas.atlas_regions())


@pytest.mark.parametrize("size", atlas.instance_sizes())
def test_every_size_in_every_region_has_a_number_with_its_kind(size: str) -> None:
    for region in REGIONS:
        inputs = cluster_inputs(size)
        inputs["replicationSpecs"][0]["regionConfigs"][0]["regionName"] = region.upper().replace("-", "_")
        (line, *_) = estimate(plan(resource(CLUSTER, "db", inputs), region=region)).lines
        assert line.monthly is not None and line.monthly.low > 0, f"{size} in {region}: {line.reason}"
        assert line.kind is Kind.LIST or (line.kind is Kind.ESTIMATE and line.rule), f"{size} in {region} says no rule"


@pytest.mark.parametrize("name", cache.node_types())
def test_every_node_type_of_every_engine_in_every_region_has_a_number_with_its_kind(name: str) -> None:
    for engine in cache.node_types()[name].minimum_version:
        for region in REGIONS:
            inputs = cache_inputs(engine=engine, nodeType=name)
            (line, *_) = estimate(plan(resource(CACHE, "cache", inputs), region=region)).lines
            assert line.monthly is not None and line.monthly.low > 0, f"{name} {engine} in {region}: {line.reason}"
            assert line.kind is not None and (line.kind is Kind.LIST or line.rule), f"{name} in {region} says no rule"


@pytest.mark.parametrize(
    "item", ["atlas private endpoint", "interface endpoint", "secret", "kms key", "logs ingestion"]
)
def test_what_stands_around_has_a_number_in_every_region(item: str) -> None:
    assert not [region for region in REGIONS if shipped().find(item, region) is None]


def test_the_included_storage_is_that_of_the_instance_sizes() -> None:
    sizes = {size.name: size.default_storage_gb for size in atlas.instance_sizes().values()}
    assert load_yaml("prices.yaml")["rules"]["atlas included storage"] == sizes, (
        "a disk would seem to be extra, or free"
    )


# ---- rules


def test_an_estimate_of_nodes_holds_where_both_families_are_listed() -> None:
    """m7g from m6g, r7g from r6g in regions that list both: what the rule would say holds the listed price."""
    prices, listed = shipped(), shipped_list().prices
    for family, like in (("m7g", "m6g"), ("r7g", "r6g"), ("t4g", "t3")):
        within = prices.rules.families[family].within / 100
        items = [item for item in listed if item.startswith(f"cache.{family}.")]
        for item in items:
            for region, price in listed[item].items():
                others = [one for one in listed if one.startswith(f"cache.{like}.") and region in listed[one]]
                ratios = [listed[one][region].amount.low / listed[one]["us-east-1"].amount.low for one in others]
                if ratios:
                    home = listed[item]["us-east-1"].amount.low
                    low, high = home * min(ratios) * (1 - within), home * max(ratios) * (1 + within)
                    assert low <= price.amount.low <= high, f"{item} in {region} is outside of what {like} says"


def test_a_region_that_no_list_names_takes_the_widest_range() -> None:
    price = shipped().find("cache.m7g.large valkey", "ap-east-2")
    assert price is not None and price.kind is Kind.ESTIMATE and price.amount.high > price.amount.low * 1.3
    assert shipped().find("cache.m7g.large valkey", "cn-north-1") is None, (
        "a region of another partition has other prices"
    )


def test_generation_two_and_what_does_not_exist_stay_unknown() -> None:
    assert shipped().find("atlas cluster M30_GEN_2", "us-east-1") is None
    assert shipped().find("cache.r8g.large redis", "us-east-1") is None, "these nodes run Valkey only"


# ---- a project's own files

OWN_TEXT = """\
currency: USD
sources:
  quote: {what: order form 4711, date: 2026-10-01}
discounts:
  cache.*: 10
prices:
  atlas cluster M30:
    unit: hour
    eu-west-1 eu-west-2: {price: 0.45, source: quote}
"""
REFRESHED_TEXT = """\
currency: USD
hours in a month: 730
sources:
  aws elasticache: {what: AWS price list AmazonElastiCache, address: "https://example.com", date: 2026-11-20}
prices:
  cache.r7g.large redis:
    unit: hour
    us-east-1: {price: 0.25, source: aws elasticache}
  cache serverless valkey data:
    unit: GB-hour
    us-east-1: {price: 0.084, source: aws elasticache}
  secret calls:
    unit: 10,000 calls
    eu-west-1: {price: 0.05, source: aws elasticache}
  cache.x9g.large valkey:
    unit: hour
    us-east-1: {price: 0.3, source: aws elasticache}
"""


def test_own_prices_count_before_refreshed_ones_and_those_before_the_list() -> None:
    prices = with_files(parse_price_list(OWN_TEXT, OWN), parse_price_list(REFRESHED_TEXT, REFRESHED))
    quoted = prices.find("atlas cluster M30", "eu-west-2")
    assert quoted is not None and (quoted.amount.low, quoted.kind) == (0.45, Kind.OWN)
    assert quoted.source == "own price; order form 4711" and quoted.date == "2026-10-01"
    refreshed = prices.find("cache.r7g.large redis", "us-east-1")
    assert refreshed is not None and refreshed.amount.low == pytest.approx(0.25 * 0.9) and refreshed.kind is Kind.OWN
    assert refreshed.rule == "10 % off by contract" and refreshed.date == "2026-11-20"
    valkey = prices.find("cache.r7g.large valkey", "us-east-1")
    assert valkey is not None and valkey.amount.low == pytest.approx(0.25 * 0.8 * 0.9), "Valkey follows the new list"
    assert prices.find("cache.x9g.large valkey", "us-east-1") is not None, "a refreshed list may know newer nodes"
    assert prices.find("secret", "us-east-1") == shipped().find("secret", "us-east-1")


def test_a_discount_makes_no_estimate_certain() -> None:
    price = with_files(parse_price_list("discounts: {atlas *: 20}\n", OWN), None).find("atlas cluster M40", "eu-west-1")
    assert price is not None and price.kind is Kind.ESTIMATE and price.amount.low == pytest.approx(1.04 * 0.8)


def test_what_nobody_publishes_counts_by_a_quote() -> None:
    text = (
        "prices:\n  atlas provisioned IOPS: {unit: month, '*': 0.2}\n  atlas search node S20: {unit: hour, '*': 0.1}\n"
    )
    prices = with_files(parse_price_list(text, OWN), None)
    inputs = cluster_inputs("M30")
    specs = inputs["replicationSpecs"][0]["regionConfigs"][0]["electableSpecs"]
    specs |= {"diskIops": 1000, "ebsVolumeType": "PROVISIONED"}
    search = {"specs": [{"instanceSize": "S20_HIGHCPU_NVME", "nodeCount": 2}, {"instanceSize": "S20", "nodeCount": 2}]}
    token = "mongodbatlas:index/searchDeployment:SearchDeployment"
    found = estimate(plan(resource(CLUSTER, "db", inputs), resource(token, "search", search)), prices)
    amounts = {line.part: line.monthly.low for line in found.lines if line.monthly}
    assert amounts["electable IOPS"] == pytest.approx(3 * 1000 * 0.2)
    assert amounts["search nodes 1"] == pytest.approx(2 * 0.1 * 730)
    assert [line.part for line in found.unknown] == ["search nodes"], "what the quote does not name stays unknown"


def test_files_beside_the_stack_files_are_read(tmp_path: Path) -> None:
    assert read_prices(tmp_path).find("secret", "us-east-1") == shipped().find("secret", "us-east-1")
    (tmp_path / OWN).write_text(OWN_TEXT)
    quoted = read_prices(tmp_path).find("atlas cluster M30", "eu-west-1")
    assert quoted is not None and quoted.amount.low == 0.45


@pytest.mark.parametrize(
    ("name", "text", "place", "said"),
    [
        (OWN, "currency: EUR\n", "1:1", "Prices are in USD."),
        (OWN, "hours in a month: 720\n", "1:1", "730 hours"),
        (OWN, "price: {}\n", "1:1", "There is no such key here."),
        (OWN, "prices: [1]\n", "1:1", "A mapping of items"),
        (OWN, "prices:\n  secret: 3\n", "2:3", "An item is a mapping"),
        (OWN, "prices:\n  secrets: {unit: month, us-east-1: 3}\n", "2:3", "Did you mean secret?"),
        (OWN, "prices:\n  atlas cluster M3O: {unit: hour, us-east-1: 3}\n", "2:3", "Did you mean atlas cluster M30?"),
        (OWN, "prices:\n  secret: {unit: hour, us-east-1: 3}\n", "2:12", "The unit of this item is month."),
        (OWN, "prices:\n  secret: {unit: month, virginia: 3}\n", "2:25", "This is not a region of AWS."),
        (OWN, "prices:\n  secret: {unit: month, us-east-1: cheap}\n", "2:25", "A price is a number"),
        (OWN, "prices:\n  secret: {unit: month, us-east-1: -1}\n", "2:25", "A price is a number"),
        (OWN, "prices:\n  secret: {unit: month, us-east-1: [3, 2]}\n", "2:25", "Write [2, 3]."),
        (
            OWN,
            "prices:\n  secret: {unit: month, us-east-1: {price: 3, source: nobody}}\n",
            "2:25",
            "No source has this",
        ),
        (OWN, "prices:\n  secret: {unit: month, us-east-1: {price: 3, note: x}}\n", "2:47", "There is no such key"),
        (OWN, "sources:\n  quote: {what: x, date: soon}\n", "2:20", "the day on which it was read"),
        (OWN, "discounts: {cache.*: 120}\n", "1:13", "0 to 100"),
        (OWN, "discounts: {cahce: 10}\n", "1:13", "No estimate counts an item"),
        (REFRESHED, "prices:\n  secret: {unit: month, us-east-1: 3}\n", "2:25", "A price names its source."),
        (REFRESHED, "prices:\n  anything: {us-east-1: 3}\n", "2:3", "An item says its unit."),
        (REFRESHED, "discounts: {}\n", "1:1", "There is no such key here."),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_place(name: str, text: str, place: str, said: str) -> None:
    with pytest.raises(StackFileError) as raised:
        parse_price_list(text, name)
    message = " ".join(str(raised.value).split())
    assert said in message and f" {place} " in message, message


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(StackFileError) as raised:
        parse_price_list("currency: EUR\nprices: {secret: 3}\ndiscounts: {cache.*: x}\n", OWN)
    assert len(raised.value.problems) == 3


# ---- usage


def test_every_key_of_usage_that_a_stack_file_takes_is_read() -> None:
    from components.platform.model.usage import Usage as Written

    keys = [info.alias or name for name, info in Written.model_fields.items()]
    found = usage_of(plan(config={"shop:usage": dict.fromkeys(keys, 2)}))
    assert found == Usage(*[2.0] * len(keys)), "what a stack file says would change nothing"
