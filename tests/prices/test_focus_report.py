"""What a customer's own report says Atlas costs."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest

from dolmen.prices.focus_report import COLUMNS, LONGEST_LINE, Range, read_focus
from dolmen.prices.model import PriceList, PriceListError
from dolmen.prices.rules import focus
from tests.prices import focus_files
from tests.prices.focus_files import CANARY, M30, line, report

SHIPPED = {"atlas cluster M30": "0.54", "atlas private endpoint": "0.045", "atlas snapshot storage": "0.16"}


def known(item: str) -> Range | None:
    return (Decimal(SHIPPED[item]), Decimal(SHIPPED[item])) if item in SHIPPED else None


def read(text: str | bytes, *regions: str) -> PriceList:
    data = text if isinstance(text, bytes) else text.encode()
    return read_focus(io.BytesIO(data), focus(), regions or ("ap-northeast-2",), known)


def usd(found: PriceList) -> dict[str, Decimal]:
    return {item: price.usd for (item, _), price in found.prices.items()}


@pytest.mark.parametrize(
    ("sku", "price", "unit", "item", "expected"),
    [
        ("ATLAS_AWS_INSTANCE_M30", "0.21", "Server Hours", "atlas cluster M30", "0.63"),
        ("ATLAS_AWS_INSTANCE_M30", "0.21", "server-hours", "atlas cluster M30", "0.63"),
        ("ATLAS_AWS_INSTANCE_M30", "0.21", "Hours", "atlas cluster M30", "0.63"),
        ("ATLAS_AWS_INSTANCE_R400", "5", "Server Hours", "atlas cluster R400", "15"),
        ("ATLAS_AWS_INSTANCE_M40_NVME", "0.7", "Server Hours", "atlas cluster M40_NVME", "2.1"),
        ("ATLAS_AWS_PRIVATE_ENDPOINT", "0.045", "Hours", "atlas private endpoint", "0.045"),
        ("ATLAS_AWS_BACKUP_SNAPSHOT_STORAGE", "0.00526027", "GB-Days", "atlas snapshot storage", "0.16"),
    ],
)
def test_a_row_has_the_price_of_what_it_counts(sku: str, price: str, unit: str, item: str, expected: str) -> None:
    found = usd(read(report(line(sku, "ap-northeast-2", price, unit))))
    assert found[item] == pytest.approx(Decimal(expected), rel=Decimal("0.001"))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (line("ATLAS_AWS_INSTANCE_M30", "ap-northeast-2", "0.63", "Hours"), "too far from 0.54"),
        (line("ATLAS_AWS_INSTANCE_M30", "ap-northeast-2", "0.21", "Fortnights"), "'Fortnights'"),
        (line("ATLAS_AWS_INSTANCE_R40", "ap-northeast-2", "0.3", "Hours"), "'Hours'"),
    ],
    ids=["an hour of the whole cluster", "an unknown unit", "hours of what, where nothing tells"],
)
def test_what_a_row_counts_is_never_guessed(row: dict[str, str], said: str) -> None:
    endpoint = line("ATLAS_AWS_PRIVATE_ENDPOINT", "ap-northeast-2", "0.045", "Hours")
    found = read(report(row, endpoint))
    assert usd(found) == {"atlas private endpoint": Decimal("0.045")}, "a cluster would cost three times too much"
    (why,) = found.left_out
    assert said in why


def test_the_last_day_counts() -> None:
    earlier = line("ATLAS_AWS_INSTANCE_M30", "ap-northeast-2", "0.18", "Server Hours", day="2026-09-30")
    for rows in ((earlier, M30), (M30, earlier)):
        found = read(report(*rows))
        assert usd(found) == {"atlas cluster M30": Decimal("0.63")}
        assert [source.date for source in found.sources.values()] == ["2026-10-02"]


def test_two_prices_on_one_day_are_none() -> None:
    other = line("ATLAS_AWS_INSTANCE_M30", "ap-northeast-2", "0.22", "Server Hours")
    with pytest.raises(PriceListError, match="2 prices of it on one day"):
        read(report(M30, other))


def test_a_free_row_is_no_price() -> None:
    free = line("ATLAS_AWS_INSTANCE_M30", "ap-northeast-2", "0", "Server Hours", day="2026-10-03")
    assert usd(read(report(M30, free))) == {"atlas cluster M30": Decimal("0.63")}


def test_atlas_may_spell_the_region_its_way() -> None:
    assert usd(read(report({**M30, "RegionId": "AP_NORTHEAST_2"})))


def test_other_regions_and_other_products_are_left_alone() -> None:
    others = [
        line("ATLAS_AWS_INSTANCE_M30", "us-east-1", "0.18", "Server Hours"),
        line("ATLAS_GCP_INSTANCE_M30", "ap-northeast-2", "0.3", "Server Hours"),
        line("ATLAS_AWS_INSTANCE_M30_CONFIG", "ap-northeast-2", "0.3", "Server Hours"),
        line("ATLAS_SUPPORT", "", "900", "Months"),
    ]
    assert set(read(report(M30, *others)).prices) == {("atlas cluster M30", "ap-northeast-2")}


REFUSED = {
    "nothing": "",
    "no report": "SKU,Region\nM30,x\n",
    "a column less": report(M30, columns=[name for name in focus_files.COLUMNS if name != "PricingUnit"]),
    "another currency": report({**M30, "BillingCurrency": "EUR"}),
    "no number": report({**M30, "ListUnitPrice": "much"}),
    "not a number": report({**M30, "ListUnitPrice": "NaN"}),
    "no day": report({**M30, "ChargePeriodStart": "soon"}),
    "not UTF-8": report(M30).encode("utf-16"),
    "other regions alone": report({**M30, "RegionId": "sa-east-1"}),
    "a line without end": "x" * (3 * LONGEST_LINE),
    "a field without end": report(M30) + '"' + "x\n" * 200_000,
}


@pytest.mark.parametrize("refused", REFUSED)
def test_a_report_that_cannot_be_used_is_one_clear_error_without_names(refused: str) -> None:
    with pytest.raises(PriceListError) as error:
        read(REFUSED[refused])
    assert "\n" not in str(error.value) and len(str(error.value)) < 250
    assert CANARY not in str(error.value), "the name of a cluster or a project would be in a log"


def test_only_columns_without_names_are_read() -> None:
    read(report(M30, columns=list(COLUMNS)))
    assert not {"ResourceName", "SubAccountName", "BillingAccountName", "Tags"} & set(COLUMNS)
