"""What of the environment an evaluator is given: nothing but what is listed here."""

from __future__ import annotations

import os

PASSED = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "DOLMEN_EAGER_IMPORTS", "DOLMEN_IMPORT_AHEAD")


def variables() -> dict[str, str]:
    return {name: os.environ[name] for name in PASSED if name in os.environ}
