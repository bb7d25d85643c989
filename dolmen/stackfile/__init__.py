"""The one reader of stack files (`Pulumi.<stack>.yaml`) and of the register of acceptances that lies beside them.

A leaf: the offline engine, the command and the platform's own loader import it; it imports none of them.
"""

from dolmen.stackfile.accepted import Acceptance, accepted_file, read_acceptances
from dolmen.stackfile.document import Document, SecureValue, read, read_text
from dolmen.stackfile.problems import Problem, StackFileError
from dolmen.stackfile.project_file import stack_file

__all__ = [
    "Acceptance",
    "Document",
    "Problem",
    "SecureValue",
    "StackFileError",
    "accepted_file",
    "read",
    "read_acceptances",
    "read_text",
    "stack_file",
]
