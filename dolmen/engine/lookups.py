"""Reads answers to what a program asks from a file or a mapping.

A lookups file is JSON or YAML: a token → a list of answers, of which the first whose `arguments` all match is taken (no
`arguments` match always). A bare mapping in place of the list is an answer to every call.

    aws:index/getCallerIdentity:getCallerIdentity:
      result: {accountId: "123456789012"}
    aws:ec2/getAmi:getAmi:
      - arguments: {mostRecent: true}
        result: {id: ami-0123456789abcdef0, architecture: arm64}
    boto3:ec2.describe_vpcs:
      result: {Vpcs: [{VpcId: vpc-1, CidrBlock: 10.1.0.0/16}]}
    command:git:
      - arguments: {args: [rev-parse, HEAD]}
        result: {stdout: "0123abc\\n"}
    http:GET:
      - arguments: {url: https://checkip.amazonaws.com}
        result: {body: 192.0.2.1}

Names are those of the wire (camelCase), of boto3, and of `docs/reference/lookups.md`. Fields that an answer leaves out
become placeholders.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dolmen.engine.project import RefusedError
from dolmen.stackfile import StackFileError, read
from dolmen.stackfile.document import Document
from dolmen.stackfile.problems import KeyPath, Problem, shown

_EXAMPLES = {
    "boto3": "result: {Account: '123456789012'}",
    "command": "result: {stdout: text, stderr: '', returncode: 0}",
    "http": "result: {status: 200, headers: {}, body: text}",
    "": "result: {id: ami-0123456789abcdef0}",
}
_FIELDS: dict[str, dict[str, tuple[type, ...]]] = {
    "command": {"stdout": (str,), "stderr": (str,), "returncode": (int,)},
    "http": {"status": (int,), "headers": (dict,), "body": (str,), "json": (dict, list, str, int, float, bool)},
}
"""What a result may hold, and in which types; results of other kinds hold what their owners define."""
_WORDS = {str: "text", int: "a whole number", dict: "a mapping", list: "a list"}


@dataclass(frozen=True, slots=True)
class Lookups:
    answers: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict[str, Sequence[Mapping[str, Any]]])
    output_forms_unknown: bool = False
    """Leave the results of `_output` lookups unknown instead of making placeholders."""

    def find(self, token: str, arguments: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The result of a call, if the file has one."""
        answer = self.answer(token, arguments)
        result = answer.get("result") if answer is not None else None
        return result if isinstance(result, dict) else None if answer is None else {}

    def answer(self, token: str, arguments: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The whole answer to a call, which may be an error."""
        for answer in self.answers.get(token, ()):
            wanted = answer.get("arguments") or {}
            if all(arguments.get(name) == value for name, value in wanted.items()):
                return answer
        return None


def read_lookups(path: Path) -> Lookups:
    """The answers of a file. Raises `RefusedError` for anything else."""
    try:
        return document_lookups(read(path))
    except StackFileError as error:
        raise RefusedError(str(error)) from None


def document_lookups(document: Document) -> Lookups:
    """The answers of a document. Raises `RefusedError`, which tells every problem with its place."""
    return make_lookups(document.values, document.name, document)


def make_lookups(values: Mapping[str, Any], name: str = "lookups", document: Document | None = None) -> Lookups:
    problems = [problem for token, given in values.items() for problem in _problems(str(token), given)]
    if problems:
        raise RefusedError(str(StackFileError(name, [_placed(one, document) for one in problems])))
    return Lookups({token: given if isinstance(given, list) else [given] for token, given in values.items()})


def _placed(problem: Problem, document: Document | None) -> Problem:
    place = document.place(problem.path) if document is not None else None
    return problem.at(place.line, place.column) if place is not None else problem


def _problems(token: str, given: Any) -> Iterator[Problem]:
    kind = token.partition(":")[0]
    remedy = f"Write `{_EXAMPLES.get(kind, _EXAMPLES[''])}`, or a list of such answers."
    for index, answer in enumerate(given if isinstance(given, list) else [given]):
        path: KeyPath = (token, index) if isinstance(given, list) else (token,)
        if not isinstance(answer, dict):
            yield Problem(path, "An answer is a mapping with a `result`.", remedy, shown(path, answer))
            continue
        known = ("arguments", "result", "error") if kind == "boto3" else ("arguments", "result")
        for key in answer:
            if key not in known:
                rule = f"An answer has {' and '.join(f'`{one}`' for one in known)}, and nothing else."
                yield Problem((*path, key), rule, f"Remove `{key}`, or put it into `result`.")
        if not isinstance(answer.get("arguments") or {}, dict):
            yield Problem((*path, "arguments"), "`arguments` is a mapping: name → the value that a call must have.")
        if kind == "boto3" and "error" in answer:
            yield from _error_problems(path, answer)
        elif not isinstance(answer.get("result"), dict):
            yield Problem((*path, "result"), "An answer needs a `result` mapping.", remedy)
        else:
            yield from _field_problems(kind, (*path, "result"), answer["result"], remedy)


def _error_problems(path: KeyPath, answer: Mapping[str, Any]) -> Iterator[Problem]:
    error = answer["error"]
    if "result" in answer:
        yield Problem((*path, "error"), "A call gives a result or an error, not both.", "Remove one of them.")
    if not isinstance(error, dict) or not isinstance(error.get("code"), str):
        remedy = "Write `error: {code: ResourceNotFoundException, message: text}`."
        yield Problem((*path, "error"), "An `error` has a `code`, and a `message` if it is read.", remedy)


def _field_problems(kind: str, path: KeyPath, result: Mapping[str, Any], remedy: str) -> Iterator[Problem]:
    known = _FIELDS.get(kind)
    for name, value in result.items() if known is not None else ():
        types = known.get(name) if known is not None else None
        if types is None:
            rule = f"The result of {'a command' if kind == 'command' else 'a request'} has no `{name}`."
            yield Problem((*path, name), rule, remedy)
        elif not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            place = (*path, name)
            yield Problem(place, f"`{name}` is {_WORDS[types[0]]}.", remedy, shown(place, value))
