"""The shape of a rule between sections: a function whose parameters name what it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dolmen.stackfile import Problem

Rule = Callable[..., Iterator[Problem]]
