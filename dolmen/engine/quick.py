"""Makes parts of the SDK quicker that cost a program more than its own work, with the same results.

Waiting for all that is outstanding, the SDK hangs a callback on each of it again whenever one is done; describing where a
resource was made, it reads the source lines of every frame. Measured with 107 resources: 0.2 s of 0.6 s.
Sources: `wait_for_rpcs` of pulumi/runtime/stack.py, `_get_stack_trace` of pulumi/runtime/resource.py (3.259).
"""

from __future__ import annotations

import asyncio
import functools
import sys
from collections.abc import Collection
from pathlib import Path
from types import ModuleType
from typing import Any

from pulumi.runtime.proto import source_pb2

from dolmen.engine.sources import RUNNER

_MOMENT = 0.05
"""Seconds."""
_CONSTRUCTORS = 3
"""`Resource`, `CustomResource` or `ComponentResource`, and the resource's own class."""


def install_imports() -> None:
    """Decide by a function's code first whether it is empty: the SDK looks at the constants of each property's."""
    utils: Any = sys.modules["pulumi._utils"]
    if {"is_empty_function", "_empty", "_empty_doc", "_empty_lambda", "_empty_lambda_doc"} <= vars(utils).keys():
        codes = {function.__code__.co_code for name, function in vars(utils).items() if name.startswith("_empty")}
        is_empty = utils.is_empty_function
        utils.is_empty_function = lambda function: function.__code__.co_code in codes and is_empty(function)


def install() -> None:
    """Does nothing to an SDK that does these things otherwise."""
    stack, resource = (sys.modules.get(f"pulumi.runtime.{name}") for name in ("stack", "resource"))
    if getattr(stack, "asyncio", None) is asyncio:
        setattr(stack, "asyncio", _Asyncio())  # noqa: B010 (not to be declared by the module)
    if hasattr(resource, "_get_stack_trace") and hasattr(source_pb2, "StackTrace"):
        setattr(resource, "_get_stack_trace", _stack_trace)  # noqa: B010


class _Asyncio(ModuleType):
    """The module as the SDK sees it."""

    def __init__(self) -> None:
        super().__init__("asyncio")

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def wait(self, given: Collection[asyncio.Task[Any]], **_: Any) -> tuple[set[Any], set[Any]]:
        """Waits for all, but not beyond the first that fails, and not long: what began meanwhile may fail, too."""
        return await asyncio.wait(given, timeout=_MOMENT, return_when=asyncio.FIRST_EXCEPTION)


def _stack_trace() -> Any:
    """The frames from the one that made the resource outwards, as the SDK counts them, to where the program was run."""
    frame = sys._getframe(1)  # pyright: ignore[reportPrivateUsage]
    seen = 0
    while frame is not None:
        if frame.f_code.co_name == "__init__":
            seen += 1
            if seen == _CONSTRUCTORS:
                break
        frame = frame.f_back
    if frame is None:
        return source_pb2.StackTrace()
    frames: list[Any] = []
    while (frame := frame.f_back) is not None and frame.f_code.co_filename != RUNNER:
        uri = _uri(frame.f_code.co_filename)
        place = source_pb2.SourcePosition(uri=uri, line=frame.f_lineno) if uri and frame.f_lineno else None
        frames.append(source_pb2.StackFrame(pc=place))
    return source_pb2.StackTrace(frames=frames)


@functools.cache
def _uri(file: str) -> str:
    try:
        return Path(file).as_uri()
    except ValueError:  # no path, such as `<string>`
        return ""
