"""The secrets as the engine sees them: names, secrecy, protection, and what waits for what."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pulumi
import pytest

from components.arguments import ArgumentsError
from components.keys import EncryptionKey
from components.secrets import (
    ApplicationSecrets,
    ApplicationSecretsArgs,
    DatabaseSecret,
    GeneratedSecret,
    GivenSecret,
    JwtSecret,
    SecretReader,
    application_environment,
    secrets_key_policy,
)
from dolmen.appenv.definition import definition
from dolmen.appenv.sources import template
from dolmen.engine import Plan, evaluate_program
from dolmen.engine.plan import Resource, Secret

ARN = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:chat-prod/chat-app/database-AbCdEf"
KEY = "arn:aws:kms:ap-northeast-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
FOREIGN = "arn:aws:iam::210987654321:role/analytics"
DEPLOYER = "arn:aws:iam::123456789012:role/deploy"
CALLER = {
    "aws:index/getCallerIdentity:getCallerIdentity": {
        "accountId": "123456789012",
        "id": "1",
        "arn": "arn",
        "userId": "u",
    }
}
LOOKUPS = {token: {"result": result} for token, result in CALLER.items()}
PROVIDER = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.ap-northeast-2.amazonaws.com/id/EXAMPLE"


def plan_of(program: Callable[[], None]) -> Plan:
    plan = evaluate_program(program, lookups=LOOKUPS)
    assert plan.failure is None, plan.failure
    return plan


def of_type(plan: Iterable[Resource], kind: str) -> list[Resource]:
    return [resource for resource in plan if resource.type.endswith(f":{kind}")]


def application(name: str = "chat-app", **changes: Any) -> ApplicationSecretsArgs:
    arguments: Any = {
        "application": name,
        "platform": "chat-prod",
        "region": "ap-northeast-2",
        "mongo": {
            "connection_string": "mongodb+srv://chat-pl-0.abcde.mongodb.net",
            "user": f"{name}-a",
            "password": "database-password-0",
            "database": "chatdb",
        },
        "redis": {
            "host": "clustercfg.chat.abcdef.apn2.cache.amazonaws.com",
            "port": 6379,
            "user": name,
            "password": "cache-password-00",
            "tls": True,
            "cluster_mode": True,
        },
        "jwt": {"generation": 1, "active": 1},
        "protect_data": True,
        "tags": {"team": "chat"},
    }
    for part in ("mongo", "redis", "jwt"):
        if changes.get(part) is not None:
            changes[part] = {**arguments[part], **changes[part]}
    return {**arguments, **changes}


POD = {"namespace": "chat", "service_account": "chat-app"}


def reader(**changes: Any) -> Any:
    return {"platform": "chat-prod", "application": "chat-app", "secret_arns": [ARN], **changes}


def read_by(**choice: Any) -> Callable[[], None]:
    """A program with an application's secrets and whoever reads them."""

    def program() -> None:
        secrets = ApplicationSecrets("chat-app-secrets", application())
        SecretReader("chat-app-reader", reader(secret_arns=secrets.arn_patterns, **choice))

    return program


def test_every_value_is_secret_even_when_it_was_given_in_clear() -> None:
    def program() -> None:
        ApplicationSecrets(
            "chat-app", application(given={"stripe": "stripe-0"}, generated={"hook": {"length": 48, "generation": 1}})
        )

    plan = plan_of(program)
    versions = of_type(plan, "SecretVersion")
    assert len(versions) == 4
    for version in versions:
        assert isinstance(version.inputs["secretString"], Secret), f"The value of {version.name} would be shown."
    assert "password-0" not in repr(plan) and "stripe-0" not in repr(plan), "A value stands in the plan."


def test_what_exists_once_has_its_components_name_and_token_keys_their_slots() -> None:
    made = plan_of(
        lambda: discard(
            ApplicationSecrets("chat-app-secrets", application(generated={"hook": {}}, jwt={"generation": 2}))
        )
    )
    found = sorted((r.type.rpartition(":")[2], r.name.removeprefix("chat-app-secrets-")) for r in made if r.parent)
    of_each = ("Secret", "SecretPolicy", "SecretVersion")
    assert found == sorted(
        [
            ("ApplicationSecrets", "chat-app-secrets"),
            ("DatabaseSecret", "database"),
            ("GeneratedSecret", "hook"),
            ("JwtSecret", "jwt-secrets"),
            ("RandomPassword", "hook"),
            *(("RandomPassword", f"jwt-secrets-{slot}") for slot in "abc"),
            *((kind, label) for kind in of_each for label in ("database", "hook", "jwt-secrets")),
        ]
    )


def test_the_secrets_have_their_names_and_tags_and_a_policy_before_any_value() -> None:
    plan = plan_of(lambda: discard(ApplicationSecrets("chat-app", application(name_prefix="teams/"))))
    secrets = of_type(plan, "Secret")
    assert [secret.inputs["name"] for secret in secrets] == [
        "teams/chat-prod/chat-app/database",
        "teams/chat-prod/chat-app/jwt-secrets",
    ]
    assert all(secret.inputs["tags"] == {"team": "chat"} for secret in secrets)
    policies = {policy.parent: policy for policy in of_type(plan, "SecretPolicy")}
    for version in of_type(plan, "SecretVersion"):
        policy = policies[version.parent]
        assert policy.urn in version.dependencies, "For a moment the value could be read without TLS."
        assert json.loads(str(policy.inputs["policy"]))["Statement"][0]["Sid"] == "DenyWithoutTls"
        assert policy.inputs["blockPublicPolicy"] is True


@pytest.mark.parametrize("protect", [True, False])
def test_secrets_are_protected_as_the_environment_says_and_versions_always_stay(protect: bool) -> None:
    def program() -> None:
        ApplicationSecrets("chat-app", application(protect_data=protect))

    plan = plan_of(program)
    for resource in of_type(plan, "Secret"):
        assert bool(resource.options.protect) == protect, f"{resource.name} is protected otherwise than asked."
    assert [secret.inputs["recoveryWindowInDays"] for secret in of_type(plan, "Secret")] == [30, 30]
    assert all(version.options.retain_on_delete for version in of_type(plan, "SecretVersion")), (
        "Replacing a version would take away the one that clients may still read."
    )


def test_a_version_waits_for_the_users_it_names_and_for_whatever_else_it_is_told() -> None:
    import pulumi_random as random

    def program() -> None:
        user = random.RandomPet("database-user")
        cache_user = random.RandomPet("cache-user")
        endpoint = random.RandomPet("endpoint")
        users = application(mongo={"user": user.id}, redis={"user": cache_user.id})
        arguments: Any = {
            "platform": "chat-prod",
            "application": "chat-app",
            **{key: value for key, value in users.items() if key in ("mongo", "redis")},
            "usable_after": [endpoint.id],
            "protect_data": False,
        }
        DatabaseSecret("database", arguments)

    [version] = of_type(plan_of(program), "SecretVersion")
    waited = {urn.rpartition("::")[2] for urn in version.dependencies}
    assert {"database-user", "cache-user", "endpoint"} <= waited, "A client could read a login that does not work yet."


def test_the_reader_is_shown_in_full_before_anything_exists() -> None:
    plan = plan_of(read_by(ecs_tasks="task"))
    [policy] = of_type(plan, "RolePolicy")
    document = json.loads(str(policy.inputs["policy"]))
    assert document["Statement"][0]["Resource"] == [
        "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:chat-prod/chat-app/database-??????",
        "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:chat-prod/chat-app/jwt-secrets-??????",
    ], "A reviewer cannot see what the role may read."
    [role] = of_type(plan, "Role")
    assert role.inputs["name"] == "chat-prod_chat-app_reader"


@pytest.mark.parametrize(
    ("choice", "named"),
    [
        ({"ecs_tasks": "execution"}, "service-role/AmazonECSTaskExecutionRolePolicy"),
        ({"lambda_function": True}, "service-role/AWSLambdaVPCAccessExecutionRole"),
    ],
)
def test_a_role_that_is_of_no_use_without_a_policy_of_aws_has_it(choice: dict[str, Any], named: str) -> None:
    [attached] = of_type(plan_of(read_by(**choice)), "RolePolicyAttachment")
    assert attached.inputs["policyArn"] == f"arn:aws:iam::aws:policy/{named}", "no task starts, or no function connects"


@pytest.mark.parametrize(
    ("choice", "kinds"),
    [
        ({"attach_to_role": "task"}, ["RolePolicy"]),
        ({"ecs_tasks": "task"}, ["Role", "RolePolicy"]),
        ({"ecs_tasks": "execution"}, ["Role", "RolePolicy", "RolePolicyAttachment"]),
        ({"lambda_function": True}, ["Role", "RolePolicy", "RolePolicyAttachment"]),
        ({"eks_pod_identity": {"cluster": "main", **POD}}, ["PodIdentityAssociation", "Role", "RolePolicy"]),
        ({"irsa": {"oidc_provider_arn": PROVIDER, **POD}}, ["Role", "RolePolicy"]),
    ],
)
def test_each_kind_of_reader_makes_what_it_needs_under_its_own_name(choice: dict[str, Any], kinds: list[str]) -> None:
    found = [r for r in plan_of(read_by(**choice)) if r.type.startswith(("aws:iam", "aws:eks"))]
    assert sorted(resource.type.rpartition(":")[2] for resource in found) == kinds
    assert {resource.name for resource in found} == {"chat-app-reader"}
    if "attach_to_role" in choice:
        assert found[0].inputs["role"] == "task"


@pytest.mark.parametrize(
    ("arguments", "place", "said"),
    [
        ({}, "", "one of five"),
        ({"attach_to_role": "a", "ecs_tasks": "task"}, "ecs_tasks", "one of five"),
        ({"ec2": True}, "", "one of five"),
        ({"irsa": {"namespace": "n"}}, "irsa.oidc_provider_arn", "required"),
        ({"irsa": {"namespace": "n"}}, "irsa.service_account", "required"),
        ({"irsa": {"oidc_provider_arn": "oidc.eks", **POD}}, "irsa.oidc_provider_arn", "OpenID Connect provider"),
        ({"eks_pod_identity": {"cluster": "-", **POD}}, "eks_pod_identity.cluster", "EKS cluster's name"),
        ({"ecs_tasks": "executon"}, "ecs_tasks", "One of execution or task"),
        ({"ecs_tasks": "task", "cache_arn": "a"}, "cache_arn", "go together"),
        ({"ecs_tasks": "task", "secret_arns": []}, "secret_arns", "at least one"),
        ({"ecs_tasks": "task", "secret_arns": [ARN[:-7]]}, "secret_arns[0]", "six characters"),
        ({"ecs_tasks": "task", "kms_key_arn": "alias/chat"}, "kms_key_arn", "alias is not enough"),
        ({"attach_to_role": "a", "permissions_boundary": PROVIDER}, "permissions_boundary", "keeps the boundary"),
    ],
)
def test_a_reader_that_makes_no_sense_is_refused_with_its_place(
    arguments: dict[str, Any], place: str, said: str
) -> None:
    with pytest.raises(ArgumentsError) as refused:
        SecretReader("chat-app-reader", reader(**arguments))
    lines = str(refused.value).splitlines()
    assert any(line.startswith(f"  {place}") and said in line for line in lines), "a person could not tell what to mend"


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"recovery_window_days": 6}, "recovery_window_days"),
        ({"recovery_window_days": 31}, "recovery_window_days"),
        ({"kms_key_arn": "alias/chat"}, "kms_key_arn"),
        ({"kms_key_arn": KEY.replace("ap-northeast-2", "us-east-1")}, "kms_key_arn"),
        ({"replicas": {"ap-northeast-2": {}}}, "replicas.ap-northeast-2"),
        ({"replicas": {"Tokyo": {}}}, "replicas.Tokyo"),
        ({"replicas": {"cn-north-1": {}}}, "replicas.cn-north-1"),
        ({"replicas": {"us-east-1": {"kms_key_arn": KEY}}}, "replicas.us-east-1.kms_key_arn"),
        ({"replicas": {"us-east-1": {"kms_key": KEY}}}, "replicas.us-east-1.kms_key"),
        ({"cross_account_readers": [FOREIGN]}, "cross_account_readers"),
        ({"only_principals": ["*"]}, "only_principals[0]"),
        ({"only_principals": [DEPLOYER, DEPLOYER]}, "only_principals[1]"),
        ({"reader_roles": [DEPLOYER]}, "reader_roles[0]"),
        ({"name_prefix": "teams"}, "name_prefix"),
        ({"application": "chat/app"}, "application"),
        ({"jwt": {"generation": 3}}, "jwt.generation"),
        ({"jwt": {"active": 2}}, "jwt.active"),
        ({"redis": {"authentication": "iam"}}, "redis.authentication"),
        ({"mongo": None, "redis": None}, ""),
        ({"generated": {"hook": {"length": 42}}}, "generated.hook.length"),
        ({"generated": {"hook": {"lenght": 48}}}, "generated.hook.lenght"),
        ({"generated": {"hook": {"generation": 0}}}, "generated.hook.generation"),
        ({"generated": {"database": {}}}, "generated.database"),
        ({"generated": {"jwt-secrets-a": {}}}, "generated.jwt-secrets-a"),
        ({"given": {"Stripe": "x"}}, "given.Stripe"),
        ({"given": {"hook": "x"}, "generated": {"hook": {}}}, "given.hook"),
    ],
)
def test_what_would_be_refused_of_an_applications_secrets_is_refused_at_once(
    changes: dict[str, Any], place: str
) -> None:
    with pytest.raises(ArgumentsError) as refused:
        ApplicationSecrets("chat-app-secrets", application(**changes))
    assert [problem.place for problem in refused.value.problems] == [place]


def test_every_secret_has_its_copies_and_the_readers_policy_names_them() -> None:
    key = KEY.replace("ap-northeast-2", "us-east-1")
    replicas = {"us-east-1": {"kms_key_arn": key}, "eu-west-1": {}}

    def program() -> None:
        made = ApplicationSecrets("chat-app", application(replicas=replicas))
        pulumi.export("patterns", made.arn_patterns)

    plan = plan_of(program)
    copies = [secret.inputs["replicas"] for secret in of_type(plan, "Secret")]
    assert copies == [[{"region": "eu-west-1"}, {"region": "us-east-1", "kmsKeyId": key}]] * len(copies)
    found: Any = plan.outputs["patterns"]
    assert {arn.split(":")[3] for arn in found} == {"ap-northeast-2", "eu-west-1", "us-east-1"}
    assert len(found) == 3 * len(copies), "an application in the other region is locked out of one of its secrets"


def test_a_mistake_in_a_single_secret_is_refused_before_anything_is_made() -> None:
    kept: Any = {"platform": "chat-prod", "application": "chat-app", "protect_data": False}
    with pytest.raises(ArgumentsError, match="label"):
        GivenSecret("stripe", {**kept, "label": "Stripe", "value": "x"})
    with pytest.raises(ArgumentsError, match="length"):
        GeneratedSecret("hook", {**kept, "label": "hook", "length": 1})
    with pytest.raises(ArgumentsError, match="generation"):
        JwtSecret("jwt", {**kept, "generation": 3, "active": 1})


def test_named_principals_include_the_reader() -> None:
    role = "chat-prod_chat-app_reader"
    for document in resource_policies(application(reader_roles=[role], only_principals=[DEPLOYER])):
        [deny] = [s for s in document["Statement"] if s["Sid"] == "DenyAllButNamedPrincipals"]
        named = deny["Condition"]["ArnNotLike"]["aws:PrincipalArn"]
        assert f"arn:aws:iam::123456789012:role/{role}" in named, "The application locks itself out."


def test_without_named_principals_a_plan_shows_the_secrets_policy_before_the_secret_exists() -> None:
    plan = plan_of(lambda: discard(ApplicationSecrets("chat-app", application(reader_roles=["reader"]))))
    for policy in of_type(plan, "SecretPolicy"):
        assert json.loads(str(policy.inputs["policy"])), "A reviewer cannot see who may read the secret."


def test_readers_of_other_accounts_get_secret_and_key() -> None:
    names = ["chat-prod/chat-app/database", "chat-prod/chat-app/jwt-secrets"]

    def program() -> None:
        policy = secrets_key_policy(region="ap-northeast-2", secret_names=names, cross_account_readers=[FOREIGN])
        key = EncryptionKey(
            "chat-app-key",
            {"alias": "alias/chat-app", "description": "Secrets", "policy": policy, "protect_data": False},
        )
        ApplicationSecrets("chat-app", application(kms_key_arn=key.key_arn, cross_account_readers=[FOREIGN]))

    documents = [r.inputs["policy"] for r in plan_of(program) if r.type.endswith((":SecretPolicy", ":Key"))]
    assert len(documents) == 3 and all(FOREIGN in str(document) for document in documents)


def test_applications_do_not_touch_each_other() -> None:
    def program(*names: str) -> Callable[[], None]:
        def run() -> None:
            for name in names:
                ApplicationSecrets(name, application(name, kms_key_arn=KEY))

        return run

    def shape(plan: Plan) -> dict[str, Any]:
        return {r.urn: (r.options, r.dependencies, without_secrets(r)) for r in plan if r.parent}

    three, changed = shape(plan_of(program("a", "b", "c"))), shape(plan_of(program("c", "d", "a")))
    kept = {urn: value for urn, value in three.items() if "::b" not in urn}
    assert kept.items() <= changed.items(), "Adding d and removing b changes a or c."
    assert all("::d" in urn for urn in set(changed) - set(three))


def without_secrets(resource: Resource) -> dict[str, Any]:
    return {key: value for key, value in resource.inputs.items() if not isinstance(value, Secret)}


def discard(_: object) -> None:
    """A program returns nothing."""


def in_clear(value: Any) -> Any:
    """The SDK hands secrets to mocks in their wire form."""
    return value["value"] if isinstance(value, dict) and "value" in value else value


class Recorder(pulumi.runtime.Mocks):
    """Plays the clouds far enough to see what a secret would hold."""

    def __init__(self) -> None:
        self.inputs: dict[str, dict[str, Any]] = {}

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        kind = args.typ.rpartition(":")[2]
        self.inputs[f"{kind} {args.name}"] = {key: in_clear(value) for key, value in args.inputs.items()}
        name = args.inputs.get("name", args.name)
        outputs = {**args.inputs, "versionId": "v1", "result": "r" * 64, "keyId": "k"}
        if args.typ.endswith(":Secret"):
            outputs["arn"] = f"arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:{name}-AbCdEf"
        else:
            outputs["arn"] = f"arn:aws:x:ap-northeast-2:123456789012:{name}"
        return name, outputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[str, Any]:
        if args.token not in CALLER:
            raise NotImplementedError(args.token)
        return CALLER[args.token]


def deployed(arguments: ApplicationSecretsArgs, **reads: Any) -> tuple[Recorder, dict[str, Any]]:
    """What an application's secrets send to AWS, and their reader where one is asked for."""
    recorder, outputs = Recorder(), dict[str, Any]()
    redis: Any = arguments.get("redis")
    pulumi.runtime.set_mocks(recorder, preview=False)

    @pulumi.runtime.test
    def run() -> Any:
        made = ApplicationSecrets("chat-app", arguments)
        if reads:
            SecretReader("chat-app-reader", reader(secret_arns=made.arn_patterns, **reads))
        environment = application_environment(
            template(definition(), mongo_pool_size=10, cache_login_with_iam="password" not in redis),
            facts={
                "redis_host": redis["host"],
                "redis_port": redis["port"],
                "redis_user": redis["user"],
                "redis_tls": redis["tls"],
                "redis_cluster_mode": redis["cluster_mode"],
                "aws_region": arguments["region"],
                "jwt_secret_name": "chat-prod/chat-app/jwt-secrets",
            },
            secret_arns=made.arns,
        )
        return pulumi.Output.all(arns=made.secret_arns, environment=environment).apply(outputs.update)

    run()
    return recorder, outputs


def resource_policies(arguments: ApplicationSecretsArgs) -> list[dict[str, Any]]:
    recorder, _ = deployed(arguments)
    return [json.loads(v["policy"]) for k, v in recorder.inputs.items() if k.startswith("SecretPolicy ")]


def test_the_database_secret_holds_exactly_the_promised_keys() -> None:
    recorder, _ = deployed(application(mongo={"password": "p@ss/word"}, jwt={"generation": 2}))
    value = json.loads(recorder.inputs["SecretVersion chat-app-database"]["secretString"])
    assert value == {
        "mongo_uri": "mongodb+srv://chat-app-a:p%40ss%2Fword@chat-pl-0.abcde.mongodb.net/chatdb"
        "?tls=true&retryWrites=true&w=majority&appName=chat-app&authSource=admin",
        "redis_password": "cache-password-00",
        "mongo_host": "chat-pl-0.abcde.mongodb.net",
        "mongo_user": "chat-app-a",
        "mongo_password": "p@ss/word",
        "mongo_database": "chatdb",
        "redis_host": "clustercfg.chat.abcdef.apn2.cache.amazonaws.com",
        "redis_port": 6379,
        "redis_user": "chat-app",
        "redis_tls": True,
        "redis_cluster_mode": True,
    }
    keys = json.loads(recorder.inputs["SecretVersion chat-app-jwt-secrets"]["secretString"])
    assert list(keys) == ["current", "previous", "next"]


@pytest.mark.parametrize(("part", "word"), [("mongo", "Cache login of"), ("redis", "Database login of")])
def test_of_a_login_that_is_not_there_a_secret_holds_and_says_nothing(part: str, word: str) -> None:
    recorder, outputs = Recorder(), dict[str, Any]()
    pulumi.runtime.set_mocks(recorder, preview=False)

    @pulumi.runtime.test
    def run() -> Any:
        made = ApplicationSecrets("chat-app", application(**{part: None}, jwt=None))
        return made.secret_arns.apply(outputs.update)

    run()
    value = json.loads(recorder.inputs["SecretVersion chat-app-database"]["secretString"])
    assert value and not [key for key in value if key.startswith(part)], "clients would read a login that is not there"
    assert list(outputs) == ["database"], "token keys that nobody asked for"
    assert recorder.inputs["Secret chat-app-database"]["description"] == f"{word} chat-app"


def test_the_environment_names_every_variable_and_no_secret_value() -> None:
    recorder, outputs = deployed(application())
    environment = outputs["environment"]
    assert set(environment["plain"]) | set(environment["secrets"]) == set(definition().by_name())
    assert environment["secrets"]["MONGO_URI"] == {"arn": ARN, "key": "mongo_uri"}
    assert environment["plain"]["REDIS_PORT"] == "6379" and environment["plain"]["REDIS_TLS"] == "true"
    assert environment["plain"]["AWS_SECRET_NAME"] == "chat-prod/chat-app/jwt-secrets"
    for value in ("database-password-0", "cache-password-00", "r" * 64):
        assert value in json.dumps(recorder.inputs), "The canary is not in the program: this test shows nothing."
        assert value not in json.dumps(outputs), "A stack output holds a secret."


@pytest.mark.parametrize("told", ["password", "iam"])
def test_while_both_ways_exist_the_password_keeps_its_user_and_clients_are_told_which_way_to_take(told: str) -> None:
    recorder, _ = deployed(application(redis={"iam_user": "chat-app-iam", "authentication": told}))
    value = json.loads(recorder.inputs["SecretVersion chat-app-database"]["secretString"])
    assert (value["redis_user"], value["redis_password"]) == ("chat-app", "cache-password-00"), (
        "Who was deployed before the switch and starts after it is refused."
    )
    assert (value["redis_iam_user"], value["redis_authentication"]) == ("chat-app-iam", told)


def test_with_iam_the_reader_may_log_in_to_the_cache_and_there_is_no_password() -> None:
    arguments: Any = application()
    del arguments["redis"]["password"]
    recorder, outputs = deployed(
        arguments,
        ecs_tasks="task",
        cache_arn="arn:aws:elasticache:ap-northeast-2:123456789012:replicationgroup:chat",
        cache_user_arn="arn:aws:elasticache:ap-northeast-2:123456789012:user:chat-app",
    )
    assert json.loads(recorder.inputs["SecretVersion chat-app-database"]["secretString"])["redis_password"] == ""
    assert "REDIS_PASSWORD" not in outputs["environment"]["secrets"]
    statements = json.loads(recorder.inputs["RolePolicy chat-app-reader"]["policy"])["Statement"]
    assert [s["Action"] for s in statements if "elasticache" in str(s)] == ["elasticache:Connect"]


def test_a_component_can_be_used_alone() -> None:
    def program() -> None:
        GivenSecret(
            "stripe",
            {"platform": "p", "application": "a", "label": "stripe", "value": "x", "protect_data": False},
        )

    assert {resource.name for resource in plan_of(program) if resource.type.startswith("aws:")} == {"stripe"}
