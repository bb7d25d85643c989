"""What each field says of itself: the docstring below it.

Read from the sources when somebody asks (an error's remedy, the JSON schema). pydantic can do so while it builds the
models (`use_attribute_docstrings`), which would cost every plan an eighth of its time.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import textwrap
from functools import cache

from pydantic import BaseModel


def description(model: type[BaseModel], field: str) -> str:
    """On one line; empty where there is none."""
    for owner in model.__mro__:
        if field in vars(owner).get("__annotations__", {}):
            return _docstrings(owner).get(field, "")
    return ""


@cache
def _docstrings(owner: type) -> dict[str, str]:
    try:
        (body,) = ast.parse(textwrap.dedent(inspect.getsource(owner))).body
    except (OSError, SyntaxError, ValueError):
        return {}
    found: dict[str, str] = {}
    statements = body.body if isinstance(body, ast.ClassDef) else []
    for statement, below in itertools.pairwise(statements):
        if (
            isinstance(statement, ast.AnnAssign)
            and isinstance(statement.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
            and isinstance(below.value.value, str)
        ):
            found[statement.target.id] = " ".join(below.value.value.split())
    return found
