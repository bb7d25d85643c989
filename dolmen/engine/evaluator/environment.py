"""What of the environment an evaluator is given: nothing but what is listed here, and what is passed by name."""

from __future__ import annotations

import os
from collections.abc import Collection

PASSED = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "DOLMEN_EAGER_IMPORTS")


def variables(passed: Collection[str] = ()) -> dict[str, str]:
    return {name: os.environ[name] for name in (*PASSED, *passed) if name in os.environ}
