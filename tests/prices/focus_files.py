"""Atlas's FOCUS report as its documentation describes it; the rows are composed, with names that nobody may see."""

from __future__ import annotations

import csv
import io

CANARY = "canary-9Kd3WqZ7"
HEADER = (
    "BilledCost,BillingAccountId,BillingAccountName,BillingCurrency,BillingPeriodEnd,BillingPeriodStart,"
    "ChargeCategory,ChargeDescription,ChargePeriodEnd,ChargePeriodStart,ConsumedQuantity,ConsumedUnit,"
    "ContractApplied,ContractedCost,ContractedUnitPrice,EffectiveCost,HostProviderName,InvoiceIssuer,"
    "ListCost,ListUnitPrice,PricingCurrency,PricingCurrencyContractedUnitPrice,PricingCurrencyEffectiveCost,"
    "PricingCurrencyListUnitPrice,PricingQuantity,PricingUnit,RegionId,RegionName,ResourceName,"
    "ServiceCategory,ServiceName,ServiceProviderName,SkuId,SkuMeter,SkuPriceDetails,SkuPriceId,"
    "SubAccountId,SubAccountName,Tags,x_AtlasSku,x_BilledDateEnd,x_BilledDateStart,x_PricingCurrencyRate,"
    "x_SkuCategory"
)
"""Source: https://www.mongodb.com/docs/atlas/billing/focus-report/"""
COLUMNS = HEADER.split(",")


def line(
    sku: str, region: str, price: str, unit: str, day: str = "2026-10-02", currency: str = "USD"
) -> dict[str, str]:
    return {
        **{name: f"{CANARY}\n{name}" for name in COLUMNS},
        "x_AtlasSku": sku,
        "RegionId": region,
        "ListUnitPrice": price,
        "ContractedUnitPrice": "0.0001",
        "PricingUnit": unit,
        "BillingCurrency": currency,
        "ChargePeriodStart": f"{day}T00:00:00Z",
    }


def report(*lines: dict[str, str], columns: list[str] = COLUMNS) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue()


M30 = line("ATLAS_AWS_INSTANCE_M30", "ap-northeast-2", "0.21", "Server Hours")
"""A node of the cluster; the whole costs 0.63 an hour."""
