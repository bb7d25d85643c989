"""Reads the rights that a resource gives, from its inputs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from dolmen.engine.plan import Resource, Value
from dolmen.knowledge.access import AccessInputs, DocumentInput, GrantRow, access_inputs
from dolmen.knowledge.object_names import object_name
from dolmen.review.access.cache_users import acl_grants
from dolmen.review.access.grants import Grant, ports_text
from dolmen.review.diff.values import MISSING, is_unknown, shown
from dolmen.review.effects.conditions import gathered
from dolmen.review.effects.context.documents import Statement, statements

LATER = "known after apply"
_FIELD = re.compile(r"\{([^{}]+)\}")
_ONE_WORD = re.compile(r"[^\s`]+")
_BUT = "all but "
_LABEL = re.compile(r"‹[^‹›]*?([^.:/‹›]+)›")


@dataclass(slots=True)
class Rights:
    """What one resource gives: each right once, and what cannot be read yet."""

    grants: set[Grant] = field(default_factory=set[Grant])
    unknown: list[str] = field(default_factory=list[str])
    """Inputs that are known after apply."""


def rights(resource: Resource | None, resources: Mapping[str, Resource]) -> Rights:
    """What a resource gives; nothing where it does not exist or its type gives none. `resources`: all of its plan, by URN."""
    found = Rights()
    known = access_inputs(resource.type) if resource is not None else None
    if resource is None or known is None:
        return found
    reader = _Reader(resource, known, found, resources)
    for one in known.documents:
        reader.document(one)
    for row in known.grants:
        found.grants.update(reader.row(row))
    for path, direction in known.openings.items():
        found.grants.update(reader.openings(path, direction))
    for one in known.access_strings:
        who = next(iter(reader.filled(one.who, resource.inputs)), "")
        for text in _given(resource.inputs, one.path):
            if isinstance(text, str):
                found.grants.update(acl_grants(who, text))
            else:
                found.unknown.append(one.path)
    return found


@dataclass(slots=True)
class _Reader:
    resource: Resource
    known: AccessInputs
    found: Rights
    resources: Mapping[str, Resource]

    # ---- names

    def named(self, path: str, value: Value = None) -> str:
        """A value as people know it; what only the cloud can give goes by the name of what makes it."""
        value = self.resource.inputs.get(path) if value is None else value
        if not is_unknown(value):
            return one_word(shown(value))
        makers = self.resource.property_dependencies.get(path, ())
        maker = self.resources.get(makers[0]) if len(makers) == 1 else None
        return LATER if maker is None else called(maker)

    def _own(self, path: str, kind: str) -> str:
        value = self.resource.inputs.get(path)
        return f"{kind} {one_word(self.resource.name) if value is None else self.named(path)}"

    # ---- IAM policies

    def document(self, one: DocumentInput) -> None:
        for written in _given(self.resource.inputs, one.path):
            read = statements(written)
            if read is None:
                if written not in ("", {}):
                    self.found.unknown.append(one.path)
                continue
            who = self._own(one.who, one.called) if one.who else ""
            on = self._own(one.at, one.called) if one.at else ""
            self.found.grants.update(_of_statement(statement, who, on) for statement in read)

    # ---- rows of knowledge

    def row(self, row: GrantRow) -> Iterator[Grant]:
        inputs = self.resource.inputs
        if any(inputs.get(name) not in (True, "true") for name in row.given):
            return
        items: Sequence[Any] = [inputs]
        if row.each:
            listed = inputs.get(row.each)
            items = listed if isinstance(listed, list) else []
            if is_unknown(listed):
                self.found.unknown.append(row.each)
        for item in items:
            if not isinstance(item, Mapping):
                self.found.unknown.append(row.each)
                continue
            on = " of ".join(
                reversed([text for part in row.at for text in [", ".join(self.filled(part, item))] if text])
            )
            condition = " ".join(
                text for part in row.condition for text in [", ".join(self.filled(part, item))] if text
            )
            for who, may in product(self.filled(row.who, item), self.filled(row.may, item)):
                yield Grant(who, may, on, condition, row.verb, not row.denies)

    def filled(self, words: str, item: Mapping[str, Value]) -> list[str]:
        """The words once for each combination of the values that they name; none where one is absent."""
        names = _FIELD.findall(words)
        values = [list(dict.fromkeys(self._values(name, item))) for name in names]
        found: list[str] = []
        for combination in product(*values):
            given = iter(combination)
            found.append(_FIELD.sub(lambda _: next(given), words))  # noqa: B023  (used at once)
        return found

    def _values(self, name: str, item: Mapping[str, Value]) -> Iterator[str]:
        own = name.endswith("^")
        name = name.removesuffix("^")
        for holder in ([] if own else [item]) + [self.resource.inputs]:
            top = name.partition(".")[0]
            if holder.get(top) is None:
                continue
            for value in gathered(holder, name):
                for one in value if isinstance(value, list) else [value]:
                    if one is not MISSING and one not in ("", False):
                        yield "all" if one is True else self.named(top, one)
            return

    # ---- security groups

    def openings(self, path: str, direction: str) -> Iterator[Grant]:
        inputs = self.resource.inputs
        if direction not in ("inward", "outward"):
            direction = {"ingress": "inward", "egress": "outward"}.get(str(inputs.get(direction)), "inward")
        listed = inputs.get(path) if path else [inputs]
        if is_unknown(listed):
            self.found.unknown.append(path)
        group = self._own(self.known.group, "security group")
        for rule in listed if isinstance(listed, list) else ():
            if not isinstance(rule, Mapping):
                self.found.unknown.append(path)
                continue
            ports = ports_text(
                str(rule.get("protocol", rule.get("ipProtocol", ""))), _port(rule, "fromPort"), _port(rule, "toPort")
            )
            for other in self._others(rule, group):
                yield (
                    Grant(other, ports, group, "", "reach")
                    if direction == "inward"
                    else Grant(group, ports, other, "", "reach")
                )

    def _others(self, rule: Mapping[str, Value], group: str) -> Iterator[str]:
        for name in ("cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6"):
            yield from self._values(name, rule)
        for name in ("securityGroups", "sourceSecurityGroupId", "referencedSecurityGroupId"):
            yield from (f"security group {one}" for one in self._values(name, rule))
        for name in ("prefixListIds", "prefixListId"):
            yield from (f"prefix list {one}" for one in self._values(name, rule))
        if rule.get("self") is True:
            yield group


def called(resource: Resource) -> str:
    """The object's own name where the program gives it one."""
    named = object_name(resource.type)
    given = resource.inputs.get(named.by[0]) if named else None
    return one_word(given if isinstance(given, str) and given else resource.name)


def _port(rule: Mapping[str, Value], name: str) -> int | None:
    value = rule.get(name)
    return int(value) if isinstance(value, int | float) or (isinstance(value, str) and value.isdigit()) else None


def _given(inputs: Mapping[str, Value], path: str) -> list[Any]:
    return [value for value in gathered(inputs, path) if value is not MISSING]


def _of_statement(one: Statement, who: str, on: str) -> Grant:
    """`who` and `on` where the policy leaves them out: its holder, or what it guards."""
    target = on if on and one.resource == "*" else one.resource
    return Grant(
        who or one_word(one.principal),
        one_word(one.action),
        one_word(target) if target != on else on,
        _condition(one.condition),
        "call",
        one.effect != "Deny",
    )


def _condition(written: str) -> str:
    if not written:
        return ""
    found = [
        f"{one_word(key)} {one_word(operator)} {_any_of(values)}"
        for operator, keys in json.loads(written).items()
        for key, values in (keys.items() if isinstance(keys, Mapping) else [("", keys)])
    ]
    return " and ".join(sorted(found))


def _any_of(values: object) -> str:
    return " or ".join(one_word(str(value)) for value in (values if isinstance(values, list) else [values]))


def one_word(text: str) -> str:
    """A text of the change's own, in quotes where it has more than one word: no name can go on with the sentence.

    Values that a plan made up stand by their last word: `‹accountId›`.
    """
    text = _LABEL.sub(r"‹\1›", text) if "‹" in text else text
    if text.startswith(_BUT):
        return _BUT + ", ".join(one_word(part) for part in text.removeprefix(_BUT).split(", "))
    if _ONE_WORD.fullmatch(text):
        return text
    return f"`{text.replace('`', chr(39))}`"
