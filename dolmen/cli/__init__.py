"""The command line: one file for each verb, `app` collects them; exit codes stand in `exit_codes`."""

import atexit
import gc
import sys


def main() -> None:
    gc.set_threshold(50_000, 20, 100)  # a command makes many objects and few of them garbage
    atexit.register(gc.freeze)  # nor is it worth while to look for garbage at the end
    if sys.argv[1:2] == ["plan"]:
        from dolmen.cli.early import begin

        begin(sys.argv[2:])  # the evaluator starts while the rest is imported
    from dolmen.cli.app import run

    run()
