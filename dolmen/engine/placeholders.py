"""Makes values that stand in for what a plan cannot know.

A program can work with them. They are real strings, lists and mappings, so they pass through formatting, JSON and the
SDK. Whatever text they end up in keeps the mark `‹label›`, by which the plan finds what rests on them.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable, Iterable
from typing import Any, SupportsIndex

from pulumi import Output, _types  # pyright: ignore[reportPrivateUsage]  # no public way to its types

from dolmen.engine.numbers import AssumedFloat, AssumedInteger, AssumedNumber
from dolmen.engine.values import LEFT, MARK, RIGHT, mark

_NUMBER = 1
"""What a placeholder is as a number: neither an empty range nor a division by zero."""
_NETWORK = "10.0.0.0/16"
_ADDRESS = "10.0.0.1"


class AssumedText(str):
    """A text that stands for `label`.

    Parts of it, where it has none, are placeholders too.
    """

    __slots__ = ()

    @property
    def label(self) -> str:
        return self.strip(LEFT + RIGHT)

    def __int__(self) -> int:
        return _NUMBER

    def __index__(self) -> int:
        return _NUMBER

    def __float__(self) -> float:
        return float(_NUMBER)

    def __getitem__(self, key: SupportsIndex | slice | str) -> str:  # type: ignore[override]
        if isinstance(key, str):
            return AssumedText(mark(f"{self.label}.{key}"))
        try:
            return super().__getitem__(key)
        except IndexError:
            return self

    def split(self, sep: str | None = None, maxsplit: SupportsIndex = -1) -> list[str]:  # type: ignore[override]
        return self._parts(super().split(sep, maxsplit))

    def rsplit(self, sep: str | None = None, maxsplit: SupportsIndex = -1) -> list[str]:  # type: ignore[override]
        return self._parts(super().rsplit(sep, maxsplit))

    def _parts(self, parts: list[str]) -> list[str]:
        return AssumedList((AssumedText(part) if LEFT in part else part for part in parts), self)

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ARG002 (the text stands for a mapping)
        return self[key]


class AssumedList(list[Any]):
    """A made-up list: beyond its end lies another placeholder."""

    def __init__(self, items: Iterable[Any] = (), last: Any = None) -> None:
        super().__init__(items)
        self._last = last if last is not None else (self[0] if self else AssumedText(mark("element")))

    def __getitem__(self, key: Any) -> Any:
        try:
            return super().__getitem__(key)
        except IndexError:
            return self._last


class AssumedObject(dict[Any, Any]):
    """A made-up mapping: every key is there.

    Its one visible entry carries the mark into the plan.
    """

    def __init__(self, label: str) -> None:
        super().__init__({AssumedText(mark(label)): AssumedText(mark(label))})
        self._label = label

    @property
    def label(self) -> str:
        return self._label

    def __missing__(self, key: Any) -> Any:
        if key == "result":  # how invokes wrap lists, such as decoded manifests
            return AssumedList()
        inner = f"{self._label}[{key}]" if isinstance(key, int) else f"{self._label}.{key}"
        return AssumedText(mark(inner))

    def __reduce__(self) -> Any:
        return (dict, (dict(self),))


def soften(value: Any) -> Any:
    """Make placeholders inside data workable; other data stays as it is."""
    if isinstance(value, str):
        return AssumedText(value) if LEFT in value and type(value) is str else value
    if isinstance(value, list):
        items = [soften(item) for item in value]
        return AssumedList(items) if any(_assumed(item) for item in items) else items
    if isinstance(value, dict):
        if type(value) is dict and len(value) == 1:
            (key, item), *_ = value.items()
            if isinstance(key, str) and key == item and (found := MARK.fullmatch(key)):
                return AssumedObject(found.group(1))
        for key in value:
            dict.__setitem__(value, key, soften(dict.__getitem__(value, key)))
        return value
    if _types.is_output_type(type(value)) and hasattr(value, "__dict__"):
        for key, item in list(value.__dict__.items()):
            value.__dict__[key] = soften(item)
    return value


def _assumed(value: Any) -> bool:
    if isinstance(value, AssumedText | AssumedList | AssumedObject | AssumedNumber):
        return True
    if isinstance(value, dict):
        return any(_assumed(dict.__getitem__(value, key)) for key in value)
    return _types.is_output_type(type(value)) and any(_assumed(item) for item in vars(value).values())


def install_config(note: Callable[[str, str, str], None]) -> None:
    """Let `pulumi.Config` answer for values that are missing or encrypted."""
    from pulumi import config

    cls: Any = config.Config
    get = cls._get

    def _get(self: Any, key: str, *args: Any, **kwargs: Any) -> Any:
        found = get(self, key, *args, **kwargs)
        return AssumedText(found) if isinstance(found, str) and MARK.fullmatch(found) else found

    cls._get = _get
    for kind, default in (
        ("", lambda text: text),
        ("_bool", lambda text: AssumedInteger.of(0, text.label)),  # a `bool` of one's own cannot be made
        ("_int", lambda text: AssumedInteger.of(_NUMBER, text.label)),
        ("_float", lambda text: AssumedFloat.of(_NUMBER, text.label)),
        ("_object", lambda text: AssumedObject(text.label)),
    ):
        _install_kind(cls, kind, default, note)


def _install_kind(
    cls: Any, kind: str, default: Callable[[AssumedText], Any], note: Callable[[str, str, str], None]
) -> None:
    get_name, require_name = f"_get{kind}", f"_require{kind}"
    read = getattr(cls, get_name, None)
    if read is None or not hasattr(cls, require_name):
        return
    raw = cls._get

    def get(self: Any, key: str, *args: Any, **kwargs: Any) -> Any:
        text = raw(self, key)
        return default(text) if isinstance(text, AssumedText) else read(self, key, *args, **kwargs)

    def require(self: Any, key: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG001
        found = getattr(self, get_name)(key)
        if found is not None:
            return found
        full = self.full_key(key)
        note("assumed", f"config {full}", "This required value is not set: Pulumi refuses to run until it is.")
        return default(AssumedText(mark(f"config {full}")))

    if kind:
        setattr(cls, get_name, get)
    setattr(cls, require_name, require)
    if kind == "_object":
        for name in ("get_secret_object", "require_secret_object"):
            _keep_whole(cls, name, getattr(cls, name), getattr(cls, get_name if "get" in name else require_name))


def _keep_whole(cls: Any, name: str, secret: Callable[..., Any], read: Callable[..., Any]) -> None:
    """Keep a made-up mapping whole: `Output.secret` would copy its entries."""

    def answer(self: Any, key: str, *args: Any, **kwargs: Any) -> Any:
        found = read(self, key)
        if isinstance(found, AssumedObject):
            label = found.label  # with its marks: the bare label would count as a secret text
            return Output.secret(mark(label)).apply(lambda _: AssumedObject(label))
        return secret(self, key, *args, **kwargs)

    setattr(cls, name, answer)


def install_parsers() -> None:
    """Let a program parse a placeholder as JSON or as a network."""
    loads = json.loads

    def load(text: Any, *args: Any, **kwargs: Any) -> Any:
        return AssumedObject(text.label) if isinstance(text, AssumedText) else loads(text, *args, **kwargs)

    json.loads = load
    network: Any = ipaddress.ip_network
    address: Any = ipaddress.ip_address
    ipaddress.ip_network = lambda given, *args, **kwargs: network(  # pyright: ignore[reportUnknownLambdaType]
        _NETWORK if isinstance(given, AssumedText) else given, *args, **kwargs
    )
    ipaddress.ip_address = lambda given: address(_ADDRESS if isinstance(given, AssumedText) else given)
