"""Makes and reads URNs as the engine does.

`urn:pulumi:<stack>::<project>::<parent types$type>::<name>`
Source: https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
"""

from __future__ import annotations

import re

STACK_TYPE = "pulumi:pulumi:Stack"
PROVIDER_PREFIX = "pulumi:providers:"
_DEFAULT = re.compile(r"default(_\d+_\d+_\d+\S*)?")


def make_urn(stack: str, project: str, parent: str | None, type_: str, name: str) -> str:
    """The URN of a resource.

    The types of its parents are part of it, the stack's own type is not.
    """
    types = qualified_type(parent) if parent else STACK_TYPE
    above = "" if types == STACK_TYPE else f"{types}$"
    return f"urn:pulumi:{stack}::{project}::{above}{type_}::{name}"


def is_urn(text: str) -> bool:
    """Whether the engine would take the text for a URN."""
    return text.startswith("urn:pulumi:") and len(text.split("::", 3)) == 4


def qualified_type(urn: str) -> str:
    """The types of the resource and its parents, joined by `$`."""
    return urn.split("::", 3)[2]


def type_of(urn: str) -> str:
    return qualified_type(urn).rsplit("$", 1)[-1]


def name_of(urn: str) -> str:
    return urn.split("::", 3)[3]


def package_of(type_: str) -> str:
    """`aws` of `aws:s3/bucket:Bucket` and of `pulumi:providers:aws`."""
    return type_.removeprefix(PROVIDER_PREFIX).split(":", 1)[0]


def is_default_provider(urn: str) -> bool:
    """Whether the name is one that the engine gives to default providers.

    A program may give it, too: its provider is then taken for one.
    """
    return is_urn(urn) and is_provider(qualified_type(urn)) and _DEFAULT.fullmatch(name_of(urn)) is not None


def is_provider(type_: str) -> bool:
    return type_.startswith(PROVIDER_PREFIX)
