"""What is known of access, address ranges and provider settings names inputs that exist."""

from __future__ import annotations

import importlib
import inspect
import re

import pytest

from dolmen.knowledge.access import AccessInputs, access_inputs, is_link
from dolmen.knowledge.address_ranges import address_ranges
from dolmen.knowledge.loader import change_knowledge, load_yaml
from dolmen.knowledge.object_names import Scope, object_name

TYPES = sorted(load_yaml("access.yaml")["types"])
_FIELD = re.compile(r"\{([^{}]+)\}")


def inputs_of(token: str) -> set[str]:
    package, module, name = token.split(":")
    folder = {"lambda": "lambda_", "index": ""}.get(module.split("/")[0], module.split("/")[0])
    loaded = importlib.import_module(f"pulumi_{package}.{folder}".rstrip("."))
    arguments = getattr(loaded, f"{name}InitArgs", None) or getattr(loaded, f"{name}Args")
    names = [one for one in inspect.signature(arguments.__init__).parameters if one not in ("self", "__self__")]
    return {getattr(getattr(arguments, one).fget, "_pulumi_name", None) or one for one in names}


def named(known: AccessInputs) -> set[str]:
    """The resource's own inputs that a row reads: what stands in an item of a list is the item's."""
    found = {one.path for one in known.documents} | {one.path for one in known.access_strings} | set(known.subjects)
    found |= {path for path in known.openings if path}
    for row in known.grants:
        words = " ".join((row.who, row.may, *row.at, *row.condition))
        found |= {row.each} if row.each else set(_FIELD.findall(words))
        found |= set(row.given)
    return {path.rstrip("^").partition(".")[0] for path in found} - {""}


@pytest.mark.parametrize("token", TYPES)
def test_every_input_that_gives_access_exists(token: str) -> None:
    known = access_inputs(token)
    assert known is not None
    items = {
        field.partition(".")[0]
        for row in known.grants
        if row.each
        for field in _FIELD.findall(" ".join((row.who, *row.at)))
    }
    assert named(known) - items <= inputs_of(token), "a misspelt input gives nobody anything, and nothing is told"


@pytest.mark.parametrize("row", address_ranges(), ids=lambda row: f"{row.type}.{row.range}")
def test_every_range_stands_in_an_input_that_exists(row: object) -> None:
    from dolmen.knowledge.address_ranges import AddressRange

    assert isinstance(row, AddressRange)
    there = inputs_of(row.type)
    assert {row.within, row.through} - {""} <= there
    assert row.through or row.range in there


@pytest.mark.parametrize("package", ["aws", "mongodbatlas"])
def test_every_setting_of_a_provider_says_what_it_means(package: str) -> None:
    arguments = importlib.import_module(f"pulumi_{package}").ProviderArgs
    names = [one for one in inspect.signature(arguments.__init__).parameters if one not in ("self", "__self__")]
    settings = {getattr(getattr(arguments, one).fget, "_pulumi_name", None) or one for one in names}
    known = change_knowledge(f"pulumi:providers:{package}").properties
    assert settings == set(known), "a setting would be told by the words in its name, or one is described that is none"


def test_links_are_told_from_what_they_tie_together() -> None:
    assert is_link("aws:iam/rolePolicyAttachment:RolePolicyAttachment") and is_link("aws:iam/rolePolicy:RolePolicy")
    assert not is_link("aws:iam/role:Role") and not is_link("mongodbatlas:index/databaseUser:DatabaseUser")


def test_names_are_unique_where_their_cloud_says() -> None:
    scopes = {
        token: name.scope
        for token in (
            "aws:iam/role:Role",
            "aws:s3/bucket:Bucket",
            "aws:sns/topic:Topic",
            "mongodbatlas:index/project:Project",
        )
        if (name := object_name(token))
    }
    assert list(scopes.values()) == [Scope.ACCOUNT, Scope.WORLD, Scope.REGION, Scope.WORLD]
