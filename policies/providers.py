"""Providers: where their requests go, what they check, which account they are for.

The default providers count, too: they stand in the stack file alone (`aws:endpoints`), and no program registers them.
What is said of one is said of the first resource that is made through it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from .framework.policy import Settings, stack_policy, words
from .framework.resources import Resource, Stack
from .framework.tables import table
from .framework.values import PLACEHOLDER, View
from .resource_types import AWS_PROVIDER

_DEFAULT = re.compile(r"default(_\d+_\d+_\d+\S*)?")
"""Names that the engine gives to default providers."""
_LOOPBACK = re.compile(r"localhost|127\.[0-9.]+|::1")


def providers(stack: Stack, *types: str) -> Iterator[tuple[Resource, View, str]]:
    """Each provider of these types: the resource to name, its settings, and how a setting is written (`aws:{}`)."""
    told: set[str] = set()
    for resource in stack.resources:
        if resource.type in types:
            yield resource, _opened(resource.data, resource.unjudged), "{}"
        elif _first(resource, types, told):
            told.add(resource.provider_type)
            package = resource.provider_type.rpartition(":")[2]
            yield resource, _opened(resource.provider, set()), f"{package}:{{}}"


def _first(resource: Resource, types: tuple[str, ...], told: set[str]) -> bool:
    """Whether it is the first that is made through its package's default provider."""
    default = _DEFAULT.fullmatch(resource.provider_name) is not None
    return default and resource.provider_type in types and resource.provider_type not in told


def _opened(settings: Mapping[str, Any], unjudged: set[str]) -> View:
    """Settings as they are meant: SDKs and stack files write lists and objects as JSON."""
    return View({key: _value(value) for key, value in settings.items()}, unjudged=unjudged)


def _value(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _addresses(settings: View, key: str) -> Iterator[tuple[str, str]]:
    """Path and text of each address under a setting, those that a plan made up left out."""
    if settings.text(key) is None and not settings.given(key):
        return
    held = View({key: settings.data[key]})
    yield from ((path, text) for path, text in held.leaves() if isinstance(text, str) and PLACEHOLDER not in text)


def _host(address: str) -> str:
    try:
        return (urlsplit(address if "//" in address else f"//{address}").hostname or "").lower()
    except ValueError:
        return address


def _given_addresses(stack: Stack) -> Iterator[tuple[Resource, str, str, str]]:
    """Provider, setting, address, and the form of the cloud's own addresses."""
    for type, known in table("providers")["addresses"].items():
        for resource, view, written in providers(stack, type):
            for key in known["settings"]:
                for path, address in _addresses(view, key):
                    yield resource, written.format(path), address, known["hosts"]


@stack_policy("provider-endpoint", severity="critical", enforcement="always")
@words(
    title="A provider talks to its cloud over TLS.",
    rationale="The key that changes everything would cross the network in the clear.",
    remedy="Use https, and leave insecure off.",
    source="https://www.pulumi.com/registry/packages/mongodbatlas/installation-configuration/",
)
def endpoint(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    for resource, setting, address, _ in _given_addresses(stack):
        if address.lower().startswith("http:") and not _LOOPBACK.fullmatch(_host(address)):
            yield resource, f"{setting} is not https: the key crosses the network in the clear."
    for type in table("providers")["addresses"]:
        for resource, view, written in providers(stack, type):
            if view.flag("insecure", default=False):
                setting = written.format("insecure")
                yield resource, f"{setting} is on: whoever stands in between may claim to be the cloud."


@stack_policy("provider-own-address", severity="high", enforcement="beyond-development")
@words(
    title="A provider's requests go to the cloud's own address.",
    rationale="Another address sees the credentials and every secret, and may answer whatever it likes.",
    remedy="Remove the setting; simulated clouds are for a development stack.",
    source="https://docs.aws.amazon.com/general/latest/gr/rande.html",
)
def own_address(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    for resource, setting, address, hosts in _given_addresses(stack):
        host = _host(address)
        if not re.fullmatch(hosts, host):
            yield resource, f"{setting} is {host}, which is no address of the cloud's own."


@stack_policy("provider-checks", severity="high", enforcement="beyond-development")
@words(
    title="A provider checks whom it works for.",
    rationale="Without the check, a wrong credential is found when the update is half done, or not at all.",
    remedy="Remove the setting.",
    source="https://www.pulumi.com/registry/packages/aws/installation-configuration/",
)
def checks(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    for type, switches in table("providers")["checks"].items():
        for resource, view, written in providers(stack, type):
            for key in switches:
                if view.flag(key, default=False):
                    yield resource, f"{written.format(key)} is on: nobody checks with which account the update is made."


@stack_policy("provider-account", severity="high", enforcement="production-only")
@words(
    title="A production stack names the AWS account that it is for.",
    rationale="With credentials of another account, everything would be made a second time, there.",
    remedy='Write aws:allowedAccountIds: ["…"] into the stack file, the one account, in quotes.',
    source="https://www.pulumi.com/registry/packages/aws/installation-configuration/",
)
def account(stack: Stack, settings: Settings) -> Iterator[tuple[Resource, str]]:
    for resource, view, written in providers(stack, AWS_PROVIDER):
        key = written.format("allowedAccountIds")
        number = view.count("allowedAccountIds")
        if number == 0:
            yield resource, f"{key} is absent: any account's credentials would do."
        elif number is not None and number > 1:
            yield resource, f"{key} lists {number} accounts: credentials of any of them would do."
        for one in _listed(view):
            if PLACEHOLDER not in one and not re.fullmatch(r"\d{12}", one):
                yield resource, f"{key} holds {one}, and an account's number has 12 digits."


def _listed(view: View) -> list[str]:
    value = view.raw("allowedAccountIds")
    return [f"{one:.0f}" if isinstance(one, float) else str(one) for one in value] if isinstance(value, list) else []
