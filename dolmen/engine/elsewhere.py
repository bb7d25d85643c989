"""Evaluates a request in another interpreter, which runs this file by path.

The request comes from standard input; the plans go to the descriptor that is the one argument.
"""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 (the interpreter is the project's, not ours)
    sys.exit(71)


def _load_dolmen() -> None:
    """Make this one package importable, and nothing that lies beside it."""
    import importlib.util

    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]  # noqa: PTH100
    root = os.path.dirname(here)  # noqa: PTH120
    spec = importlib.util.spec_from_file_location(
        "dolmen",
        os.path.join(root, "__init__.py"),  # noqa: PTH118
        submodule_search_locations=[root],
    )
    if spec is None or spec.loader is None:
        sys.exit(70)
    module = importlib.util.module_from_spec(spec)
    sys.modules["dolmen"] = module
    spec.loader.exec_module(module)


def main() -> None:
    _load_dolmen()
    descriptor = int(sys.argv[1])
    try:
        import pulumi  # noqa: F401  # pyright: ignore[reportUnusedImport]
    except ImportError:
        sys.exit(72)
    from dolmen.engine.evaluation import evaluate_together
    from dolmen.engine.wire.order import read_order
    from dolmen.engine.wire.results import plans_json

    (plans,) = evaluate_together([read_order(sys.stdin.buffer.read())])
    with os.fdopen(descriptor, "wb") as pipe:
        pipe.write(plans_json(plans))
    os._exit(0)


if __name__ == "__main__":
    main()
