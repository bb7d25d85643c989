"""Says how large a result of an evaluation may be."""

LARGEST_RESULT = 64 * 1024 * 1024
"""Bytes. A stack of 300 resources takes less than one megabyte."""
LARGEST_READS = 64 * 1024
"""Bytes of what an evaluation says of what it read."""
MOST_PARTS = 4_000_000
"""Commas and brackets, in texts too: each may stand for a Python object, which is larger than its byte."""
DEEPEST = 100
"""Levels of lists and maps in a value, and of parents. Protobuf, by which the SDK sends values, reads no deeper in C++ and Java.

Source: https://protobuf.dev/programming-guides/proto-limits/
"""
MOST_RESOURCES = 50_000
LONGEST_NAME = 8192
"""Characters of a name, a type, a URN and a key."""
LARGEST_INTEGER = 4096
"""Bits. Python refuses to write an integer of more than 4300 digits.

Source: https://docs.python.org/3/library/stdtypes.html#integer-string-conversion-length-limitation
"""
SMALL_INTEGER = 63
"""Bits of an integer that is written as a number."""
