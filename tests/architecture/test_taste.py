"""Rules of taste that a machine can hold."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMPONENTS = sorted((ROOT / "components").rglob("*.py"))


@pytest.mark.parametrize("pattern", [r"dict\[str, Any\]", r"\bcast\(\s*Any\b", r"\bMapping\[str, Any\]"])
def test_types_are_on_where_a_platform_is_put_together(pattern: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in COMPONENTS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(pattern, line)
    ]
    assert not found, f"a misspelt key here would be found by nobody: {found}"
