"""A right in one shape, whatever gives it, and whether one takes in another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network


@dataclass(frozen=True, slots=True)
class Grant:
    """One right of somebody, or one denial."""

    who: str
    may: str
    """An action, a role, ports."""
    on: str = ""
    condition: str = ""
    """For people: `if aws:SourceAccount StringEquals 123456789012`."""
    verb: str = "call"
    allows: bool = True


def covers(outer: Grant, inner: Grant) -> bool:
    """Whether whoever has the outer one gains nothing by the inner one."""
    return (
        (outer.allows, outer.verb) == (inner.allows, inner.verb)
        and outer.condition in ("", inner.condition)
        and _within(inner.who, outer.who)
        and _within(inner.may, outer.may)
        and _within(inner.on, outer.on)
    )


def _within(inner: str, outer: str) -> bool:
    if inner.lower() == outer.lower():
        return True
    if outer.startswith("all but ") or inner.startswith("all but "):
        return outer == "*"
    ports = _ports(inner), _ports(outer)
    if ports[0] and ports[1]:
        return _inside(ports[0], ports[1])
    networks = network(inner), network(outer)
    if networks[0] and networks[1]:
        return networks[0].version == networks[1].version and networks[0].subnet_of(networks[1])  # pyright: ignore[reportArgumentType]
    return fnmatchcase(inner.lower(), outer.lower().replace("[", "[[]"))  # IAM has the wildcards * and ? alone


@cache
def network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def whole_internet(text: str) -> bool:
    """Everything, or a half of it: two of these make everything."""
    found = network(text)
    return found is not None and found.prefixlen <= 1


# ---- ports: `every port`, `tcp port 6379`, `udp ports 1-1024`


def ports_text(protocol: str, first: int | None, last: int | None) -> str:
    protocol = {"6": "tcp", "17": "udp", "1": "icmp"}.get(protocol, protocol.lower())
    if protocol in ("-1", "all", ""):
        return "every port"
    if first is None or last is None or (first, last) in ((-1, -1), (0, 65535)):
        return f"every {protocol} port"
    return f"{protocol} port {first}" if first == last else f"{protocol} ports {first}-{last}"


_PORTS = re.compile(r"every port|every (?P<all>\S+) port|(?P<name>\S+) ports? (?P<first>\d+)(?:-(?P<last>\d+))?")


def _ports(text: str) -> tuple[str, int, int] | None:
    found = _PORTS.fullmatch(text)
    if found is None:
        return None
    if found["name"] is None:
        return (found["all"] or "", 0, 65535)
    return (found["name"], int(found["first"]), int(found["last"] or found["first"]))


def _inside(inner: tuple[str, int, int], outer: tuple[str, int, int]) -> bool:
    return outer[0] in ("", inner[0]) and outer[1] <= inner[1] and inner[2] <= outer[2]
