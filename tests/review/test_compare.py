"""What changes between two plans, to the single value."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dolmen.engine.plan import Options, Placeholder, Plan, Reference, Resource, Secret, Unknown
from dolmen.review.diff.changes import Operation, ResourceChange
from dolmen.review.diff.compare import compare
from dolmen.review.diff.values import Difference, comparison, differences
from dolmen.review.effects.judge import JUDGE
from tests.review.plans import (
    CACHE,
    CLUSTER,
    ENDPOINT,
    ENDPOINT_SERVICE,
    PASSWORD,
    SECRET_VERSION,
    USER,
    cache_inputs,
    cluster_inputs,
    plan,
    resource,
    urn,
)

TAGGED = "aws:sns/topic:Topic"


def changes(base: Plan | None, head: Plan | None) -> dict[str, ResourceChange]:
    return {change.name: change for change in compare(base, head, JUDGE)}


def one(old: dict[str, Any], new: dict[str, Any], token: str = CACHE, **options: Any) -> ResourceChange | None:
    base = plan(resource(token, "it", old, options=Options(**options)))
    head = plan(resource(token, "it", new, options=Options(**options)))
    return changes(base, head).get("it")


def told(change: ResourceChange | None) -> dict[str, tuple[Any, Any]]:
    assert change is not None, "a difference was not seen at all"
    return {item.label: (item.old, item.new) for item in change.properties}


# ---- values


def test_a_changed_value_is_named_with_its_path_and_both_values() -> None:
    assert told(one(cluster_inputs("M20"), cluster_inputs("M30"), CLUSTER)) == {
        "replicationSpecs[0].regionConfigs[US_EAST_1].electableSpecs.instanceSize": ("M20", "M30")
    }, "a reviewer must see which value changes, and from what to what"


def test_a_list_whose_order_means_nothing_is_compared_as_a_set() -> None:
    change = one({"securityGroupIds": ["sg-1", "sg-2"]}, {"securityGroupIds": ["sg-2", "sg-1"]})
    assert change is not None and change.operation is Operation.SAME, (
        "the cloud does not see another order of security groups, so the review must not call it a change"
    )
    assert [item.label for item in change.properties] == ["securityGroupIds"], "one line, and not one for each item"


def test_items_with_an_identity_are_matched_by_it() -> None:
    old = [{"name": "timeout", "value": "1"}, {"name": "maxmemory-policy", "value": "a"}]
    new = [
        {"name": "maxmemory-policy", "value": "b"},
        {"name": "tcp-keepalive", "value": "9"},
        {"name": "timeout", "value": "1"},
    ]
    found = told(one({"parameters": old}, {"parameters": new}, "aws:elasticache/parameterGroup:ParameterGroup"))
    assert set(found) == {"parameters[maxmemory-policy].value", "parameters[tcp-keepalive]"}, (
        "an inserted parameter must not make its neighbours look changed"
    )


def test_another_order_of_an_ordered_list_is_a_change() -> None:
    found = differences({"steps": ["a", "b"]}, {"steps": ["b", "a"]}, comparison("any:index:Type"))
    assert [item.difference for item in found] == [Difference.ORDER], "order counts where nothing says that it does not"


def test_a_secret_that_changes_is_a_change_and_its_value_is_nowhere() -> None:
    found = told(one({"authToken": Secret("a1")}, {"authToken": Secret("b2")}))
    assert {str(value) for pair in found.values() for value in pair} == {"[secret]"}, "no report may hold a secret"
    assert one({"authToken": Secret("a1")}, {"authToken": Secret("a1")}) is None, "equal secrets are no change"


@pytest.mark.parametrize("value", [Unknown(), Secret(), Placeholder("aws:getRegion.name"), Reference("urn:x")])
def test_what_is_unknown_on_both_sides_is_no_change(value: Any) -> None:
    assert one({"description": value}, {"description": value}) is None, "both sides are previews from scratch"


def test_numbers_compare_by_value_and_truth_is_no_number() -> None:
    assert one({"port": 6379}, {"port": 6379.0}) is None, "Pulumi's wire has one kind of number"
    assert one({"multiAzEnabled": True}, {"multiAzEnabled": 1}) is not None, "true and 1 are different values"


# ---- options


def test_ignored_changes_are_shown_as_ignored_and_change_nothing() -> None:
    change = one(cache_inputs(), cache_inputs(nodeType="cache.m7g.large"), ignore_changes=("nodeType",))
    assert change is not None and change.operation is Operation.SAME and not change.properties
    assert [item.label for item in change.ignored] == ["nodeType"], "a reader must learn that the edit has no effect"


@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        ("replicationSpecs[0].regionConfigs[0].electableSpecs.instanceSize", True),
        ("replicationSpecs[*].regionConfigs[*].electableSpecs.instanceSize", True),
        ("replicationSpecs", True),
        ("*", True),
        ('["replicationSpecs"][0]', True),
        ("replicationSpecs[1]", False),
        ("backupEnabled", False),
    ],
)
def test_ignore_changes_reads_paths_as_the_engine_does(path: str, ignored: bool) -> None:
    change = one(cluster_inputs("M20"), cluster_inputs("M30"), CLUSTER, ignore_changes=(path,))
    assert change is not None
    assert (change.operation is Operation.SAME) is ignored, f"{path} is read differently by the engine"


def test_a_forced_replacement_is_a_replacement() -> None:
    change = one({"tags": {"a": "1"}}, {"tags": {"a": "2"}}, TAGGED, replace_on_changes=("tags",))
    assert change is not None and change.operation is Operation.REPLACE, "replaceOnChanges was not honoured"


@pytest.mark.parametrize(("said", "first"), [(True, True), (False, False), (None, True)])
def test_the_program_decides_the_order_of_a_replacement_before_the_provider(said: bool | None, first: bool) -> None:
    change = one(cache_inputs(), cache_inputs(engineVersion="8.0"), delete_before_replace=said)
    assert change is not None and change.delete_first is first, (
        "a fixed replicationGroupId makes the provider delete first, unless the program says otherwise"
    )


def test_protection_blocks_a_replacement_only_while_both_sides_protect() -> None:
    old, new = cache_inputs(), cache_inputs(engineVersion="8.0")
    for before, after, blocked in ((True, True, True), (True, None, False), (None, True, False)):
        base = plan(resource(CACHE, "it", old, options=Options(protect=before)))
        head = plan(resource(CACHE, "it", new, options=Options(protect=after)))
        assert bool(changes(base, head)["it"].blocked) is blocked, (
            "the engine lets a change unprotect and replace at once, so only then is nothing in the way"
        )


def test_a_deletion_that_is_retained_leaves_the_object_in_the_cloud() -> None:
    base = plan(resource(CLUSTER, "it", cluster_inputs(), options=Options(retain_on_delete=True)))
    assert changes(base, plan())["it"].operation is Operation.FORGET


def test_removed_protection_is_reported_even_where_nothing_else_changes() -> None:
    base = plan(resource(CLUSTER, "it", cluster_inputs(), options=Options(protect=True)))
    head = plan(resource(CLUSTER, "it", cluster_inputs()))
    change = changes(base, head)["it"]
    assert change.operation is Operation.OPTIONS and [item.label for item in change.options] == ["protect"]


# ---- which resource is which


def test_an_aliased_resource_is_the_same_resource() -> None:
    base = plan(resource(CLUSTER, "old", cluster_inputs()))
    head = plan(resource(CLUSTER, "new", cluster_inputs(), options=Options(aliases=(urn(CLUSTER, "old"),))))
    assert changes(base, head) == {}, "a rename with an alias changes nothing in the cloud"


def test_without_an_alias_a_rename_is_one_finding() -> None:
    """The engine creates the one and deletes the other; both are one cluster in Atlas."""
    base, head = plan(resource(CLUSTER, "old", cluster_inputs())), plan(resource(CLUSTER, "new", cluster_inputs()))
    found = changes(base, head)
    assert list(found) == ["new"] and found["new"].moved
    assert found["new"].renamed_from == urn(CLUSTER, "old")


def test_another_object_under_another_urn_is_created_and_the_old_one_deleted() -> None:
    base = plan(resource(CLUSTER, "old", cluster_inputs()))
    head = plan(resource(CLUSTER, "new", cluster_inputs(name="shop-2")))
    assert {name: change.operation for name, change in changes(base, head).items()} == {
        "new": Operation.CREATE,
        "old": Operation.DELETE,
    }


def test_children_follow_an_aliased_parent() -> None:
    def program(name: str, aliases: tuple[str, ...]) -> Plan:
        parent = Resource(urn("shop:index:Db", name), "shop:index:Db", name, None, False, {}, Options(aliases=aliases))
        child = Resource(
            urn(CLUSTER, f"{name}-cluster", parent="shop:index:Db"),
            CLUSTER,
            f"{name}-cluster",
            parent.urn,
            True,
            cluster_inputs(),
        )
        return plan(parent, child)

    assert changes(program("old", ()), program("new", (urn("shop:index:Db", "old"),))) == {}, (
        "the engine renames children with their parent's alias"
    )


def test_a_renamed_stack_moves_nothing() -> None:
    base = plan(resource(CLUSTER, "it", cluster_inputs(), stack="prod"), stack="prod")
    head = plan(resource(CLUSTER, "it", cluster_inputs(), stack="production"), stack="production")
    assert changes(base, head) == {}


# ---- chains


def _linked(region: str, *, maker: str = "endpoint") -> Plan:
    endpoint = resource(ENDPOINT, maker, {"projectId": "5f00", "providerName": "AWS", "region": region})
    service = resource(
        ENDPOINT_SERVICE,
        "service",
        {"privateLinkId": Unknown(), "endpointServiceId": "vpce-1"},
        takes={"privateLinkId": [endpoint.urn]},
    )
    password = resource(PASSWORD, "password", {"length": 32})
    version = resource(
        SECRET_VERSION,
        "uri",
        {"secretId": "s", "secretString": Secret()},
        takes={"secretString": [password.urn, service.urn]},
    )
    other = resource(USER, "user", {"username": "a", "password": Secret()}, takes={"password": [password.urn]})
    return plan(endpoint, service, password, version, other)


def test_a_replaced_endpoint_changes_the_string_and_the_string_the_secret() -> None:
    found = changes(_linked("us-east-1"), _linked("eu-west-1"))
    assert {name: change.operation for name, change in found.items()} == {
        "endpoint": Operation.REPLACE,
        "service": Operation.REPLACE,
        "uri": Operation.REPLACE,
    }, "the chain from the endpoint to the secret is what a reviewer cannot see in the code"
    assert found["uri"].properties[0].difference is Difference.MAY_CHANGE


def test_a_value_that_comes_from_a_new_resource_may_change() -> None:
    found = changes(_linked("us-east-1"), _linked("us-east-1", maker="another"))
    assert found["uri"].operation is Operation.REPLACE, "another endpoint gives another connection string"


def test_a_dependent_goes_first_where_its_maker_is_deleted_first() -> None:
    def program(version: str) -> Plan:
        group = resource(CACHE, "cache", cache_inputs(engineVersion=version))
        uri = resource(
            SECRET_VERSION, "uri", {"secretId": "s", "secretString": Secret()}, takes={"secretString": [group.urn]}
        )
        return plan(group, uri)

    found = changes(program("9.0"), program("8.0"))
    assert found["uri"].delete_first, "the engine deletes the dependents of what it deletes first"


# ---- laws

_scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 9), st.text(max_size=6), st.just(Unknown()), st.just(Secret("x"))
)
_values = st.recursive(
    _scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "name", "id"]), inner, max_size=3)
    ),
    max_leaves=8,
)
_inputs = st.dictionaries(st.sampled_from(["engineVersion", "tags", "nodeType", "x"]), _values, max_size=4)
_resources = st.dictionaries(
    st.sampled_from(["one", "two", "three"]), st.tuples(st.sampled_from([CACHE, TAGGED]), _inputs), max_size=3
)


def _plan(resources: dict[str, tuple[str, dict[str, Any]]]) -> Plan:
    return plan(*(resource(token, name, inputs) for name, (token, inputs) in resources.items()))


@settings(max_examples=150, deadline=None)
@given(_resources)
def test_a_plan_compared_with_itself_is_empty(resources: dict[str, Any]) -> None:
    assert compare(_plan(resources), _plan(resources), JUDGE) == ()


@settings(max_examples=150, deadline=None)
@given(_resources, _resources)
def test_there_and_back_mirror_each_other(left: dict[str, Any], right: dict[str, Any]) -> None:
    there, back = (
        {
            urn: change
            for change in compare(_plan(old), _plan(new), JUDGE)
            for urn in {change.urn, change.renamed_from or change.urn}
        }
        for old, new in ((left, right), (right, left))
    )
    mirrored = {Operation.CREATE: Operation.DELETE, Operation.DELETE: Operation.CREATE}
    for name, change in there.items():
        other = back.get(name)
        assert other is not None, f"{name} changes in one direction only"
        if change.operation in mirrored:
            assert other.operation is mirrored[change.operation]
            continue
        pairs = {(repr(item.old), repr(item.new)) for item in change.properties}
        assert {(repr(item.new), repr(item.old)) for item in other.properties} == pairs, f"{name} is not mirrored"
    assert set(there) == set(back)
