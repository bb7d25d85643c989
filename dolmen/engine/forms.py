"""Names what a text must be beyond a text, where whoever reads a plan relies on it."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, TypeAlias


class Form(Enum):
    NAME = "name"
    """Of limited length."""
    URN = "urn"
    """Can be taken apart by `dolmen.engine.urns`."""


Name: TypeAlias = Annotated[str, Form.NAME]
Urn: TypeAlias = Annotated[str, Form.URN]
