"""Two passwords that take turns.

Slot `a` holds the largest odd generation that exists, slot `b` the largest even one. A new generation overwrites the
slot of the generation before the last, so the password that clients still read stays valid while they change over.
"""

SLOTS = ("a", "b")
LENGTH = 40
"""ElastiCache takes 16 to 128 characters; letters and digits alone are safe in URIs, shells and YAML."""


def slots(generation: int) -> dict[str, int]:
    """Slot → the generation it holds: `{"a": 3, "b": 2}` at generation 3, `{"a": 1}` at generation 1, the first."""
    newest, other = slot_of(generation), slot_of(generation + 1)
    held = {newest: generation, other: generation - 1} if generation > 1 else {newest: generation}
    return {slot: held[slot] for slot in SLOTS if slot in held}


def slot_of(generation: int) -> str:
    return SLOTS[(generation + 1) % 2]
