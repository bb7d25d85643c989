"""The command line: one file for each verb, `app` collects them; exit codes stand in `exit_codes`."""

import sys


def main() -> None:
    if sys.argv[1:2] == ["plan"]:
        from dolmen.cli.early import begin

        begin(sys.argv[2:])  # the evaluator starts while the rest is imported
    from dolmen.cli.app import run

    run()
