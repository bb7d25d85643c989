"""Gives a program its own inputs back, in the types of outputs.

A provider may take more than it gives: an IAM policy goes in as an object and comes out as JSON text. Without the
provider the object comes back as it went in, which the SDK refuses. Here it becomes the text that the provider would
have made of it, and anything else that does not fit becomes unknown.
"""

from __future__ import annotations

import json
from typing import Any

from pulumi import _types  # pyright: ignore[reportPrivateUsage]  # the SDK has no public way to its types
from pulumi.output import Unknown
from pulumi.runtime import rpc


def install() -> None:
    translate: Any = rpc.translate_output_properties

    def lenient(output: Any, transformer: Any, typ: Any = None, *args: Any, **kwargs: Any) -> Any:
        try:
            return translate(output, transformer, typ, *args, **kwargs)
        except AssertionError:
            return _fitting(output, typ)

    setattr(rpc, "translate_output_properties", lenient)  # noqa: B010 (the SDK's own function has another signature)


def _fitting(output: Any, type_: Any) -> Any:
    wanted = _types.unwrap_optional_type(type_) if type_ else type_
    if wanted is str and isinstance(output, dict | list) and not rpc.contains_unknowns(output):
        return json.dumps(output, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return Unknown()
