"""The exit codes of every verb."""

from enum import IntEnum


class ExitCode(IntEnum):
    DONE = 0
    """It was done, and nothing stops the change."""
    STOPPED = 1
    """A program cannot be evaluated, a provider refuses its inputs, a mandatory policy is broken (in a review: newly),
    `--fail-on` stops the change, or a deployment would do more than was reviewed."""
    WRONG_INPUT = 2
    """An argument, a stack file or another file that was given cannot be used. It weighs more than 1: it can be mended."""


HELP = (
    "Exit codes: 0 done; 1 a program cannot be evaluated or deployed, a mandatory policy is broken (with --base: newly), "
    "or a change or deployment is stopped; "
    "2 an argument, a stack file or another file cannot be used."
)
