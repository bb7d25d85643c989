"""Inputs of a resource as a policy reads them: known, absent, or not known before the deployment.

A preview leaves values open that only a cloud can give. A policy that reads one neither fails nor calls it a violation:
the place is written down, and the report says that it could not be judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pulumi_policy.proxy import UnknownValueError
from pulumi_policy.secret import Secret

PLACEHOLDER = "‹"
"""Begins a text that an offline plan made up, such as the account's id."""


def version_numbers(version: str) -> tuple[int, ...]:
    """`8.0.4` → `(8, 0)`: patches are not compared."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:2])


class Unknown:
    """A value that is known after the deployment."""

    def __repr__(self) -> str:
        return "known after apply"


UNKNOWN: Final = Unknown()


def plain(value: Any) -> Any:
    """Data out of the checking proxies that a policy is handed; what they would raise for becomes `UNKNOWN`."""
    if isinstance(value, Secret):
        return plain(value.value)
    if isinstance(value, str | bool | int | float) or value is None:
        return value
    if isinstance(value, Mapping):
        return {str(key): _item(value, key) for key in value}
    if isinstance(value, Sequence):
        return [_item(value, index) for index in range(len(value))]
    return value


def _item(holder: Any, key: Any) -> Any:
    try:
        return plain(holder[key])
    except UnknownValueError:
        return UNKNOWN


def secret_paths(value: Any, path: str = "") -> Iterator[str]:
    """Where a resource's properties are secret: `passwords`, `notifications[0].apiToken`. Unknown values too.

    What a remediation is handed hides the marks from those who read values, and gives the raw data under `__target`,
    as `pulumi_policy` itself asks for it when it passes them on.
    """
    if isinstance(value, Secret):
        yield path
        return
    if not isinstance(value, dict | list | str) and isinstance(value, Mapping | Sequence):
        value = value["__target"]  # pyright: ignore[reportArgumentType, reportCallIssue]  (a proxy's own key)
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from secret_paths(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from secret_paths(item, f"{path}[{index}]")


@dataclass
class View:
    """An object inside a resource's inputs."""

    data: Mapping[str, Any]
    path: str = ""
    unjudged: set[str] = field(default_factory=set[str])
    """Paths that were read and are not known; shared by all views of a resource."""

    def where(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def raw(self, key: str) -> Any:
        """`None` when absent, `UNKNOWN` when not known. A path of keys may be given: `awsKmsConfig.enabled`."""
        head, _, rest = key.partition(".")
        value = self.data.get(head)
        if value is UNKNOWN:
            self.unjudged.add(self.where(head))
            return UNKNOWN
        if not rest:
            return value
        inner = self._view(value, self.where(head))
        return inner.raw(rest) if inner else None

    def text(self, key: str) -> str | Unknown | None:
        value = self.raw(key)
        if value is UNKNOWN:
            return UNKNOWN
        if isinstance(value, str) and value.startswith(PLACEHOLDER) and value.endswith("›"):
            return UNKNOWN
        if value is None or value == "":
            return None
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return str(value)

    def known(self, key: str) -> str:
        """The text, or an empty one where it is absent or not known."""
        value = self.text(key)
        return value if isinstance(value, str) else ""

    def peek(self, key: str) -> str:
        """As `known`, for a policy that is content with a value that is not known."""
        value = self.data.get(key)
        return value if isinstance(value, str) else ""

    def given(self, key: str) -> bool:
        """Whether there is something, known or not."""
        value = self.data.get(key) if "." not in key else self.raw(key)
        return value not in (None, "", [], {})

    def flag(self, key: str, *, default: bool) -> bool | None:
        """`None` when not known. Text counts as the provider takes it: `"true"`, `"1"`."""
        value = self.raw(key)
        if value is None or value == "":
            return default
        if isinstance(value, str):
            return {"true": True, "1": True, "false": False, "0": False}.get(value.strip().lower())
        if isinstance(value, bool):
            return value
        return bool(value) if isinstance(value, int | float) else None

    def number(self, key: str, *, default: float | None = None) -> float | None:
        """`None` when not known or no number, and for an absent value without a default."""
        value = self.raw(key)
        if value is None or value == "":
            return default
        if isinstance(value, bool):
            return None
        try:
            return float(value) if isinstance(value, int | float | str) else None
        except ValueError:
            return None

    def view(self, key: str) -> View | None:
        """The object under a key; of a list, its first element."""
        return self._view(self.raw(key), self.where(key))

    def views(self, key: str) -> list[View]:
        """The objects of a list, or the one object that stands in its place."""
        value = self.raw(key)
        if isinstance(value, Mapping):
            return [View(value, self.where(key), self.unjudged)]
        return [View(item, path, self.unjudged) for path, item in self._items(key, value) if isinstance(item, Mapping)]

    def texts(self, key: str) -> list[str]:
        """The known texts of a list, or the one text that stands in its place."""
        value = self.raw(key)
        if isinstance(value, str):
            return [value]
        return [item for _, item in self._items(key, value) if isinstance(item, str)]

    def count(self, key: str) -> int | None:
        """How many elements a list has; `None` when not known."""
        value = self.raw(key)
        if value is UNKNOWN:
            return None
        return len(value) if isinstance(value, list) else 0 if value in (None, "") else 1

    def leaves(self) -> Iterator[tuple[str, Any]]:
        """Every known value with its path."""
        return _leaves(self.data, self.path)

    def _items(self, key: str, value: Any) -> Iterator[tuple[str, Any]]:
        if not isinstance(value, list):
            return
        for index, item in enumerate(value):
            path = f"{self.where(key)}[{index}]"
            if item is UNKNOWN:
                self.unjudged.add(path)
            else:
                yield path, item

    def _view(self, value: Any, path: str) -> View | None:
        if isinstance(value, list):
            value = next((item for item in value if isinstance(item, Mapping)), None)
        return View(value, path, self.unjudged) if isinstance(value, Mapping) else None


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, f"{path}[{index}]")
    else:
        yield path, value
