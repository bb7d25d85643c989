"""The stack output `dolmen`: what other tools and programs may rely on, versioned, without any secret."""

from dolmen.outputs.model import VERSION, StackOutput
from dolmen.outputs.reader import StackOutputError, read_stack_output

__all__ = ["VERSION", "StackOutput", "StackOutputError", "read_stack_output"]
