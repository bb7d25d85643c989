"""Notes which variables of the environment a program looked for in vain, and says when it failed for one."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

from dolmen.engine.sources import Sources

_READERS = (os.__file__, "<frozen os>", "<frozen _collections_abc>", "<frozen codecs>", __file__)
_NOTHING = re.compile(r"\bNoneType\b|\bnot None\b|[Mm]issing required property")
"""What Python and Pulumi's SDK say of a `None` that was used, or given for an input, in place of a text."""
_MOST = 3
_missed: dict[str, bool] = {}
"""Name → whether the program's own code got `None` for it."""


def watch(sources: Sources) -> None:
    """Note what is looked for and is not there, from now on."""
    _missed.clear()
    kind: Any = type(os.environ)

    def missed(name: object, *, got_nothing: bool) -> None:
        own = got_nothing and _asked_by(sources)
        _missed[str(name)] = own or _missed.get(str(name), False)

    def getitem(self: Any, name: Any) -> Any:
        try:
            return kind.__getitem__(self, name)
        except KeyError:
            missed(name, got_nothing=False)
            raise

    def get(self: Any, name: Any, default: Any = None) -> Any:
        if name in self:
            return kind.__getitem__(self, name)
        missed(name, got_nothing=default is None)
        return default

    methods: dict[str, Callable[..., Any]] = {"__getitem__": getitem, "get": get}
    watched: Any = os.environ
    watched.__class__ = type(kind.__name__, (kind,), methods)


def _asked_by(sources: Sources) -> bool:
    """Whether the program's own code asks, and not a library in its place."""
    frame = sys._getframe(1)  # pyright: ignore[reportPrivateUsage]
    while frame.f_back is not None and frame.f_code.co_filename in _READERS:
        frame = frame.f_back
    return sources.relative(frame.f_code.co_filename) is not None


def advice(errors: list[BaseException]) -> str:
    """What to do, where one of these exceptions can be told to come of a variable that is not there; else nothing."""
    names = list(dict.fromkeys(name for error in errors for name in _behind(error)))[:_MOST]
    if not names:
        return ""
    said = "is not" if len(names) == 1 else "are not"
    flags = " ".join(f"--env {name}" for name in names)
    return (
        f"{' and '.join(names)} {said} set for the program, which sees nothing of the environment but what it is passed: "
        f"`{flags}`."
    )


def _behind(error: BaseException) -> Iterator[str]:
    said = str(error)
    for name, got_nothing in _missed.items():
        if isinstance(error, KeyError):
            if error.args == (name,):
                yield name
        elif re.search(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", said) or (
            got_nothing and _NOTHING.search(said)
        ):
            yield name
