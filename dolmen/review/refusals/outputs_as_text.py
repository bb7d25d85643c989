"""Finds the text that the SDK gives for an output whose value it does not have yet.

`f"mongodb://{password.result}"` formats the output itself and not its value: the sentence that the SDK returns would be
deployed. Source: https://www.pulumi.com/docs/iac/concepts/inputs-outputs/ (outputs and strings)
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from dolmen.review.refusals.model import Refusal, RefusalKind
from dolmen.review.refusals.values import Hidden, shown

_SENTENCE = "Calling __str__ on an Output"
_FOUND = re.compile(
    r"Calling(?: |\+|%20)__str__(?: |\+|%20)on(?: |\+|%20)an(?: |\+|%20)Output|<pulumi\.output\.Output object at 0x"
)


def _encoded(sentence: str) -> Iterator[str]:
    """What is the same in every Base64 of a text that holds the sentence: it may begin at three places of a group."""
    for offset in range(3):
        text = base64.b64encode(b"\0" * offset + sentence.encode()).decode().rstrip("=")
        yield text[4 if offset else 0 : -3]


_BASE64 = tuple(_encoded(_SENTENCE))
_SHORTEST = min(map(len, _BASE64))


def found(path: str, value: Any, *, hide: bool = False) -> Iterator[Refusal]:
    """One refusal for each text at or below a path, and each key of a map, that holds an output's own text."""
    hide = hide or isinstance(value, Hidden)
    value = shown(value)
    if isinstance(value, str):
        if ("utput" in value and _FOUND.search(value)) or (len(value) > _SHORTEST and any(t in value for t in _BASE64)):
            yield _refusal(path)
    elif isinstance(value, Mapping):
        for key, item in cast("Mapping[str, Any]", value).items():
            if "utput" in key and _FOUND.search(key):
                yield _refusal(path)
            else:
                name = "[secret]" if hide else key
                yield from found(f"{path}.{name}" if path else name, item, hide=hide)
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[Any]", value)):
            yield from found(f"{path}[{index}]", item, hide=hide)


def _refusal(path: str) -> Refusal:
    return Refusal(
        path,
        RefusalKind.OUTPUT_AS_TEXT,
        "an output is formatted into text before its value is known, so that Pulumi's warning about it would be deployed",
        "Use pulumi.Output.format, pulumi.Output.concat or apply.",
    )
