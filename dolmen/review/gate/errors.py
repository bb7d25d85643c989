"""What is wrong with a file that was handed to the gate."""


class GateInputError(Exception):
    """One of the two files cannot be used. The text is for people."""
