"""No module imports, by any way round, a module that imports it: each can be read, tested and moved with what is below it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOPS = ("__main__.py", "bench", "components", "dolmen", "policies", "tests", "tools")
OTHERS = ("tests/programs", "tests/end_to_end/programs")
"""Programs that stand for other people's: each is a world of its own."""


def modules(root: Path) -> dict[str, Path]:
    """Dotted name → file, of every module of the repository."""
    files = [file for top in TOPS for file in ([root / top] if top.endswith(".py") else (root / top).rglob("*.py"))]
    return {
        ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): file
        for file in files
        if not any(file.is_relative_to(root / other) for other in OTHERS)
    }


def imported(module: str, file: Path, known: Mapping[str, Path]) -> Iterator[str]:
    """The modules that one names anywhere: at its top, in a function, or for its types alone."""
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                yield inner if (inner := f"{base}.{alias.name}") in known else base


def graph(root: Path) -> dict[str, set[str]]:
    known = modules(root)
    return {name: set(imported(name, file, known)) & known.keys() - {name} for name, file in known.items()}


def circles(imports: Mapping[str, set[str]]) -> list[list[str]]:
    """A circle for each way back that a walk in depth meets; none if there is none."""
    found: list[list[str]] = []
    done: set[str] = set()
    path: list[str] = []

    def walk(module: str) -> None:
        if module in path:
            found.append([*path[path.index(module) :], module])
        elif module not in done:
            path.append(module)
            for other in sorted(imports[module]):
                walk(other)
            done.add(path.pop())

    for module in sorted(imports):
        walk(module)
    return found


def test_no_module_imports_itself_by_way_of_others() -> None:
    found = [" → ".join(circle) for circle in circles(graph(ROOT))]
    assert not found, "these modules can only be understood together:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "line",
    [
        "from pack.b import x",
        "import pack.b",
        "from . import b",
        "from .b import x",
        "from pack import b",
        "def f():\n    from pack.b import x",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pack.b import x",
    ],
)
def test_a_circle_is_found_however_it_is_written(line: str, tmp_path: Path) -> None:
    folder = tmp_path / "dolmen" / "pack"
    folder.mkdir(parents=True)
    (tmp_path / "__main__.py").write_text("")
    (folder / "__init__.py").write_text("")
    (folder / "a.py").write_text(line.replace("pack", "dolmen.pack"))
    (folder / "b.py").write_text("from dolmen.pack.a import y\n")
    assert circles(graph(tmp_path)) == [["dolmen.pack.a", "dolmen.pack.b", "dolmen.pack.a"]]
