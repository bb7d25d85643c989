"""Starts the evaluator in any interpreter, which runs this file by path.

The argument is the descriptor of the orders.
"""

import os
import sys

OLDEST = (3, 10)
TOO_OLD = 71
"""Exit code of an interpreter that this package does not support."""
NO_PULUMI = 72

if sys.version_info < OLDEST:
    sys.exit(TOO_OLD)


def load_dolmen() -> None:
    """Make this one package importable, and nothing that lies beside it."""
    import importlib.util

    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]  # noqa: PTH100
    root = os.path.dirname(os.path.dirname(here))  # noqa: PTH120
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
    if sys.version_info < (3, 11):  # noqa: UP036 (the interpreter is the project's, not ours)
        from dolmen.engine.evaluator import python310

        python310.fill_in()


def main() -> None:
    import socket

    load_dolmen()
    try:
        import pulumi  # noqa: F401  # pyright: ignore[reportUnusedImport]
    except ImportError:
        sys.exit(NO_PULUMI)
    from dolmen.engine.evaluator import inside

    inside.main(socket.socket(fileno=int(sys.argv[1])))


if __name__ == "__main__":
    main()
