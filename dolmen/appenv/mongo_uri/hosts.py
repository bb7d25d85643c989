"""Which servers a URI names.

Sources: https://github.com/mongodb/specifications/blob/master/source/connection-string/connection-string-spec.md and
https://github.com/mongodb/specifications/blob/master/source/initial-dns-seedlist-discovery/initial-dns-seedlist-discovery.md
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from dolmen.appenv.mongo_uri.catalog import Condition
from dolmen.appenv.mongo_uri.parts import SOCKET, Fault, Parts, decoded
from dolmen.appenv.placeholder import framed

_NAME = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*"
)
_OF_NOBODY = re.compile(r"(.*\.)?(example(\.(com|net|org))?|invalid|x{3,}\..*)", re.IGNORECASE)
"""Names that belong to nobody (RFC 2606), and what stands for one: cluster0.xxxxx.mongodb.net."""
_MEMBER = re.compile(r"[^.]+-shard-\d+-\d+\.[^.]+\.mongodb(gov)?\.net", re.IGNORECASE)


def faults(parts: Parts, local: bool) -> Iterator[Fault]:
    found = [fault for host in parts.hosts for fault in _one(host, parts.srv, local)]
    yield from dict.fromkeys(found)
    if parts.srv:
        yield from _seed(parts)
    if len(parts.hosts) > 1:
        for option in ("directConnection", "loadBalanced"):
            if parts.holds(Condition(option, "true", equal=True)):
                yield Fault(
                    option, f"With {option}=true a URI names one host.", f"Remove {option}, or all hosts but one."
                )


def _one(host: str, srv: bool, local: bool) -> Iterator[Fault]:
    name, port = _host_and_port(host)
    if framed(decoded(name)) or (not local and _OF_NOBODY.fullmatch(name)):
        yield Fault("host", "The host in the URI is a placeholder or an example.", "Write the host that Atlas shows.")
    elif SOCKET.fullmatch(host):
        if not local:
            yield Fault("host", "A socket is a server on this machine, and only in development.", "Write a host.")
    elif not (_is_address(name) if name.startswith("[") else _NAME.fullmatch(name)):
        yield Fault(
            "host",
            "A MongoDB URI names at least one host, and host names have letters, digits, hyphens and dots.",
            "If the password holds an @, write %40 for it.",
        )
    elif srv and port is not None:
        yield Fault("host", "A mongodb+srv:// URI has no port: DNS gives it.", "Remove the port, or write mongodb://.")
    elif port is not None and not (re.fullmatch(r"[0-9]{1,5}", port) and 0 < int(port) < 65536):
        yield Fault(
            "host",
            "A port is a number from 1 to 65535.",
            "Correct the port; if the password holds a colon, write %3A for it.",
        )


def _seed(parts: Parts) -> Iterator[Fault]:
    """The one name whose DNS records lead to the servers."""
    name, *others = parts.hosts
    if others:
        yield Fault("host", "A mongodb+srv:// URI names one host.", "Write mongodb:// to list several.")
        return
    if name.startswith("[") or re.fullmatch(r"[0-9.]+", name) or name.count(".") < 2:
        yield Fault(
            "host",
            "A mongodb+srv:// host is a name and has at least three parts.",
            "Write the host that Atlas shows: cluster.abcde.mongodb.net.",
        )
    elif _MEMBER.fullmatch(name):
        yield Fault(
            "host",
            "A mongodb+srv:// host is the cluster's name; DNS has no such record for a single member.",
            "Write the host that Atlas shows: cluster.abcde.mongodb.net.",
        )
    if parts.source_from_dns and any(service != "mongodb" for service in parts.given("srvServiceName")):
        yield Fault("srvServiceName", "Atlas's DNS has records of the service mongodb alone.", "Remove srvServiceName.")
    if parts.source_from_dns and "true" in parts.given("loadBalanced"):
        yield Fault("loadBalanced", "Atlas's DNS says itself where a load balancer is.", "Remove loadBalanced.")


def _is_address(name: str) -> bool:
    try:
        ipaddress.IPv6Address(name[1:-1].replace("%25", "%"))
    except ValueError:
        return False
    return name.endswith("]")


def _host_and_port(host: str) -> tuple[str, str | None]:
    """`[::1]:27017` keeps its brackets; a second colon belongs to the port, where it is refused."""
    end = host.find("]") + 1 if host.startswith("[") else host.find(":")
    if end <= 0 or end == len(host):
        return host, None
    return (host[:end], host[end + 1 :]) if host[end] == ":" else (host, None)
