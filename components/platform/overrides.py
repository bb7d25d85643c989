"""Overrides: properties of single resources that a stack file writes past the platform's own options.

They are looked at when a resource is made, so that what is wrong with all of them is said in one error; and they are
written by a Pulumi transform, the last of all, so that nothing changes them again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pydantic import JsonValue

from dolmen.stackfile import Problem

from ..arguments import closest
from .model.stack import StackConfig
from .provider_properties import property_problems
from .secret_values import ConfigSecretOf

KEY = "overrides"


@dataclass(frozen=True, slots=True)
class _Made:
    """A resource that the platform makes."""

    name: str
    type: str
    kind: type[pulumi.Resource]
    secret: frozenset[str]
    """Properties that its provider's SDK keeps secret."""

    @property
    def short(self) -> str:
        return self.type.rpartition(":")[2]


class Overrides:
    """The overrides of one platform."""

    def __init__(self, stack: StackConfig, secret: ConfigSecretOf) -> None:
        self._written, self._encrypted, self._secret = stack.overrides, stack.encrypted_overrides, secret
        self._made: list[_Made] = []
        self._components: set[str] = set()

    @property
    def names(self) -> Mapping[str, list[str]]:
        """Resource as written → its overridden properties: what the platform says of itself, without any value."""
        return {key: sorted(properties) for key, properties in self._written.items()}

    def options(self) -> pulumi.ResourceOptions | None:
        """For the platform, whose resources inherit them; a platform without overrides has none."""
        if not self._written:
            return None
        return pulumi.ResourceOptions(transformations=[self._see], transforms=[self._write])

    def _see(self, args: pulumi.ResourceTransformationArgs) -> None:
        if not isinstance(args.resource, pulumi.CustomResource):
            self._components.add(args.name)
            return
        secret = frozenset(args.opts.additional_secret_outputs or ())
        self._made.append(_Made(args.name, args.type_, type(args.resource), secret))

    def _write(self, args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if not args.custom:
            return None  # a component's inputs say what it is: the tier by which policies judge is one of them
        props = dict(args.props)
        for key, properties in self._written.items():
            name, _, kind = key.partition("/")
            if name == args.name and kind in ("", args.type_.rpartition(":")[2]):
                for one, value in properties.items():
                    props[one] = self._value(key, one, value)
        kept = {one: value for one, value in props.items() if value is not None}
        return None if kept == args.props else pulumi.ResourceTransformResult(props=kept, opts=args.opts)

    def _value(self, key: str, name: str, value: JsonValue) -> pulumi.Input[JsonValue]:
        if (key, name) not in self._encrypted:
            return value
        return pulumi.Output.from_input(self._secret(KEY)).apply(lambda text: json.loads(text)[key][name])

    def problems(self) -> Iterator[Problem]:
        """What is wrong with them, once everything was made."""
        for key, properties in self._written.items():
            found = self._named(key)
            if isinstance(found, Problem):
                yield found
                continue
            for one, value in properties.items():
                yield from self._property_problems(found, key, one, value)

    def _property_problems(self, made: _Made, key: str, name: str, value: JsonValue) -> Iterator[Problem]:
        encrypted = (key, name) in self._encrypted
        problems = list(property_problems(made.kind, name, None if encrypted else value))
        yield from (Problem((KEY, key, name, *one.argument), one.rule, one.remedy) for one in problems)
        if problems or (value is None and not encrypted):
            return
        if encrypted and name not in made.secret:
            yield Problem(
                (KEY, key, name),
                "The provider keeps no secret in this property: encrypted, it could not be judged before the deployment.",
                "Write its plain value.",
            )
        elif name in made.secret and not encrypted:
            command = f"pulumi config set --secret --path 'dolmen:{KEY}[\"{key}\"].{name}'"
            yield Problem(
                (KEY, key, name),
                "The provider keeps a secret in this property, and it stands here in plain text.",
                f"Remove it, here and from the history, and run `{command}`.",
                "(not shown)",
            )

    def _named(self, key: str) -> _Made | Problem:
        """The resource that a key means, or what is wrong with the key."""
        name, _, kind = key.partition("/")
        same = [made for made in self._made if made.name == name]
        found = [made for made in same if kind in ("", made.short)]
        kinds = sorted(made.short for made in same)
        if not same:
            rule = "The platform makes no resource of this name."
            meant = closest(name, {made.name for made in self._made})
            if name in self._components:
                rule, meant = "This is a component, which has no properties of its own: its resources have.", None
            remedy = f"Did you mean {meant}?" if meant else "`dolmen plan --details` lists the names."
            return Problem((KEY, key), rule, remedy)
        if not found:
            return Problem((KEY, key), f"{name} is of type {_or(kinds)}.", f"Write {name}/{kinds[0]}.")
        if len(found) > 1:
            return Problem(
                (KEY, key), f"{len(found)} resources have this name.", f"Write {_or(f'{name}/{k}' for k in kinds)}."
            )
        if found[0].type.startswith("pulumi:providers:"):
            remedy = "Use its own keys, such as dolmen:atlas.credentials."
            return Problem((KEY, key), "This is a provider: its settings decide where everything else is made.", remedy)
        return found[0]


def _or(words: Any) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last
