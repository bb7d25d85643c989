"""Token keys by generation: no token that was ever signed meets a client that cannot verify it."""

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.secrets.jwt import KEY_LENGTH, problems, published, slots

WALKS = st.lists(st.sampled_from(["generation", "active"]), max_size=30)


def states(walk: list[str]) -> list[tuple[int, int]]:
    """Every state that a legal sequence of deployments goes through."""
    generation, active = 1, 1
    found = [(generation, active)]
    for step in walk:
        if step == "generation" and generation == active:
            generation += 1
        elif step == "active" and generation > active:
            active += 1
        else:
            continue
        found.append((generation, active))
    return found


@given(WALKS)
@settings(max_examples=200)
def test_clients_on_either_side_of_a_deployment_verify_each_others_tokens(walk: list[str]) -> None:
    found = states(walk)
    for before, after in itertools.pairwise(found):
        old, new = published(*before), published(*after)
        assert new["current"] in old.values(), "A client with the old version refuses a token of one with the new."
        assert old["current"] in new.values(), "A client with the new version refuses a token of one with the old."


@given(WALKS)
@settings(max_examples=200)
def test_every_published_key_exists_and_keeps_its_slot_while_it_is_published(walk: list[str]) -> None:
    held_before: dict[str, int] = {}
    for generation, active in states(walk):
        held = slots(generation)
        assert set(published(generation, active).values()) <= set(held.values()), "A published key does not exist."
        for slot, key in held_before.items():
            if key in published(generation, active).values():
                assert held[slot] == key, "A key that clients still use would be made anew."
        assert set(held_before) <= set(held), "A slot disappears, and its key with it."
        held_before = held


def test_before_a_second_generation_previous_is_a_key_that_never_signed() -> None:
    assert published(1, 1) == {"current": 1, "previous": 0}
    assert slots(1) == {"a": 0, "b": 1}


def test_raising_generation_then_active_moves_current_to_previous() -> None:
    assert published(2, 1) == {"current": 1, "previous": 0, "next": 2}
    assert published(2, 2) == {"current": 2, "previous": 1}


@pytest.mark.parametrize(("generation", "active"), [(3, 1), (1, 2), (1, 0), (0, 0), (0, -1)])
def test_generations_that_would_lose_a_key_are_refused(generation: int, active: int) -> None:
    args: Any = {"generation": generation, "active": active}
    assert [problem.place for problem in problems(args) if problem.place in args], "A key in use would be overwritten."


def test_a_key_holds_at_least_256_bits_of_chance() -> None:
    assert 62**KEY_LENGTH > 2**256
