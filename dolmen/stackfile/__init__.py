"""The one reader of stack files (`Pulumi.<stack>.yaml`), and the one way to say what is wrong with one.

A leaf: the offline engine, the command and the platform's own loader import it; it imports none of them.
"""

from dolmen.stackfile.document import Document, SecureValue, read, read_text
from dolmen.stackfile.problems import Problem, StackFileError
from dolmen.stackfile.project_file import stack_file

__all__ = ["Document", "Problem", "SecureValue", "StackFileError", "read", "read_text", "stack_file"]
