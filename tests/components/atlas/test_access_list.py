"""The access list: an access list never contains the whole internet."""

from __future__ import annotations

from ipaddress import IPv4Network, collapse_addresses, ip_network

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from components.atlas import addresses
from components.atlas.access_list import canonical_entries, problems
from tests.components.atlas.programs import PROJECT, failure_of, of_type, outputs, plan_of


def listed(*entries: str) -> None:
    from components.atlas import AtlasIpAccessList

    AtlasIpAccessList("gates", {"project_id": PROJECT, "entries": list(entries)})


def rules(*entries: str) -> str:
    """What the component would refuse of these entries."""
    return " ".join(problem.rule for problem in problems({"project_id": PROJECT, "entries": entries}))


def test_one_resource_for_each_range_named_by_it() -> None:
    plan = plan_of(lambda: listed("203.0.113.10", "203.0.113.10/32", "198.51.100.0/28"))
    names = [entry.name for entry in of_type(plan, "ProjectIpAccessList")]
    assert names == ["gates-203.0.113.10_32", "gates-198.51.100.0_28"], (
        "named by place in the list, removing the first entry would replace all others"
    )
    assert outputs(plan, "gates")["expectedEntries"] == ["203.0.113.10/32", "198.51.100.0/28"]


def test_every_entry_has_the_same_comment_for_ever() -> None:
    plan = plan_of(lambda: listed("203.0.113.10", "198.51.100.1"))
    comments = {entry.inputs["comment"] for entry in of_type(plan, "ProjectIpAccessList")}
    assert comments == {"Managed with Pulumi"}, "a changed comment replaces the entry, and locks clients out meanwhile"


@pytest.mark.parametrize(
    "entries",
    [
        ["0.0.0.0/0"],
        ["1.2.3.4/0"],
        ["0.0.0.0/0.0.0.0"],
        ["::/0"],
        ["2001:db8::1/0"],
        ["0.0.0.0/1", "128.0.0.0/1"],
        ["128.0.0.0/1", "64.0.0.0/2", "0.0.0.0/2"],
        ["::/1", "8000::/1"],
        ["::ffff:0.0.0.0/96"],
        ["::ffff:0.0.0.0/97", "128.0.0.0/1"],
    ],
)
def test_the_whole_internet_is_refused_in_every_spelling(entries: list[str]) -> None:
    assert "the whole internet" in rules(*entries), "the database would be open to the world"


def test_the_component_refuses_it_too() -> None:
    assert "the whole internet" in failure_of(lambda: listed("0.0.0.0/1", "128.0.0.0/1"))


@st.composite
def partitions(draw: st.DrawFn) -> list[IPv4Network]:
    """The IPv4 internet cut into parts at random."""
    parts = [IPv4Network("0.0.0.0/0")]
    for _ in range(draw(st.integers(min_value=0, max_value=12))):
        index = draw(st.integers(min_value=0, max_value=len(parts) - 1))
        if parts[index].prefixlen < 30:
            parts[index : index + 1] = list(parts[index].subnets())
    return draw(st.permutations(parts))


@settings(max_examples=150, deadline=None)
@given(partitions())
def test_parts_that_together_are_the_internet_are_refused(parts: list[IPv4Network]) -> None:
    assert "the whole internet" in rules(*map(str, parts)), "the database would be open to the world"
    if len(parts) > 1:
        kept = parts[1:]
        assert "the whole internet" not in rules(*map(str, kept)), "a range is missing, and the message is wrong"
        assert set(
            collapse_addresses(IPv4Network(entry) for entry in canonical_entries([str(part) for part in kept]))
        ) == set(collapse_addresses(kept)), "a range that is not the internet was lost or refused"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(8, 32)), min_size=1, max_size=8))
def test_two_spellings_of_a_range_are_one_entry(ranges: list[tuple[int, int]]) -> None:
    spelled = [f"{ip_network(address)[0]}/{prefix}" for address, prefix in ranges]
    again = [str(ip_network(text, strict=False)) for text in spelled]
    result = canonical_entries(spelled + again)
    assert result == list(dict.fromkeys(again))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 32))
@example(0xCB00710A, 32)
@example(0xCB007100, 24)
def test_an_entry_wider_than_a_company_s_gateways_never_passes(address: int, prefix: int) -> None:
    text = f"{IPv4Network(address)[0]}/{prefix}"
    network = IPv4Network(text, strict=False)
    local = addresses.overlapping(network, addresses.NOT_PUBLIC)
    refused = rules(text)
    if network.prefixlen < 24 or local:
        assert refused, "half the world could connect"
    else:
        assert bool(refused) == (str(network) != text), "host bits are a typing mistake, and nothing else here is"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_an_entry_or_a_clear_refusal(text: str) -> None:
    assert rules(text) or addresses.parsed(text), "Atlas would refuse it, in the middle of a deployment"


def test_a_list_of_nobody_is_refused() -> None:
    assert "At least 1 entry" in rules()
