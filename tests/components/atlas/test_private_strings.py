"""A private endpoint's strings: whose they are, how long Atlas is asked for them, and what a preview says meanwhile."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest

from components.atlas.private_strings import PATIENCE_SECONDS, pauses, strings_of, waited_for

OURS = ("ours.mongodb.net", ["vpce-3", "vpce-2"])
OTHER = ("other.mongodb.net", ["vpce-1"])
FOUND = ("mongodb+srv://ours.mongodb.net", "mongodb://ours.mongodb.net:1024")


def strings(*entries: tuple[str, list[str]]) -> Any:
    return SimpleNamespace(
        private_endpoints=[
            SimpleNamespace(
                srv_connection_string=f"mongodb+srv://{host}",
                connection_string=f"mongodb://{host}:1024",
                endpoints=[SimpleNamespace(endpoint_id=endpoint) for endpoint in ids],
            )
            for host, ids in entries
        ]
    )


def waited(*answers: Any) -> tuple[Any, list[float]]:
    """What comes of asking again, the last answer from then on; and the pauses."""
    paused: list[float] = []
    left = list(answers)

    async def again() -> Any:
        return left.pop(0) if len(left) > 1 else left[0]

    async def pause(seconds: float) -> None:
        paused.append(seconds)

    loop = asyncio.new_event_loop()  # not `asyncio.run`, which leaves other tests without a loop
    try:
        return loop.run_until_complete(waited_for("vpce-2", strings(), again, pause)), paused
    finally:
        loop.close()


def test_the_connection_string_of_our_own_endpoint_is_chosen() -> None:
    assert strings_of("vpce-2", strings(OTHER, OURS)) == FOUND


@pytest.mark.parametrize("given", [strings(), strings(OTHER), SimpleNamespace()])
def test_the_string_of_another_endpoint_is_never_ours(given: Any) -> None:
    assert strings_of("vpce-2", given) is None


def test_a_string_that_comes_late_is_waited_for() -> None:
    found, paused = waited(strings(), strings(OTHER), strings(OTHER, OURS))
    assert found == FOUND, "an `up` fails although Atlas gives the string a moment later"
    assert len(paused) == 3


@pytest.mark.parametrize(("given", "knows"), [(strings(), "for any other"), (strings(OTHER), "it knows vpce-1")])
def test_after_ten_minutes_it_fails_and_says_what_to_do(given: Any, knows: str) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        waited(given)
    for words in ("vpce-2", "after 10 minutes", knows, "every region", "run `pulumi up` again"):
        assert words in str(refused.value)


def test_atlas_is_asked_soon_at_first_and_never_hammered() -> None:
    asked = list(pauses())
    assert sum(asked) == PATIENCE_SECONDS, "an `up` would wait for ever, or not as long as it says"
    assert asked[0] <= 1 and max(asked) <= 15
    assert len(asked) < 60, "Atlas allows 100 requests a minute for a whole project"
