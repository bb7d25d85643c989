"""Tables of facts that policies need: `policies/data`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parents[1] / "data"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def table(name: str) -> Any:
    """The facts in `data/<name>.yaml`, which only policies have."""
    return yaml.load((DATA / f"{name}.yaml").read_bytes(), Loader=_LOADER)  # noqa: S506  (a safe loader either way)


@cache
def components() -> Any:
    """What the components' own tables say, as `make tables` copies it: policies run where no component is."""
    return json.loads((DATA / "components.json").read_text(encoding="utf-8"))
