"""Days of the week: a maintenance window counts them from Sunday (1), a snapshot from Monday (1)."""

from collections.abc import Iterator

from ..arguments import Place, Problem

WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")


def weekday_problems(argument: Place, day: str | None) -> Iterator[Problem]:
    """What is wrong with the name of a day."""
    if day is not None and day.lower() not in WEEKDAYS:
        yield Problem(argument, "A day of the week is expected here.", f"Write one of {', '.join(WEEKDAYS)}.")
