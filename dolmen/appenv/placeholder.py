"""Texts that stand for a value which somebody, or some program, has yet to put in."""

from __future__ import annotations

import re

_FRAMED = re.compile(
    r"<[\w .:/'-]*>"  # <password>, <db_password>, <your password here>
    r"|[$#]?\{+[\w .:/$-]*\}+#?"  # {password}, {{ password }}, ${PASSWORD}, #{PASSWORD}#
    r"|\$\([\w .:/-]+\)"  # $(PASSWORD): Kubernetes where no such variable is
    r"|\$[A-Z_][A-Z0-9_]*"  # $PASSWORD
    r"|\[[A-Za-z][A-Za-z _-]*\]"  # [secret], [unknown], [YOUR-PASSWORD]
    r"|_{2,}[A-Z_]+_{2,}"  # __PASSWORD__
    r"|%[A-Z_]+%"
    r"|([*•.xX])\1{2,}"  # what a log or a console shows instead
)
_OF_A_PROGRAM = frozenset({"none", "null", "undefined", "nan"})
"""What a program writes for a value that it does not have."""
_WORDS = frozenset(
    f"{whose}{what}"
    for whose in ("", "db", "database", "my", "your", "mongo", "mongodb", "atlas", "user")
    for what in ("password", "passwd", "username")
) | {"changeme", "changeit", "replaceme", "redacted", "passwordhere", "yourpasswordhere"}


def framed(text: str) -> bool:
    """`<password>`, `${PASSWORD}`, `{{ password }}`, `[secret]`, `*****`: nobody's value, in any part."""
    return _FRAMED.fullmatch(text.strip()) is not None or text.strip().lower() in _OF_A_PROGRAM


def named(text: str) -> bool:
    """`PASSWORD`, `db_password`, `changeme`: no user or password of a server that others reach."""
    return re.sub(r"[^a-z0-9]", "", text.lower()) in _WORDS
