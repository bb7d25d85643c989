"""Access strings that shut out cluster-aware clients: what these send by themselves, on connecting and on a redirection."""

from collections.abc import Iterator

from . import tables
from .access_string import parse
from .access_string_problems import allows


def refused_commands(text: str) -> tuple[str, ...]:
    """What a cluster-aware client needs and an access string refuses; the root or any selector may give it."""
    access = parse(text)
    places = (access.root, *access.selectors)
    return tuple(
        command
        for command in tables.cluster_clients()
        if not any(allows(permissions.commands, command) for permissions in places)
    )


def cluster_client_problems(text: str) -> Iterator[tuple[str, str]]:
    """(rule, remedy) for a string with which clients of a cache in cluster mode could not connect, or not stay so."""
    refused = refused_commands(text)
    if refused:
        told = ", ".join(
            f"{command.replace('|', ' ').upper()} ({', '.join(tables.cluster_clients()[command])})"
            for command in refused
        )
        yield (
            f"In cluster mode clients send {told}, and this string refuses them: they could not connect, or not follow a "
            "slot that moves.",
            f"Write at its end: {' '.join(f'+{command}' for command in refused)}.",
        )
