"""What programs ran in, as JSON: the same in both documents."""

from __future__ import annotations

from typing import Any

from dolmen.engine.closed.model import Protection
from dolmen.engine.surroundings import Surroundings


def surroundings_json(surroundings: Surroundings | None) -> dict[str, Any] | None:
    """Null where no program ran."""
    if surroundings is None:
        return None
    return {
        "withoutCredentials": surroundings.without_credentials,
        "passed": list(surroundings.passed),
        "protections": {
            one.value: {"held": hold.held, "by": list(hold.by), "whyNot": hold.why_not}
            for one in Protection
            if (hold := surroundings.held.get(one)) is not None
        },
    }
