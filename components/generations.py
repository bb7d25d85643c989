"""Generations of credentials: which exist, and which one clients read."""

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
