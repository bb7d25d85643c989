"""The secrets as the engine sees them: names, secrecy, protection, and what waits for what."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pulumi
import pytest

from components.secrets.application import ApplicationSecrets, ApplicationSecretsArgs
from components.secrets.database import DatabaseSecret
from components.secrets.given import GivenSecret
from components.secrets.key import SecretsKey
from components.secrets.reader import SecretReader
from dolmen.appenv.definition import definition
from dolmen.appenv.sources import template
from dolmen.engine import Plan, evaluate_program
from dolmen.engine.plan import Resource, Secret

ARN = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:chat-app/database-AbCdEf"
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
        "mongo_connection_string": "mongodb+srv://chat-pl-0.abcde.mongodb.net",
        "mongo_user": f"{name}-a",
        "mongo_password": "database-password-0",
        "mongo_database": "chatdb",
        "redis_host": "clustercfg.chat.abcdef.apn2.cache.amazonaws.com",
        "redis_port": 6379,
        "redis_user": name,
        "redis_password": "cache-password-00",
        "redis_tls": True,
        "redis_cluster_mode": True,
        "jwt_generation": 1,
        "jwt_active": 1,
        "mongo_pool_size": 10,
        "contract": template(definition(), mongo_pool_size=10, cache_login_with_iam=False),
        "protect_data": True,
        "tags": {"team": "chat"},
    }
    return {**arguments, **changes}


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


def test_the_secrets_have_their_names_and_tags_and_a_policy_before_any_value() -> None:
    plan = plan_of(lambda: discard(ApplicationSecrets("chat-app", application(name_prefix="staging/"))))
    secrets = of_type(plan, "Secret")
    assert [secret.inputs["name"] for secret in secrets] == [
        "staging/chat-app/database",
        "staging/chat-app/jwt-secrets",
    ]
    assert all(secret.inputs["tags"] == {"team": "chat"} for secret in secrets)
    policies = {policy.parent: policy for policy in of_type(plan, "SecretPolicy")}
    for version in of_type(plan, "SecretVersion"):
        policy = policies[version.parent]
        assert policy.urn in version.dependencies, "For a moment the value could be read without TLS."
        assert json.loads(str(policy.inputs["policy"]))["Statement"][0]["Sid"] == "DenyWithoutTls"
        assert policy.inputs["blockPublicPolicy"] is True


@pytest.mark.parametrize("protect", [True, False])
def test_secrets_and_key_are_protected_as_the_environment_says_and_versions_always_stay(protect: bool) -> None:
    def program() -> None:
        ApplicationSecrets("chat-app", application(protect_data=protect, own_key_deletion_window_days=30))

    plan = plan_of(program)
    for resource in [*of_type(plan, "Secret"), *of_type(plan, "Key")]:
        assert bool(resource.options.protect) == protect, f"{resource.name} is protected otherwise than asked."
    assert [secret.inputs["recoveryWindowInDays"] for secret in of_type(plan, "Secret")] == [30, 30]
    assert all(version.options.retain_on_delete for version in of_type(plan, "SecretVersion")), (
        "Replacing a version would take away the one that clients may still read."
    )
    [key] = of_type(plan, "Key")
    assert bool(key.options.retain_on_delete) == protect
    assert key.inputs["enableKeyRotation"] is True


def test_a_version_waits_for_the_users_it_names_and_for_whatever_else_it_is_told() -> None:
    import pulumi_random as random

    def program() -> None:
        user = random.RandomPet("database-user")
        cache_user = random.RandomPet("cache-user")
        endpoint = random.RandomPet("endpoint")
        arguments: Any = {
            **{key: value for key, value in application().items() if key.startswith(("mongo_", "redis_"))},
            "application": "chat-app",
            "mongo_user": user.id,
            "redis_user": cache_user.id,
            "usable_after": [endpoint.id],
            "protect_data": False,
        }
        del arguments["mongo_pool_size"]
        DatabaseSecret("database", arguments)

    [version] = of_type(plan_of(program), "SecretVersion")
    waited = {urn.rpartition("::")[2] for urn in version.dependencies}
    assert {"database-user", "cache-user", "endpoint"} <= waited, "A client could read a login that does not work yet."


def test_the_reader_is_shown_in_full_before_anything_exists() -> None:
    plan = plan_of(lambda: discard(ApplicationSecrets("chat-app", application(reader_trust="ecs"))))
    [policy] = of_type(plan, "RolePolicy")
    document = json.loads(str(policy.inputs["policy"]))
    assert document["Statement"][0]["Resource"] == [
        "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:chat-app/database-??????",
        "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:chat-app/jwt-secrets-??????",
    ], "A reviewer cannot see what the role may read."
    [role] = of_type(plan, "Role")
    assert role.inputs["name"] == "chat-prod-chat-app-reader"


@pytest.mark.parametrize(
    ("reader", "kinds"),
    [
        ({"reader_attach_to_role": "task"}, ["RolePolicy"]),
        ({"reader_trust": "ecs"}, ["Role", "RolePolicy"]),
        ({"reader_trust": "lambda"}, ["Role", "RolePolicy", "RolePolicyAttachment"]),
        (
            {
                "reader_trust": "eks-pod-identity",
                "reader_eks_cluster": "main",
                "reader_namespace": "chat",
                "reader_service_account": "chat-app",
            },
            ["PodIdentityAssociation", "Role", "RolePolicy"],
        ),
        (
            {
                "reader_trust": "irsa",
                "reader_oidc_provider_arn": PROVIDER,
                "reader_namespace": "chat",
                "reader_service_account": "chat-app",
            },
            ["Role", "RolePolicy"],
        ),
        ({}, []),
    ],
)
def test_each_kind_of_reader_makes_what_it_needs(reader: dict[str, str], kinds: list[str]) -> None:
    plan = plan_of(lambda: discard(ApplicationSecrets("chat-app", application(**reader))))
    found = [r for r in plan if r.type.startswith(("aws:iam", "aws:eks"))]
    assert sorted(resource.type.rpartition(":")[2] for resource in found) == kinds
    if "reader_attach_to_role" in reader:
        assert found[0].inputs["role"] == "task"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "attach_to_role, or trust"),
        ({"attach_to_role": "a", "trust": "ecs"}, "attach_to_role, or trust"),
        ({"trust": "ec2"}, "trust is one of"),
        ({"trust": "irsa", "namespace": "n"}, "oidc_provider_arn, service_account"),
        ({"trust": "ecs", "cache_arn": "a"}, "go together"),
    ],
)
def test_a_reader_that_makes_no_sense_is_refused_with_the_remedy(arguments: dict[str, str], said: str) -> None:
    plan = evaluate_program(
        lambda: discard(SecretReader("r", {"application": "a", "secret_arns": [ARN], **arguments}))  # pyright: ignore
    )
    assert plan.failure is not None and said in plan.failure.message


def test_named_principals_always_include_the_reader() -> None:
    arguments = application(reader_trust="ecs", allowed_principals=["arn:aws:iam::123456789012:role/deploy"])
    policies = resource_policies(arguments)
    for document in policies:
        [deny] = [s for s in document["Statement"] if s["Sid"] == "DenyAllButNamedPrincipals"]
        named = deny["Condition"]["ArnNotLike"]["aws:PrincipalArn"]
        assert "arn:aws:iam::123456789012:role/chat-prod-chat-app-reader" in named, "The application locks itself out."


def test_readers_of_other_accounts_get_secret_and_key() -> None:
    foreign = "arn:aws:iam::210987654321:role/analytics"
    plan = plan_of(
        lambda: discard(
            ApplicationSecrets(
                "chat-app", application(own_key_deletion_window_days=30, cross_account_readers=[foreign])
            )
        )
    )
    documents = [r.inputs["policy"] for r in plan if r.type.endswith((":SecretPolicy", ":Key"))]
    assert len(documents) == 3 and all(foreign in str(document) for document in documents)


def test_applications_do_not_touch_each_other() -> None:
    def program(*names: str) -> Callable[[], None]:
        def run() -> None:
            for name in names:
                ApplicationSecrets(name, application(name, reader_trust="ecs", own_key_deletion_window_days=30))

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
        self.inputs[args.name] = {key: in_clear(value) for key, value in args.inputs.items()}
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


def deployed(arguments: ApplicationSecretsArgs) -> tuple[Recorder, dict[str, Any]]:
    recorder, outputs = Recorder(), dict[str, Any]()
    pulumi.runtime.set_mocks(recorder, preview=False)

    @pulumi.runtime.test
    def run() -> Any:
        made = ApplicationSecrets("chat-app", arguments)
        return pulumi.Output.all(arns=made.secret_arns, environment=made.environment).apply(outputs.update)

    run()
    return recorder, outputs


def resource_policies(arguments: ApplicationSecretsArgs) -> list[dict[str, Any]]:
    recorder, _ = deployed(arguments)
    return [json.loads(v["policy"]) for k, v in recorder.inputs.items() if k.endswith("-secret-policy")]


def test_the_database_secret_holds_exactly_the_promised_keys() -> None:
    recorder, _ = deployed(application(mongo_password="p@ss/word", jwt_generation=2, jwt_active=1))
    value = json.loads(recorder.inputs["chat-app-database-secret-version"]["secretString"])
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
    keys = json.loads(recorder.inputs["chat-app-jwt-secret-version"]["secretString"])
    assert list(keys) == ["current", "previous", "next"]


def test_the_environment_names_every_variable_and_no_secret_value() -> None:
    recorder, outputs = deployed(application())
    environment = outputs["environment"]
    assert set(environment["plain"]) | set(environment["secrets"]) == set(definition().by_name())
    assert environment["secrets"]["MONGO_URI"] == {"arn": ARN, "key": "mongo_uri"}
    assert environment["plain"]["REDIS_PORT"] == "6379" and environment["plain"]["REDIS_TLS"] == "true"
    assert environment["plain"]["AWS_SECRET_NAME"] == "chat-app/jwt-secrets"
    for value in ("database-password-0", "cache-password-00", "r" * 64):
        assert value in json.dumps(recorder.inputs), "The canary is not in the program: this test shows nothing."
        assert value not in json.dumps(outputs), "A stack output holds a secret."


def test_with_iam_the_reader_may_log_in_to_the_cache_and_there_is_no_password() -> None:
    arguments = application(
        reader_trust="ecs",
        cache_arn="arn:aws:elasticache:ap-northeast-2:123456789012:replicationgroup:chat",
        cache_user_arn="arn:aws:elasticache:ap-northeast-2:123456789012:user:chat-app",
        contract=template(definition(), mongo_pool_size=10, cache_login_with_iam=True),
    )
    del arguments["redis_password"]
    recorder, outputs = deployed(arguments)
    assert json.loads(recorder.inputs["chat-app-database-secret-version"]["secretString"])["redis_password"] == ""
    assert "REDIS_PASSWORD" not in outputs["environment"]["secrets"]
    statements = json.loads(recorder.inputs["chat-app-reader-policy"]["policy"])["Statement"]
    assert [s["Action"] for s in statements if "elasticache" in str(s)] == ["elasticache:Connect"]


def test_components_can_be_used_alone() -> None:
    def program() -> None:
        GivenSecret("stripe", {"application": "a", "label": "stripe", "value": "x", "protect_data": False})
        SecretsKey(
            "key", {"alias": "a", "region": "ap-northeast-2", "secret_names": ["a/stripe"], "protect_data": False}
        )

    assert len(of_type(plan_of(program), "SecretVersion")) == 1
