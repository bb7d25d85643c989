"""Generations of credentials: which exist, and which one clients read.

Two slots take turns: `a` holds the largest odd generation that exists, `b` the largest even one. A new generation
overwrites the slot of the generation before the last, so the password that clients still read stays valid while they
change over.
"""

from collections.abc import Iterator

from .arguments import Place, Problem, between


def generation_problems(
    generation: int | None, active: int | None, at: Place = ("generation",), active_at: Place = ("active",)
) -> Iterator[Problem]:
    """What would lock clients out: two slots hold the active generation and one beside it."""
    yield from between(at, generation, 1)
    yield from between(active_at, active, 1)
    if generation is None or active is None or min(generation, active) < 1:
        return
    generation, active = int(generation), int(active)
    if generation > active + 1:
        yield Problem(
            at,
            f"A generation may not run ahead of `active` ({active}) by more than one: two users take turns, and a "
            "second new generation would overwrite the password that clients still read.",
            f"Write generation: {active + 1}, or raise active to {generation - 1} first.",
        )
    if active > generation:
        yield Problem(
            active_at,
            f"Clients cannot read a generation that does not exist yet ({generation} is the newest).",
            f"Raise generation to {active} first, `pulumi up`, then raise active.",
        )


def slot_of(generation: int) -> str:
    """The slot that holds a generation: a the odd ones, b the even ones."""
    return "a" if generation % 2 else "b"


def slots(generation: int) -> dict[str, int]:
    """Slot → the generation that it holds: the newest and, from the second on, the one before."""
    return {slot_of(held): held for held in (generation, generation - 1) if held >= 1}
