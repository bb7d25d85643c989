"""The Atlas section: arithmetic on addresses, ladders."""

from __future__ import annotations

import json
from ipaddress import IPv4Network

from hypothesis import example, given, settings
from hypothesis import strategies as st

from components.platform.model.atlas import addresses
from components.platform.model.atlas.backup import Backup
from components.platform.model.atlas.connectivity import Connectivity


def access_list(entry: str) -> Connectivity:
    return Connectivity.model_validate_json(json.dumps({"ipAccessList": [entry]}))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 32))
@example(0xCB00710A, 32)
@example(0xCB007100, 24)
def test_an_entry_wider_than_a_company_s_gateways_never_passes(address: int, prefix: int) -> None:
    text = f"{IPv4Network(address)[0]}/{prefix}"
    try:
        entries = access_list(text)
    except ValueError:
        network = IPv4Network(text, strict=False)
        assert network.prefixlen < 24 or addresses.overlapping(network, addresses.NOT_PUBLIC), "a gateway was refused"
        return
    network = IPv4Network(text, strict=False)
    assert network.prefixlen >= 24
    assert addresses.overlapping(network, addresses.NOT_PUBLIC) is None
    refused = bool(list(entries.problems()))
    assert refused == (str(network) != text), "host bits are a typing mistake, and nothing else here is"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_an_entry_or_a_clear_refusal(text: str) -> None:
    try:
        access_list(text)
    except ValueError as error:
        assert "ipAccessList" in str(error)


@settings(max_examples=200, deadline=None)
@given(
    st.tuples(*(st.integers(1, limit) for limit in (40, 60, 20, 30, 5))),
    st.integers(1, 40),
)
def test_a_schedule_that_passes_is_one_that_atlas_takes(kept: tuple[int, ...], window: int) -> None:
    hours, days, weeks, months, years = kept
    schedule = {
        "restoreWindowDays": window,
        "hourly": {"keepDays": hours},
        "daily": {"keepDays": days},
        "weekly": {"keepWeeks": weeks},
        "monthly": {"keepMonths": months},
        "yearly": {"keepYears": years},
    }
    backup = Backup.model_validate_json(json.dumps(schedule))
    ladder = [hours, days, weeks * 7, months * 31, years * 372]
    takes = ladder == sorted(ladder) and window <= hours
    assert (not list(backup.problems())) == takes


@given(st.integers(21, 24), st.integers(0, 2**21 - 1))
@settings(max_examples=200, deadline=None)
def test_an_overlap_with_any_range_of_the_vpc_is_found(prefix: int, start: int) -> None:
    atlas = IPv4Network((int(IPv4Network("10.0.0.0/8")[0]) + (start << 3), prefix), strict=False)
    vpc = [IPv4Network("10.20.0.0/16"), IPv4Network("10.64.0.0/10")]
    found = addresses.overlapping(atlas, vpc)
    expected = int(atlas[0]) <= int(vpc[0][-1]) and int(vpc[0][0]) <= int(atlas[-1])
    expected = expected or (int(atlas[0]) <= int(vpc[1][-1]) and int(vpc[1][0]) <= int(atlas[-1]))
    assert (found is not None) == expected, "AWS would refuse the peering half an hour into an `up`"


def test_a_remedy_names_a_range_that_is_free() -> None:
    taken = [IPv4Network("192.168.0.0/16"), IPv4Network("172.16.0.0/12")]
    free = addresses.free_range(21, taken)
    assert free == IPv4Network("10.255.248.0/21")
    assert addresses.free_range(21, list(addresses.PRIVATE)) is None
