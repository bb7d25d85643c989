"""The simulated clouds themselves: a lie in them would make every other test here worthless.

Without the engine: the cloud is asked directly, and through its providers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulumi.runtime.proto import provider_pb2 as pb

from tests.cloud import lookups
from tests.cloud.cli import VERSION
from tests.cloud.cloud import Cloud, Fault, Lost, Refused, Unhealthy, seconds
from tests.cloud.contracts import Contract, at, contracts, enumerations, problems
from tests.cloud.diff import changes
from tests.cloud.diff import diff as answer
from tests.cloud.kinds import kind, special
from tests.cloud.kinds.base import edges
from tests.cloud.kinds.elasticache import SERVICE_LINKED_ROLE, canonical_access
from tests.cloud.provider import Provider, Recording
from tests.cloud.wire import UNKNOWN, dump, is_secret, load, secret
from tests.end_to_end.project import ROOT

A, C = "mongodbatlas:index/", "aws:elasticache/"
PROJECT, CLUSTER = f"{A}project:Project", f"{A}advancedCluster:AdvancedCluster"
LINK, SERVICE = (
    f"{A}privateLinkEndpoint:PrivateLinkEndpoint",
    f"{A}privateLinkEndpointService:PrivateLinkEndpointService",
)
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
GROUP, USER, USER_GROUP = f"{C}replicationGroup:ReplicationGroup", f"{C}user:User", f"{C}userGroup:UserGroup"
PARAMETERS, SUBNETS = f"{C}parameterGroup:ParameterGroup", f"{C}subnetGroup:SubnetGroup"
SECRET, VERSION_OF = "aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretVersion:SecretVersion"
SCHEDULE = f"{A}cloudBackupSchedule:CloudBackupSchedule"
REGION = {"region": "eu-west-1"}


class Ids:
    """A cloud with a helper that creates and remembers."""

    def __init__(self) -> None:
        self.cloud = Cloud(kind)

    def make(self, token: str, **inputs: Any) -> str:
        return self.cloud.create(token, "made", inputs)

    def outputs(self, token: str, made: str) -> dict[str, Any]:
        known = self.cloud.read(token, made)
        assert known
        return known[1]

    def refused(self, code: str, act: Callable[[], object]) -> None:
        with pytest.raises(Refused, match=code):
            act()

    def project(self) -> str:
        return self.make(PROJECT, orgId="5f0000000000000000000001", name="p")

    def cluster(self, project: str, **more: Any) -> str:
        region = {"priority": 7, "providerName": "AWS", "regionName": "EU_WEST_1", "electableSpecs": {"nodeCount": 3}}
        shape = {"clusterType": "REPLICASET", "replicationSpecs": [{"regionConfigs": [region]}], "name": "c"}
        return self.make(CLUSTER, projectId=project, **{**shape, **more})

    def user(self, name: str = "app", **more: Any) -> str:
        mode = {"type": "password", "passwords": ["x" * 16]}
        base = {"userId": name, "userName": name, "engine": "valkey", "accessString": "on ~* -@all +@read"}
        return self.make(USER, **{**base, "authenticationMode": mode, **more})

    def group(self, **more: Any) -> str:
        base = {"replicationGroupId": "g", "description": "d", "engine": "valkey", "engineVersion": "9.0"}
        shape = {"nodeType": "cache.r7g.large", "numNodeGroups": 1, "replicasPerNodeGroup": 1, "clusterMode": "enabled"}
        safe = {"automaticFailoverEnabled": True, "multiAzEnabled": True, "transitEncryptionEnabled": True}
        return self.make(GROUP, **{**base, **shape, **safe, **REGION, **more})


@pytest.fixture
def ids() -> Ids:
    return Ids()


# ---- contracts


def test_every_described_type_can_be_made_read_changed_and_deleted_by_its_schema_alone() -> None:
    for token, contract in contracts().items():
        cloud = Cloud(kind)
        inputs = {name: _filler(contract, name) for name in contract.required}
        if contract.autonamed:
            inputs[contract.autonamed] = "named"
        try:
            made = cloud.create(token, "x", inputs)
        except (Refused, KeyError, ValueError):
            assert token in special() or any(edge.covers(token) for edge in edges()), f"{token}: refused without a rule"
            continue
        known = cloud.read(token, made)
        assert known and set(contract.outputs) <= {*known[1], *contract.outputs}
        cloud.delete(token, made)
        assert cloud.read(token, made) is None


def _filler(contract: Contract, name: str) -> Any:
    if contract.token in enumerations() and name in enumerations()[contract.token]:
        return enumerations()[contract.token][name][0]
    if name in ("projectId", "orgId", "groupId"):
        return "5f0000000000000000000001"
    schema = contract.inputs[name]
    if isinstance(schema, list):
        return []
    if isinstance(schema, dict):
        return {}
    return {"string": "text", "json": "{}", "boolean": True}.get(schema, 1)


def test_a_type_without_a_contract_is_an_error_and_never_a_guess() -> None:
    with pytest.raises(KeyError):
        kind("aws:ec2/instance:Instance")


def test_names_types_and_requirements_of_types_without_recorded_checks_are_held() -> None:
    function = contracts()["aws:lambda/function:Function"]
    found = dict(problems(function, {"nope": 1, "memorySize": "much", "tags": {"a": 1}, "role": UNKNOWN}))
    assert set(found) == {"nope", "memorySize", "tags.a"}, "a program that no provider accepts would pass its tests"


def test_a_value_that_only_the_service_knows_is_refused_when_it_is_made(ids: Ids) -> None:
    ids.refused("family is one of", lambda: ids.make(PARAMETERS, name="p", family="valkey99", **REGION))
    ids.refused("clusterType is one of", lambda: ids.cluster(ids.project(), clusterType="PAIR"))


def test_every_edge_and_enumeration_speaks_of_properties_that_exist() -> None:
    paths = [(edge.type, edge.property) for edge in edges() if not edge.type.endswith("*")]
    paths += [(token, path) for token, known in enumerations().items() for path in known]
    for token, path in paths:
        schema: Any = contracts()[token].inputs
        for name in path.split("."):
            schema = schema[0] if isinstance(schema, list) else schema
            assert isinstance(schema, dict), f"{token} has no {path}"
            schema = {key.rstrip("!"): value for key, value in schema.items()}.get(name)
            assert schema is not None, f"{token} has no {path}"
    for edge in edges():
        for token in edge.to:
            known = {*contracts()[token].inputs, *contracts()[token].outputs, "id"}
            assert set(edge.by) <= known or len(edge.to) > 1, f"{token} has none of {edge.by}"


# ---- what the clouds refuse


def test_a_name_that_is_taken_is_refused(ids: Ids) -> None:
    project = ids.project()
    ids.refused("GROUP_ALREADY_EXISTS", ids.project)
    ids.cluster(project)
    ids.refused("DUPLICATE_CLUSTER_NAME", lambda: ids.cluster(project))
    ids.user()
    ids.refused("UserAlreadyExists", ids.user)
    ids.make(SECRET, name="s", **REGION)
    ids.refused("ResourceExistsException", lambda: ids.make(SECRET, name="s", **REGION))


def test_a_deleted_secret_keeps_its_name_during_its_recovery_window(ids: Ids) -> None:
    for days, code in ((7, "scheduled for deletion"), (0, "")):
        made = ids.make(SECRET, name=f"s{days}", recoveryWindowInDays=days, **REGION)
        ids.cloud.delete(SECRET, made)
        if code:
            ids.refused(code, lambda: ids.make(SECRET, name="s7", **REGION))
        else:
            ids.make(SECRET, name="s0", **REGION)


def test_what_is_in_use_is_not_deleted(ids: Ids) -> None:
    project = ids.project()
    ids.cluster(project)
    ids.refused("CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS", lambda: ids.cloud.delete(PROJECT, project))
    parameters = ids.make(PARAMETERS, name="p", family="valkey9", **REGION)
    subnets = ids.make(SUBNETS, name="s", subnetIds=["subnet-0a", "subnet-0b"], **REGION)
    users = ids.make(USER_GROUP, userGroupId="u", engine="valkey", userIds=[ids.user()])
    ids.group(parameterGroupName="p", subnetGroupName="s", userGroupIds=["u"])
    ids.refused("InvalidCacheParameterGroupState", lambda: ids.cloud.delete(PARAMETERS, parameters))
    ids.refused("CacheSubnetGroupInUse", lambda: ids.cloud.delete(SUBNETS, subnets))
    ids.refused("InvalidUserGroupState", lambda: ids.cloud.delete(USER_GROUP, users))
    ids.cloud.delete(GROUP, "g")
    ids.cloud.delete(PARAMETERS, parameters)


def test_a_protected_cluster_is_not_deleted(ids: Ids) -> None:
    cluster = ids.cluster(ids.project(), terminationProtectionEnabled=True)
    ids.refused("TERMINATION_PROTECTION", lambda: ids.cloud.delete(CLUSTER, cluster))


def test_the_wrong_order_is_refused(ids: Ids) -> None:
    project = ids.project()
    ids.refused("CLUSTER_NOT_FOUND", lambda: ids.make(SCHEDULE, projectId=project, clusterName="c"))
    service = {"projectId": project, "providerName": "AWS", "privateLinkId": "none", "endpointServiceId": "vpce-0"}
    ids.refused("PRIVATE_ENDPOINT_SERVICE_NOT_FOUND", lambda: ids.make(SERVICE, **service))
    ids.refused("UserGroupNotFound", lambda: ids.group(userGroupIds=["none"]))
    vpc = {"vpcId": "vpc-0", "serviceName": "com.amazonaws.vpce.eu-west-1.vpce-svc-0", **REGION}
    ids.refused("InvalidServiceName", lambda: ids.make(ENDPOINT, **vpc))
    ids.refused("ENCRYPTION_AT_REST", lambda: ids.cluster(project, encryptionAtRestProvider="AWS"))


def test_what_was_deleted_no_longer_counts_as_given(ids: Ids) -> None:
    made = ids.make("aws:ec2/securityGroup:SecurityGroup", name="n", vpcId="vpc-0", **REGION)
    ids.cloud.delete("aws:ec2/securityGroup:SecurityGroup", made)
    ids.refused("InvalidParameterValue", lambda: ids.group(securityGroupIds=[made]))
    ids.group(securityGroupIds=["sg-0fffffffffffffff1"])


def test_durability_has_its_preconditions(ids: Ids) -> None:
    for wrong in (
        {"engineVersion": "8.1"},
        {"clusterMode": "disabled", "numNodeGroups": None},
        {"nodeType": "cache.t4g.small"},
        {"engine": "redis", "engineVersion": "7.1"},
    ):
        ids.refused("durability needs", lambda wrong=wrong: ids.group(durability="async", **wrong))
    ids.group(durability="async")


def test_users_have_their_rules(ids: Ids) -> None:
    for wrong in (
        {"authenticationMode": {"type": "password", "passwords": ["short"]}},
        {"authenticationMode": {"type": "password", "passwords": ["x" * 16] * 3}},
        {"accessString": "on ~* +@all -config"},
        {"accessString": "on >password ~* +@all"},
        {"authenticationMode": {"type": "iam"}, "userName": "another"},
    ):
        ids.refused("Invalid", lambda wrong=wrong: ids.user(**wrong))
    redis = {"userGroupId": "r", "engine": "redis", "userIds": [ids.user()]}
    ids.refused("DefaultUserRequired", lambda: ids.make(USER_GROUP, **redis))


def test_an_account_that_never_had_a_cache_has_no_user_group(ids: Ids) -> None:
    """docs/operations/first-deployment.md"""
    group = {"userGroupId": "g", "engine": "valkey", "userIds": [ids.user()]}
    ids.cloud.facts[SERVICE_LINKED_ROLE] = False
    ids.refused("ServiceLinkedRoleNotFoundFault", lambda: ids.make(USER_GROUP, **group))
    ids.cloud.facts[SERVICE_LINKED_ROLE] = True
    ids.make(USER_GROUP, **group)


def test_continuous_backup_needs_an_hourly_item(ids: Ids) -> None:
    project = ids.project()
    ids.cluster(project, backupEnabled=True, pitEnabled=True)
    daily = {"frequencyInterval": 1, "retentionUnit": "days", "retentionValue": 7}
    named = {"projectId": project, "clusterName": "c", "policyItemDaily": daily}
    ids.refused("PIT_NEEDS_HOURLY_POLICY", lambda: ids.make(SCHEDULE, **named))
    hourly = {"frequencyInterval": 6, "retentionUnit": "days", "retentionValue": 2}
    ids.refused("RESTORE_WINDOW", lambda: ids.make(SCHEDULE, policyItemHourly=hourly, restoreWindowDays=3, **named))
    week = [{"frequencyInterval": 1, "retentionUnit": "days", "retentionValue": 3}]
    ids.refused("RETENTION", lambda: ids.make(SCHEDULE, policyItemHourly=hourly, policyItemWeeklies=week, **named))
    ids.make(SCHEDULE, policyItemHourly=hourly, restoreWindowDays=2, **named)


# ---- shapes


def test_private_connection_strings_appear_only_after_the_endpoint_service(ids: Ids) -> None:
    project = ids.project()
    cluster = ids.cluster(project)
    link = ids.make(LINK, projectId=project, providerName="AWS", region="EU_WEST_1")
    told = ids.outputs(LINK, link)
    endpoint = ids.make(
        ENDPOINT, vpcId="vpc-0", serviceName=told["endpointServiceName"], subnetIds=["subnet-0"], **REGION
    )
    assert ids.outputs(CLUSTER, cluster)["connectionStrings"]["privateEndpoints"] == []
    names = {"projectId": project, "providerName": "AWS", "privateLinkId": told["privateLinkId"]}
    ids.make(SERVICE, endpointServiceId=endpoint, **names)
    (private,) = ids.outputs(CLUSTER, cluster)["connectionStrings"]["privateEndpoints"]
    assert private["endpoints"][0]["endpointId"] == endpoint
    assert private["srvConnectionString"].startswith("mongodb+srv://c-pl-0.")
    found = lookups.cluster(ids.cloud, {"projectId": project, "name": "c"}, "")
    assert found["connectionStrings"]["privateEndpoints"] == [private]


def test_an_endpoint_of_another_service_is_refused(ids: Ids) -> None:
    project = ids.project()
    link = ids.outputs(LINK, ids.make(LINK, projectId=project, providerName="AWS", region="EU_WEST_1"))
    other = ids.make(ENDPOINT, vpcId="vpc-0", serviceName="com.amazonaws.eu-west-1.s3", **REGION)
    names = {"projectId": project, "providerName": "AWS", "privateLinkId": link["privateLinkId"]}
    ids.refused("INVALID_ENDPOINT", lambda: ids.make(SERVICE, endpointServiceId=other, **names))


def test_arns_and_ids_have_their_real_shapes(ids: Ids) -> None:
    made = ids.make(SECRET, name="chat/db", **REGION)
    assert made.startswith("arn:aws:secretsmanager:eu-west-1:123456789012:secret:chat/db-")
    assert len(made.rsplit("-", 1)[1]) == 6
    ids.group()
    told = ids.outputs(GROUP, "g")
    assert told["configurationEndpointAddress"].startswith("clustercfg.g.") and "primaryEndpointAddress" not in told
    assert told["memberClusters"] == ["g-0001-001", "g-0001-002"]
    ids.group(
        replicationGroupId="h",
        clusterMode="disabled",
        numNodeGroups=None,
        numCacheClusters=2,
        replicasPerNodeGroup=None,
    )
    assert ids.outputs(GROUP, "h")["primaryEndpointAddress"].startswith("master.h.")


@pytest.mark.parametrize(
    ("given_text", "told"),
    [
        ("on ~app:* +@read", "on ~app:* -@all +@read"),
        ("on ~* &* +@all -@dangerous +info", "on ~* &* +@all -@dangerous +info"),
        ("off ~* -@all", "off ~* -@all"),
        ("on allkeys allcommands", "on ~* +@all"),
    ],
)
def test_access_strings_come_back_in_canonical_form(given_text: str, told: str) -> None:
    assert canonical_access(given_text) == told
    assert canonical_access(told) == told, "a canonical form that is not stable would drift for ever"


# ---- what a change does


def rule(token: str, path: str, old: dict[str, Any], new: dict[str, Any]) -> str:
    return kind(token).rule(path, old, new)


def changed(token: str, old: dict[str, Any], new: dict[str, Any]) -> str:
    return answer(token, old, old, new).change


def test_changes_do_what_the_real_providers_were_seen_to_do() -> None:
    assert changed(GROUP, {"engineVersion": "9.0"}, {"engineVersion": "8.1"}) == "replace"
    assert changed(GROUP, {"engineVersion": "8.1"}, {"engineVersion": "9.0"}) == "update"
    assert changed(GROUP, {"engine": "redis"}, {"engine": "valkey"}) == "update"
    assert changed(GROUP, {"engine": "valkey"}, {"engine": "redis"}) == "replace"
    assert rule(CLUSTER, "name", {}, {}) == "replace" and rule(CLUSTER, "clusterType", {}, {}) == "update"
    assert rule(CLUSTER, "deleteOnCreateTimeout", {}, {}) == "planError"
    assert rule(LINK, "deleteOnCreateTimeout", {}, {}) == "replace"
    assert rule(SERVICE, "privateEndpointIpAddress", {}, {}) == "applyError"
    assert rule(f"{A}projectIpAccessList:ProjectIpAccessList", "comment", {}, {}) == "replace"
    stream = f"{A}streamWorkspace:StreamWorkspace"
    assert rule(stream, "failoverRegions", {}, {"failoverRegions": ["x"]}) == "update"
    assert rule(stream, "failoverRegions", {"failoverRegions": ["x"]}, {}) == "replace"
    assert changed(VERSION_OF, {"secretString": "a"}, {"secretString": "b"}) == "replace"
    password = "random:index/randomPassword:RandomPassword"
    assert rule(password, "keepers.a", {"keepers": {"a": "1"}}, {"keepers": {"a": "2"}}) == "replace"
    assert rule(password, "keepers.b", {"keepers": {"a": "1"}}, {"keepers": {"a": "1", "b": None}}) == "none"


def test_a_downgrade_of_mongodb_and_a_moved_schedule_do_what_atlas_does(ids: Ids) -> None:
    project = ids.project()
    cluster = ids.cluster(project, mongoDbMajorVersion="8.0", backupEnabled=True)
    live = ids.cloud.get(CLUSTER, cluster)
    assert live
    ids.refused("DOWNGRADE", lambda: ids.cloud.update(CLUSTER, cluster, {**live.inputs, "mongoDbMajorVersion": "7.0"}))
    ids.cluster(project, name="d", backupEnabled=True)
    schedule = ids.make(SCHEDULE, projectId=project, clusterName="c")
    ids.cloud.update(SCHEDULE, schedule, {"projectId": project, "clusterName": "d"})
    moved = ids.cloud.get(SCHEDULE, schedule)
    assert moved and moved.inputs["clusterName"] == "c", "the update goes to the old cluster"


# ---- faults and time


def test_each_fault_leaves_what_it_says(ids: Ids) -> None:
    outcomes: dict[str, tuple[type[Exception] | None, int]] = {
        "refused": (Refused, 0), "unhealthy": (Unhealthy, 1), "lost": (Lost, 1), "slow": (None, 1), "throttled": (None, 1),
    }  # fmt: skip
    for how, (error, left) in outcomes.items():
        cloud = Cloud(kind)
        cloud.faults.append(Fault(PROJECT, how, factor=3))  # type: ignore[arg-type]
        made = lambda cloud=cloud: cloud.create(PROJECT, "p", {"orgId": "o", "name": "n"})  # noqa: E731
        if error:
            with pytest.raises(error):
                made()
        else:
            made()
        assert len(cloud.all(PROJECT)) == left and not cloud.faults, how
        healthy = "unhealthy" if how == "unhealthy" else "available"
        assert all(live.status == healthy for live in cloud.all(PROJECT)), how


def test_patience_ends_with_the_timeout_that_the_program_gives() -> None:
    cloud = Cloud(kind)
    cloud.faults.append(Fault(CLUSTER, "slow", factor=100))
    ids = Ids()
    ids.cloud = cloud
    project = ids.project()
    region = {"priority": 7, "providerName": "AWS", "regionName": "EU_WEST_1", "electableSpecs": {"nodeCount": 3}}
    shape = {
        "clusterType": "REPLICASET",
        "replicationSpecs": [{"regionConfigs": [region]}],
        "name": "c",
        "projectId": project,
    }
    with pytest.raises(Unhealthy, match="timeout"):
        cloud.create(CLUSTER, "c", shape, timeout=600)
    assert cloud.all(CLUSTER)[0].status == "unhealthy"


def test_a_provider_looks_only_at_its_fixed_times() -> None:
    assert seconds(CLUSTER, "create") % 30 == 0 and seconds(CLUSTER, "create") >= 30
    assert seconds(f"{A}projectIpAccessList:ProjectIpAccessList", "create") == 10
    assert seconds("random:index/randomPassword:RandomPassword", "create") == 0
    assert seconds("aws:sns/topic:Topic", "create") == 1, "what is not listed takes a second"


# ---- the engine's side of the contract


class Context:
    def peer(self) -> str:
        return "test"

    def abort(self, code: Any, message: str) -> None:
        raise RuntimeError(message)


def urn(token: str) -> str:
    return f"urn:pulumi:s::p::{token}::n"


@pytest.fixture
def aws() -> Iterator[Provider]:
    yield Provider("aws", Cloud(kind), Recording())


def test_a_preview_makes_nothing_and_knows_nothing_that_the_cloud_adds(aws: Provider) -> None:
    asked = pb.CreateRequest(urn=urn(SECRET), properties=dump({"name": "n"}), preview=True)
    told = load(aws.Create(asked, Context()).properties)
    assert told["name"] == "n" and told["arn"] == UNKNOWN
    assert not aws.cloud.all(SECRET)


def test_secrets_stay_secret_in_everything_that_comes_back(aws: Provider) -> None:
    made = aws.Create(pb.CreateRequest(urn=urn(SECRET), properties=dump({"name": "n", **REGION})), Context())
    given_inputs = {"secretId": made.id, "secretString": secret("hidden"), **REGION}
    told = load(aws.Create(pb.CreateRequest(urn=urn(VERSION_OF), properties=dump(given_inputs)), Context()).properties)
    assert is_secret(told["secretString"])


def test_a_name_is_made_up_once_and_kept(aws: Provider) -> None:
    first = load(aws.Check(pb.CheckRequest(urn=urn(SECRET), news=dump({}), randomSeed=b"1" * 32), Context()).inputs)
    assert first["name"].startswith("n-") and "name" in first["__defaults"]
    again = pb.CheckRequest(urn=urn(SECRET), news=dump({}), olds=dump(first), randomSeed=b"2" * 32)
    assert load(aws.Check(again, Context()).inputs)["name"] == first["name"]


def diff(aws: Provider, token: str, old: dict[str, Any], new: dict[str, Any]) -> pb.DiffResponse:
    return aws.Diff(pb.DiffRequest(urn=urn(token), id="x", old_inputs=dump(old), news=dump(new)), Context())


def test_a_fixed_name_is_deleted_before_it_is_made_again(aws: Provider) -> None:
    base = {"replicationGroupId": "g", "description": "d", "engine": "valkey", "engineVersion": "9.0"}
    fixed = diff(aws, GROUP, base, {**base, "engineVersion": "8.1"})
    assert list(fixed.replaces) == ["__meta"] and fixed.deleteBeforeReplace
    auto = {**base, "engineVersion": "8.1", "__defaults": ["replicationGroupId"]}
    assert not diff(aws, GROUP, base, auto).deleteBeforeReplace


def test_an_access_string_that_is_not_canonical_shows_a_diff_for_ever(aws: Provider) -> None:
    base = {"userId": "u", "userName": "u", "engine": "valkey"}
    loose, strict = {**base, "accessString": "on ~a:* +@read"}, {**base, "accessString": "on ~a:* -@all +@read"}
    assert diff(aws, USER, loose, loose).changes == pb.DiffResponse.DIFF_SOME
    assert diff(aws, USER, strict, strict).changes == pb.DiffResponse.DIFF_NONE


def test_an_unknown_lookup_is_an_error_and_never_a_guess(aws: Provider) -> None:
    with pytest.raises(RuntimeError, match="no lookup"):
        aws.Invoke(pb.InvokeRequest(tok="aws:ec2/getInstance:getInstance", args=dump({})), Context())


values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(st.sampled_from("abc"), values, max_size=3)


@given(objects)
@settings(max_examples=60)
def test_nothing_differs_from_itself(value: dict[str, Any]) -> None:
    assert not list(changes(value, value))


@given(objects, objects)
@settings(max_examples=60)
def test_every_difference_has_a_path_that_exists_on_one_side(old: dict[str, Any], new: dict[str, Any]) -> None:
    def bare(value: Any) -> Any:  # null and missing are the same to a provider, and so is an empty object beside them
        if isinstance(value, dict):
            kept = {key: bare(entry) for key, entry in value.items()}
            return {key: entry for key, entry in kept.items() if entry not in (None, {})}
        return [bare(entry) for entry in value] if isinstance(value, list) else value

    found = list(changes(old, new))
    if bare(old) != bare(new):
        assert found, "two different values count as equal: a change would be lost"


def test_the_pinned_release_is_the_one_that_is_built() -> None:
    pinned = (ROOT / "tools" / "go.mod").read_text()
    assert f"github.com/pulumi/pulumi/pkg/v3 v{VERSION}\n" in pinned
    assert list(at({"a": [{"b": 1}, {"b": [2, 3]}, {}]}, "a.b")) == [1, 2, 3]
