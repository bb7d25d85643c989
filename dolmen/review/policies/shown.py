"""Registrations as policies get them: what the engine would hand to an analyzer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pulumi_policy import (
    PolicyCustomTimeouts,
    PolicyProviderResource,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    StackValidationArgs,
)
from pulumi_policy.deserialize import deserialize_properties
from pulumi_policy.proxy import unknown_checking_proxy

from dolmen.engine import values
from dolmen.engine.observing import Observation
from dolmen.engine.registration import Registration

TAGS = {"dolmen:plan": "offline"}
"""Stack tags that policies see: by them a pack can tell that lookups and secret configuration are placeholders."""


class Shown:
    """Registrations in the form that policies get them."""

    def __init__(self, observation: Observation) -> None:
        self._observation = observation
        self._options: dict[str, Any] = {}
        self._providers: dict[str, Any] = {}

    def props(self, registration: Registration, *, marked: bool = False) -> Any:
        """`marked`: with the marks of secrets, as a remediation gets them."""
        return _checked(registration.goal.object, marked)

    def resource_args(self, registration: Registration, config: Mapping[str, Any], props: Any) -> Any:
        return ResourceValidationArgs(
            registration.goal.type,
            props,
            registration.urn,
            registration.goal.name,
            self._options_of(registration),
            self._provider(registration),
            dict(config),
            TAGS,
        )

    def stack(self) -> list[Any]:
        resources = {
            registration.urn: PolicyResource(
                registration.goal.type,
                _checked(registration.state),
                registration.urn,
                registration.goal.name,
                self._options_of(registration),
                self._provider(registration),
                None,
                [],
                {},
            )
            for registration in self._observation.registrations.values()
        }
        for registration in self._observation.registrations.values():
            resource = resources[registration.urn]
            resource.parent = resources.get(registration.parent)
            resource.dependencies = [resources[urn] for urn in sorted(registration.dependencies) if urn in resources]
            resource.property_dependencies = {
                key: [resources[urn] for urn in sorted(urns) if urn in resources]
                for key, urns in registration.property_dependencies.items()
            }
        return list(resources.values())

    def stack_args(self, resources: list[Any], config: Mapping[str, Any]) -> Any:
        return StackValidationArgs(resources, dict(config), TAGS)

    def _options_of(self, registration: Registration) -> Any:
        if registration.urn not in self._options:
            self._options[registration.urn] = _options(registration)
        return self._options[registration.urn]

    def _provider(self, registration: Registration) -> Any:
        reference = registration.options.provider
        if reference is None:
            return None
        if reference not in self._providers:
            self._providers[reference] = self._make_provider(reference)
        return self._providers[reference]

    def _make_provider(self, reference: str) -> Any:
        if reference.startswith("default:"):
            package, _, version = reference.removeprefix("default:").partition("@")
            given: dict[str, Any] = {
                key.partition(":")[2]: value
                for key, value in self._observation.config.items()
                if key.startswith(f"{package}:")
            }
            name = "default" if version in ("", "*") else f"default_{version.replace('.', '_')}"
            kind = f"pulumi:providers:{package}"
            urn = f"urn:pulumi:{self._observation.stack}::{self._observation.project}::{kind}::{name}"
            return PolicyProviderResource(kind, unknown_checking_proxy({**given, "version": version}), urn, name)
        registration = self._observation.registrations.get(reference.rpartition("::")[0])
        if registration is None:
            return None
        goal = registration.goal
        return PolicyProviderResource(goal.type, _checked(goal.object), registration.urn, goal.name)


def _options(registration: Registration) -> Any:
    """Without aliases: the engine hands analyzers none."""
    options = registration.options
    times = options.custom_timeouts
    return PolicyResourceOptions(
        bool(options.protect),
        list(options.ignore_changes),
        options.delete_before_replace,
        [],
        PolicyCustomTimeouts(*(_seconds(times.get(name, "")) for name in ("create", "update", "delete"))),
        list(options.additional_secret_outputs),
        registration.parent or None,
    )


def _seconds(duration: str) -> float:
    units = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
    return sum(float(number) * units[unit] for number, unit in re.findall(r"([\d.]+)(ms|h|m|s)", duration))


def _checked(struct: Any, marked: bool = False) -> Any:
    return unknown_checking_proxy(deserialize_properties(properties(struct), marked))


def properties(struct: Any) -> dict[str, Any]:
    """Properties as the engine marshals them for an analyzer: secrets marked, unknowns as their sentinel, references as
    ids, output values as what they hold, and no internal properties."""
    return {key: _plain(struct.fields[key]) for key in struct.fields if not key.startswith("__")}


def _plain(value: Any) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = value.struct_value.fields
        signature = values.signature(value)
        if signature == values.RESOURCE:
            return _reference(fields)
        if signature == values.OUTPUT:
            inner = _plain(fields["value"]) if "value" in fields else values.UNKNOWN
            secret = "secret" in fields and fields["secret"].bool_value
            return {values.SIGNATURE: values.SECRET, "value": inner} if secret else inner
        return {key: _plain(fields[key]) for key in fields}
    if kind == "list_value":
        return [_plain(item) for item in value.list_value.values]
    if kind == "number_value":
        return value.number_value
    if kind == "bool_value":
        return value.bool_value
    return value.string_value if kind == "string_value" else None


def _reference(fields: Any) -> Any:
    if "id" not in fields:
        return fields["urn"].string_value
    return fields["id"].string_value or values.UNKNOWN
