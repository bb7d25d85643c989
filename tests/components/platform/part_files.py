"""Stack files of every platform that there can be: which parts it has, and what its application uses of them."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.components.platform.files import values_of

STACK = "development"


@dataclass(frozen=True)
class Shape:
    """A platform's parts, and those that its one application uses; an application that uses nothing is none."""

    atlas: bool
    cache: bool
    uses_atlas: bool
    uses_cache: bool
    tokens: bool

    def __str__(self) -> str:
        parts = "-".join(word for word, there in (("atlas", self.atlas), ("cache", self.cache)) if there)
        uses = [("database", self.uses_atlas), ("keys", self.uses_cache), ("tokens", self.tokens)]
        return f"{parts}:{'-'.join(word for word, there in uses if there) or 'nobody'}"

    @property
    def values(self) -> dict[str, Any]:
        """The settings of its stack file, made from the project's own development stack."""
        values = copy.deepcopy(values_of(STACK))
        application = values["dolmen:applications"]["chat-app"]
        for there, key in ((self.uses_atlas, "database"), (self.uses_cache, "cacheKeys"), (self.tokens, "jwtKeys")):
            if not there:
                del application[key]
        gone = {"dolmen:atlas": not self.atlas, "dolmen:cache": not self.cache, "dolmen:network": not self.cache}
        gone["dolmen:applications"] = not (self.uses_atlas or self.uses_cache)
        return {key: value for key, value in values.items() if not gone.get(key)}


def _shapes() -> Iterator[Shape]:
    for atlas, cache in ((True, False), (False, True), (True, True)):
        yield Shape(atlas, cache, False, False, False)
        for uses_atlas, uses_cache in ((True, False), (False, True), (True, True)):
            if uses_atlas <= atlas and uses_cache <= cache:
                for tokens in (False, True):
                    yield Shape(atlas, cache, uses_atlas, uses_cache, tokens)


SHAPES: Mapping[str, Shape] = {str(shape): shape for shape in _shapes()}
