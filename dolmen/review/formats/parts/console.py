"""Where text goes: a terminal in its own width, anything else in 80 columns and without colours."""

from __future__ import annotations

import os
from io import TextIOWrapper
from typing import TextIO

from rich.console import Console

PLAIN_WIDTH = 80


def console(stream: TextIO) -> Console:
    width = None if stream.isatty() or os.environ.get("COLUMNS") else PLAIN_WIDTH
    if isinstance(stream, TextIOWrapper) and stream.encoding.lower().replace("-", "") != "utf8":
        stream.reconfigure(encoding="utf-8")  # a job's log or a pipe under the C locale
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False, soft_wrap=True)
