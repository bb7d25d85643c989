"""Offer files: two in the real structure (`lists/`), and small ones of further services, composed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LISTS = Path(__file__).parent / "lists"
REGIONS = ("us-east-1", "eu-west-1", "ap-northeast-2")
PREFIXES = {"us-east-1": "USE1", "eu-west-1": "EU", "ap-northeast-2": "APN2"}


def elasticache() -> dict[str, Any]:
    return json.loads((LISTS / "AmazonElastiCache.json").read_text("utf-8"))


def vpc() -> dict[str, Any]:
    """With rows of Seoul, which the excerpt lacks; its price is the one that a list of 2026-10-01 gave."""
    return joined(
        json.loads((LISTS / "AmazonVPC.json").read_text("utf-8")),
        offer(
            "AmazonVPC",
            row("ap-northeast-2", "APN2-VpcEndpoint-Hours", "Hrs", "0.0130000000"),
            row("ap-northeast-2", "APN2-VpcEndpoint-Bytes", "GB", "0.0100000000"),
        ),
    )


def row(region: str, usage: str, unit: str, *usd: str, **attributes: str) -> tuple[str, Any, Any]:
    """SKU, product and terms of one row; several prices are bands of a thousand units each."""
    sku = f"{region}.{usage}.{unit}".replace("-", "").replace(":", "").replace(".", "").upper()
    product = {
        "sku": sku,
        "attributes": {"locationType": "AWS Region", "regionCode": region, "usagetype": usage, **attributes},
    }
    dimensions = {
        f"{sku}.JRTCKXETXF.{number}": {"unit": unit, "beginRange": str(number * 1000), "pricePerUnit": {"USD": one}}
        for number, one in enumerate(usd)
    }
    return sku, product, {f"{sku}.JRTCKXETXF": {"priceDimensions": dimensions}}


def offer(code: str, *rows: tuple[str, Any, Any]) -> dict[str, Any]:
    return {
        "formatVersion": "v1.0",
        "offerCode": code,
        "publicationDate": "2026-10-20T10:00:00Z",
        "products": {sku: product for sku, product, _ in rows},
        "terms": {"OnDemand": {sku: terms for sku, _, terms in rows}},
    }


def joined(one: dict[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **one,
        "products": {**one["products"], **other["products"]},
        "terms": {**one["terms"], "OnDemand": {**one["terms"]["OnDemand"], **other["terms"]["OnDemand"]}},
    }


def all_offers() -> dict[str, dict[str, Any]]:
    """Code → offer file with all regions of the tests."""
    each = [(region, PREFIXES[region]) for region in REGIONS]
    secrets = [row(region, f"{short}-AWSSecretsManager-Secrets", "Secrets", "0.4000000000") for region, short in each]
    calls = [
        row(region, f"{short}-AWSSecretsManagerAPIRequest", "API Requests", "0.0000050000") for region, short in each
    ]
    keys = [row(region, f"{region}-KMS-Keys", "Keys", "1.0000000000") for region, _ in each]
    alarms = [row(region, f"{short}-CW:AlarmMonitorUsage", "Alarms", "0.1000000000") for region, short in each]
    return {
        "AmazonElastiCache": elasticache(),
        "AmazonVPC": vpc(),
        "AWSSecretsManager": offer("AWSSecretsManager", *secrets, *calls),
        "awskms": offer("awskms", *keys),
        "AmazonCloudWatch": offer("AmazonCloudWatch", *alarms),
    }


def written(folder: Path, offers: Mapping[str, Any]) -> Path:
    folder.mkdir(exist_ok=True)
    for code, one in offers.items():
        (folder / f"{code}.json").write_text(json.dumps(one), "utf-8")
    return folder
