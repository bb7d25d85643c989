"""The command line: one file for each verb, `app` collects them; exit codes stand in `exit_codes`."""


def main() -> None:
    from dolmen.cli.app import run

    run()
