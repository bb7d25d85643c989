"""The rooms of the house and who may import whom."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("components", "dolmen", "policies")
ALLOWED = {
    "components": {"components.atlas", "components.cache", "components.secrets", "components.package"},
    "components.package": {"components"},
    "components.platform": {"components", "dolmen.stackfile", "dolmen.appenv", "dolmen.outputs"},
    "policies": {"policies", "dolmen.knowledge", "dolmen.policies", "dolmen.stackfile"},
    "dolmen.stackfile": {"dolmen.stackfile"},
    "dolmen.appenv": {"dolmen.appenv", "dolmen.outputs", "dolmen.stackfile"},
    "dolmen.outputs": {"dolmen.outputs"},
    "dolmen.engine": {"dolmen.engine", "dolmen.stackfile"},
    "dolmen.knowledge": {"dolmen.knowledge"},
    "dolmen.prices": {"dolmen.prices", "dolmen.knowledge", "dolmen.stackfile"},
    "dolmen.review": {"dolmen.review", "dolmen.engine", "dolmen.knowledge", "dolmen.stackfile"},
    "dolmen.cli": {"dolmen"},
    "__main__": {"components.platform"},
}
"""Room → what it may import of this repository."""


def _room(module: str) -> str:
    return next((room for room in sorted(ALLOWED, key=len, reverse=True) if _inside(module, room)), module)


def _inside(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


def _modules() -> dict[str, Path]:
    found = {"__main__": ROOT / "__main__.py"}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if "examples" not in path.parts:
                found[".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")] = path
    return found


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_every_room_imports_only_what_it_may() -> None:
    wrong = [
        f"{module} imports {name}"
        for module, path in _modules().items()
        for name in _imports(path)
        if name.split(".")[0] in ROOMS
        and _room(module) in ALLOWED
        and not any(_inside(name, room) or _inside(room, name) for room in ALLOWED[_room(module)])
    ]
    assert wrong == [], "an arrow points the wrong way: rooms would grow together"


@pytest.mark.parametrize(
    "module", ["dolmen.engine.plan", "dolmen.stackfile", "dolmen.cli.app", "dolmen.engine.project"]
)
def test_reading_plans_and_parsing_arguments_needs_neither_the_sdk_nor_a_provider(module: str) -> None:
    code = f"import sys, {module}; print([m for m in sys.modules if m.split('.')[0].startswith('pulumi') or m == 'pydantic'])"
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]", "every command would pay for importing what it does not use"


def test_the_engine_never_names_a_provider_sdk() -> None:
    engine = [(m, n) for m, p in _modules().items() if _inside(m, "dolmen.engine") for n in _imports(p)]
    assert not [pair for pair in engine if re.match(r"pulumi_(?!policy)", pair[1]) or pair[1].startswith("pydantic")]


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_has_hashes_and_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "--hash=sha256:" in text
    assert not re.search(r"https?://|--index-url|--find-links|--extra-index", text), (
        "the lock would work on one network only"
    )
    for line in text.splitlines():
        assert not re.match(r"^[a-z0-9._-]+(\[.*\])?[<>~!]", line, re.I), f"not pinned: {line}"
