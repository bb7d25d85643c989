"""Reads answers to lookups from a file or a mapping.

A lookups file is JSON or YAML: a function's token → a list of answers, of which the first whose `arguments` all match
is taken (no `arguments` match always). A bare mapping in place of the list is an answer to every call.

    aws:index/getCallerIdentity:getCallerIdentity:
      result: {accountId: "123456789012"}
    aws:ec2/getAmi:getAmi:
      - arguments: {mostRecent: true}
        result: {id: ami-0123456789abcdef0, architecture: arm64}

Names are those of the wire (camelCase). Fields that an answer leaves out become placeholders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dolmen.engine.project import RefusedError
from dolmen.stackfile import StackFileError, read


@dataclass(frozen=True, slots=True)
class Lookups:
    answers: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict[str, Sequence[Mapping[str, Any]]])
    output_forms_unknown: bool = False
    """Leave the results of `_output` lookups unknown instead of making placeholders."""

    def find(self, token: str, arguments: Mapping[str, Any]) -> Mapping[str, Any] | None:
        for answer in self.answers.get(token, ()):
            wanted = answer.get("arguments") or {}
            if all(arguments.get(name) == value for name, value in wanted.items()):
                result = answer.get("result")
                return result if isinstance(result, dict) else {}
        return None


def read_lookups(path: Path) -> Lookups:
    """The answers of a file. Raises `RefusedError` for anything else."""
    try:
        values = read(path).values
    except StackFileError as error:
        raise RefusedError(str(error)) from None
    return make_lookups(values, path.name)


def make_lookups(values: Mapping[str, Any], name: str = "lookups") -> Lookups:
    answers: dict[str, Sequence[Mapping[str, Any]]] = {}
    for token, given in values.items():
        listed = given if isinstance(given, list) else [given]
        if not all(isinstance(answer, dict) and isinstance(answer.get("result"), dict) for answer in listed):
            raise RefusedError(f"{name}: `{token}` needs a `result` mapping, or a list of such answers.")
        answers[token] = listed
    return Lookups(answers)
