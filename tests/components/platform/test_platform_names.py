"""Names of the shipped stacks: what a state would be built on."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from components import names
from tests.components.platform.names import GOLDEN, lines, physical, resources

STACKS = sorted(resources())


def test_names_are_the_ones_on_record() -> None:
    assert "\n".join(lines()) + "\n" == GOLDEN.read_text(encoding="utf-8"), (
        "a changed name replaces a resource of everybody who has deployed; if it is meant, run "
        "`python -m tests.components.platform.names` and give the old name as an alias"
    )


@pytest.mark.parametrize("stack", STACKS)
def test_no_two_resources_of_a_type_have_one_name(stack: str) -> None:
    twice = [key for key, count in Counter((r.type, r.name) for r in resources()[stack]).items() if count > 1]
    assert not twice, "the engine would refuse the second one"


@pytest.mark.parametrize("stack", STACKS)
def test_a_name_is_short_and_says_no_word_twice(stack: str) -> None:
    for resource in resources()[stack]:
        assert len(resource.name) <= names.LONGEST, resource.name
        assert not re.search(r"(?:^|-)([a-z]{2,})-\1(?:-|$)", resource.name), f"{resource.name} repeats itself"
        assert "@" not in resource.name, f"{resource.name} holds a person's address"


@pytest.mark.parametrize("stack", STACKS)
def test_a_name_begins_with_its_parent_s(stack: str) -> None:
    by_urn = {resource.urn: resource for resource in resources()[stack]}
    for resource in resources()[stack]:
        parent = by_urn.get(resource.parent or "")
        if parent is not None and len(resource.name) < names.LONGEST:
            assert resource.name == parent.name or resource.name.startswith(f"{parent.name}-"), (
                f"{resource.name} does not say that it belongs to {parent.name}"
            )


def test_two_stacks_of_one_repository_claim_nothing_of_each_other() -> None:
    claims = Counter(
        (resource.type, name)
        for found in resources().values()
        for resource in found
        if (name := physical(resource)) is not None and resource.type != "aws:iam/rolePolicy:RolePolicy"
    )
    assert not [claim for claim, count in claims.items() if count > 1], (
        "the second stack's `up` would fail, or take over"
    )
