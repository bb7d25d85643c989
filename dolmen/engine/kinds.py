"""Keeps the kind of a placeholder where Python or the SDK would make plain data of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from pulumi import Output

from dolmen.engine import on_import, stand_ins
from dolmen.engine.numbers import AssumedNumber
from dolmen.engine.placeholders import AssumedList, AssumedObject, AssumedText


def install() -> None:
    _install_outputs()
    _install_json()
    _install_yaml()


def _install_outputs() -> None:
    """Let `Output.from_input` keep a made-up mapping or list: the SDK would copy its entries."""
    output: Any = Output
    original: Callable[[Any], Any] = output.from_input

    def from_input(val: Any) -> Any:
        if isinstance(val, AssumedObject):
            return _resolved(val)
        if isinstance(val, AssumedList):
            return original(list(val)).apply(lambda items: AssumedList(items, val.last))
        return original(val)

    output.from_input = staticmethod(from_input)


def _resolved(value: Any) -> Output[Any]:
    """An output that holds a value as it is."""
    wrapped = Output.from_input(stand_ins.stand_in(value.label))
    return wrapped.apply(lambda _: value)


def _install_json() -> None:
    """Let a program read a placeholder as JSON."""
    loads = json.loads

    def load(text: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(text, str | bytes | bytearray):
            found = text if isinstance(text, str) else bytes(text).decode("utf-8", "replace")
            if stand_ins.stands(found.strip()):
                return AssumedObject(AssumedText(found.strip()).label)
        return loads(text, *args, **kwargs)

    json.loads = load


def _install_yaml() -> None:
    """Let a program write placeholders as YAML: PyYAML refuses what is not of its own types."""
    on_import.install({"yaml.representer": _represent})


def _represent(module: Any) -> None:
    for representer in (module.SafeRepresenter, module.Representer):
        text = representer.represent_str
        for cls in (AssumedText, AssumedNumber):
            representer.add_multi_representer(cls, lambda dumper, value, text=text: text(dumper, str(value)))
        representer.add_multi_representer(AssumedList, representer.represent_list)
        representer.add_multi_representer(AssumedObject, representer.represent_dict)
