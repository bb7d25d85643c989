"""The command line. Exit codes: 0 done, 1 a program failed or a gate closed, 2 the input is wrong."""


def main() -> None:
    from dolmen.cli.app import run

    run()
