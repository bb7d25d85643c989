"""Names the environment variables that are seen inside."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping

ALLOWED = frozenset({"LANG", "LANGUAGE", "PATH", "TZ"})
ALLOWED_PREFIX = "LC_"
"""Which language, which programs, which time zone: nothing else of the judge's environment is seen inside.

HOME and TMPDIR are set by the warden to the private temporary folder, whatever was passed.
"""


def variables(passed: Collection[str] = (), environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Picks the variables that are seen inside: allowed or passed."""
    environment = os.environ if environment is None else environment
    return {
        name: value
        for name, value in sorted(environment.items())
        if name in ALLOWED or name.startswith(ALLOWED_PREFIX) or name in passed
    }
