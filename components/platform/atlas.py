"""What a stack asks of Atlas's components: their own arguments, from the stack file and other components' outputs."""

from __future__ import annotations

from typing import Any

from .asked import ComponentCheck

CHECKS: tuple[ComponentCheck[Any], ...] = ()
