"""Stands between the SDK's lookups and the monitor: the SDK knows the types, the monitor the answers."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from typing import Any

from pulumi import runtime
from pulumi.runtime import rpc

from dolmen.engine import invokes, lookup_results, placeholders
from dolmen.engine.monitor import Monitor
from dolmen.engine.plan import Position


def install(monitor: Monitor, here: Callable[[], Position | None]) -> None:
    """Let lookups say what type they expect, and soften their results. `here`: the program's own line."""
    module: Any = sys.modules["pulumi.runtime.invoke"]
    original = module._invoke
    plain = module.invoke

    def _invoke(
        tok: str, props: Any, opts: Any, typ: Any, *args: Any, check_dependencies: bool | None = False, **kwargs: Any
    ) -> Any:
        expectation = invokes.Expectation(typ, bool(check_dependencies), here())
        invokes.expected.set(expectation)
        if "check_dependencies" in inspect.signature(original).parameters:
            kwargs["check_dependencies"] = check_dependencies
        answer = original(tok, props, opts, typ, *args, **kwargs)

        async def soft() -> Any:
            result = await answer
            if result.is_known:
                lookup_results.mark_numbers(result.value, typ, expectation.label or tok, expectation.made_up)
                result.value = placeholders.soften(result.value)
            elif not expectation.asked:
                monitor.invokes.record(tok, "deferred", expectation)
            return result

        return soft()

    def invoke(tok: str, props: Any, opts: Any = None, typ: Any = None, *args: Any, **kwargs: Any) -> Any:
        result = plain(tok, props, opts, typ, *args, **kwargs)
        if not result.is_known:
            monitor.note(
                "assumed", tok, "This lookup's arguments are not known yet; its result is made of placeholders."
            )
            made = lookup_results.placeholder_result(tok, typ, {})
            data: Any = rpc.translate_output_properties(made, lambda name: name, typ) if typ else made
            lookup_results.mark_numbers(data, typ, tok, made.keys())
            result = module.InvokeResult(placeholders.soften(data))
        return result

    module._invoke = _invoke
    module.invoke = invoke
    runtime.invoke = invoke
