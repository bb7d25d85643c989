"""Nothing that another process wrote can run here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

DOLMEN = Path(__file__).parents[2] / "dolmen"
RUNS = {
    "pickle",
    "_pickle",
    "cPickle",
    "shelve",
    "dill",
    "cloudpickle",
    "jsonpickle",
    "copyreg",
    "marshal",
    "eval",
    "exec",
}
ALLOWED = {
    ("engine/cache.py", "marshal"),  # code in the user's own folder, under a digest
    ("engine/imports.py", "exec"),  # imports an installed package, as Python does
}


def found(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute) and node.attr in ("read_pickle", "unsafe_load", "full_load"):
            yield "pickle"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value  # the name of a module that is imported by it


def test_nothing_that_is_read_can_run() -> None:
    running = {
        (file.relative_to(DOLMEN).as_posix(), name)
        for file in DOLMEN.rglob("*.py")
        for name in found(ast.parse(file.read_text(encoding="utf-8")))
        if name in RUNS
    }
    assert running == ALLOWED, "The program under review could run code in the process that judges it."


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from marshal import loads",
        "x = eval",
        "exec('')",
        "import_module('pickle')",
        "yaml.unsafe_load(x)",
    ],
)
def test_the_search_finds_what_it_looks_for(code: str) -> None:
    assert RUNS & set(found(ast.parse(code)))
