"""Gives each made-up network a range of its own, which a program can split and count.

The range is never shown: a network, a part of it and an address in it are stand-ins once they are written, in the plan
`‹aws:ec2/getVpc:getVpc(id: vpc-1).cidrBlock, subnet 2 of /24›`.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from typing import Any

from dolmen.engine import stand_ins
from dolmen.engine.numbers import AssumedInteger

_EVERYTHING = {4: ipaddress.ip_network("10.0.0.0/8"), 6: ipaddress.ip_network("fd00::/16")}
_WIDTH = {4: 16, 6: 56}
"""Prefix length of a range: what a VPC usually has."""
_BITS = {4: 32, 6: 128}
_LENGTH = re.compile(r"/(\d{1,3})$")

_ranges: dict[tuple[int, int], str] = {}
"""Version and first address of each range → the label that it belongs to."""
_written: dict[str, tuple[int, int]] = {}
"""Label → first address and prefix length of the network, or of the address, that was written as it."""


def install() -> None:
    """Let Python's own classes take made-up texts."""
    for cls, made_up in (
        (ipaddress.IPv4Network, _IPv4Network),
        (ipaddress.IPv6Network, _IPv6Network),
        (ipaddress.IPv4Address, _IPv4Address),
        (ipaddress.IPv6Address, _IPv6Address),
    ):
        _install(cls, made_up)


def _install(cls: Any, made_up: Any) -> None:
    def new(kind: Any, *arguments: Any, **_: Any) -> Any:
        label = stand_ins.label_in(arguments[0]) if arguments and isinstance(arguments[0], str) else None
        if kind is not cls or label is None:
            return object.__new__(kind)
        if made_up.ip == 4 and "ipv6" in label.lower():
            raise ipaddress.AddressValueError(f"{arguments[0]} stands for an IPv6 network")
        return object.__new__(made_up)

    cls.__new__ = new


def _parsed(text: str, version: int) -> tuple[int, int]:
    """First address and prefix length of what a made-up text stands for."""
    length = _LENGTH.search(text)
    bare = text[: length.start()] if length else text
    label = stand_ins.label_in(bare) if stand_ins.stands(bare) else stand_ins.shown(text)
    assert label is not None, "only texts with a stand-in come here"
    if label in _written:
        first, known = _written[label]
        return first, int(length.group(1)) if length else known
    return _range(label, version), int(length.group(1)) if length else _WIDTH[version]


def _range(label: str, version: int) -> int:
    """The first address of a range that is no other label's, in every run the same unless two want the same."""
    everything, width = _EVERYTHING[version], _WIDTH[version]
    places = 1 << (width - everything.prefixlen)
    wanted = int(hashlib.sha256(label.encode("utf-8", "surrogatepass")).hexdigest(), 16)
    first = 0
    for attempt in range(places):
        place = (wanted + attempt) % places
        first = int(everything.network_address) + (place << (everything.max_prefixlen - width))
        if _ranges.setdefault((version, first), label) == label:
            break
    return first


class _Written:
    ip: int

    def _label(self) -> str:
        raise NotImplementedError

    def _owner(self, first: int) -> tuple[str, int]:
        """The label of the range that an address lies in, and how far it is from the range's start."""
        start = first >> (_BITS[self.ip] - _WIDTH[self.ip]) << (_BITS[self.ip] - _WIDTH[self.ip])
        return _ranges.get((self.ip, start), "a made-up network"), first - start

    def __str__(self) -> str:
        return stand_ins.stand_in(self._label())

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return str(self)

    compressed = exploded = with_prefixlen = with_netmask = with_hostmask = property(__str__)


class _Address(_Written):
    def _label(self) -> str:
        first = int(self)  # pyright: ignore[reportArgumentType]  # an address is one
        label, offset = self._owner(first)
        made = f"{label}, address {offset}"
        _written[made] = first, _BITS[self.ip]
        return made


class _Network(_Written):
    _prefixlen: int
    network_address: Any

    def __init__(self, address: Any, strict: bool = True) -> None:  # noqa: ARG002 (the library's own)
        plain: Any = super()
        plain.__init__(_parsed(address, self.ip) if isinstance(address, str) else address, False)
        self.network_address = _ADDRESSES[self.ip](int(self.network_address))

    def _label(self) -> str:
        first = int(self.network_address)
        label, offset = self._owner(first)
        if self._prefixlen != _WIDTH[self.ip] or offset:
            index = offset >> (_BITS[self.ip] - self._prefixlen)
            label = f"{label}, subnet {index} of /{self._prefixlen}"
        _written[label] = first, self._prefixlen
        return label

    @property
    def prefixlen(self) -> int:
        return AssumedInteger.of(self._prefixlen, f"{self._label()}, prefix length")

    @property
    def num_addresses(self) -> int:
        return AssumedInteger.of(1 << (_BITS[self.ip] - self._prefixlen), f"{self._label()}, addresses")


class _IPv4Address(_Address, ipaddress.IPv4Address):  # pyright: ignore[reportIncompatibleMethodOverride]
    ip = 4

    def __init__(self, address: Any) -> None:
        super().__init__(_parsed(address, 4)[0] if isinstance(address, str) else address)


class _IPv6Address(_Address, ipaddress.IPv6Address):  # pyright: ignore[reportIncompatibleMethodOverride]
    ip = 6

    def __init__(self, address: Any) -> None:
        super().__init__(_parsed(address, 6)[0] if isinstance(address, str) else address)


class _IPv4Network(_Network, ipaddress.IPv4Network):  # pyright: ignore[reportIncompatibleMethodOverride]
    ip = 4
    _address_class = _IPv4Address


class _IPv6Network(_Network, ipaddress.IPv6Network):  # pyright: ignore[reportIncompatibleMethodOverride]
    ip = 6
    _address_class = _IPv6Address


_ADDRESSES: dict[int, Any] = {4: _IPv4Address, 6: _IPv6Address}
