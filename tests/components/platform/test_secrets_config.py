"""An application's secrets and reader in a stack file: what is refused, where, and what becomes of the rest."""

import copy
from typing import Any

import pytest

from components import keys
from components.arguments import unknown
from components.platform.model.descriptions import description
from components.platform.model.key import KeyChoice
from components.platform.model.secrets import GeneratedValue
from components.platform.secrets import CacheUse, application_secrets_args, encryption_key_args, secret_reader_args
from components.secrets import generated
from components.secrets.database import MongoLogin, RedisLogin
from dolmen.stackfile.problems import key_text
from tests.components.platform.files import load_values, problems_of, values_of

ROLE = "arn:aws:iam::123456789012:role/chat-app-task"
FOREIGN = "arn:aws:iam::210987654321:role/analytics"
KEY = "arn:aws:kms:ap-northeast-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
PROVIDER = (
    "arn:aws:iam::123456789012:oidc-provider/oidc.eks.ap-northeast-2.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
)


def with_application(**changes: Any) -> dict[str, Any]:
    values = copy.deepcopy(values_of("production"))
    values["dolmen:applications"]["chat-app"] |= changes
    return values


def secrets_of(values: dict[str, Any]) -> Any:
    return application_secrets_args(
        load_values(values),
        "chat-app",
        mongo=unknown(MongoLogin),
        redis=unknown(RedisLogin),
        secret=lambda value: f"<{value.config or f'{value.aws_secret} {value.field}'}>",
        kms_key_arn=None,
    )


def arguments(**changes: Any) -> Any:
    return secrets_of(with_application(**changes))


def reader_of(**changes: Any) -> Any:
    return secret_reader_args(
        load_values(with_application(**changes)),
        "chat-app",
        secret_arns=["arn"],
        kms_key_arn=None,
        cache=unknown(CacheUse),
    )


REPLICAS = {"ap-northeast-1": {}, "us-east-1": {"kmsKeyArn": KEY.replace("ap-northeast-2", "us-east-1")}}


def test_copies_go_to_every_secret_and_their_keys_to_the_reader() -> None:
    values = with_application(secrets={"replicas": REPLICAS})
    asked = secrets_of(values)["replicas"]
    assert asked == {
        "ap-northeast-1": {"kms_key_arn": None},
        "us-east-1": {"kms_key_arn": REPLICAS["us-east-1"]["kmsKeyArn"]},
    }
    reads: Any = secret_reader_args(load_values(values), "chat-app", secret_arns=[], kms_key_arn=None, cache=None)
    assert reads["replica_key_arns"] == [REPLICAS["us-east-1"]["kmsKeyArn"]]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"secrets": {"recoveryWindowDays": 6}}, "secrets.recoveryWindowDays"),
        ({"secrets": {"recoveryWindowDays": 0}}, "secrets.recoveryWindowDays"),
        ({"secrets": {"replicas": {"ap-northeast-2": {}}}}, "secrets.replicas.ap-northeast-2"),
        ({"secrets": {"replicas": {"tokyo": {}}}}, "secrets.replicas.tokyo"),
        ({"secrets": {"replicas": {"us-east-1": {"kmsKeyArn": KEY}}}}, "secrets.replicas.us-east-1.kmsKeyArn"),
        ({"secrets": {"replicas": {"us-east-1": {"key": KEY}}}}, "secrets.replicas.us-east-1.key"),
        ({"secrets": {"recoveryWindowDays": 29}}, "secrets.recoveryWindowDays"),
        ({"secrets": {"recoveryWindowDays": 31}}, "secrets.recoveryWindowDays"),
        ({"secrets": {"recoveryWindowDays": -1}}, "secrets.recoveryWindowDays"),
        (
            {"secrets": {"encryptionKey": {"create": True, "deletionWindowDays": 7}}},
            "secrets.encryptionKey.deletionWindowDays",
        ),
        (
            {"secrets": {"encryptionKey": {"create": True, "deletionWindowDays": 6}}},
            "secrets.encryptionKey.deletionWindowDays",
        ),
        (
            {"secrets": {"encryptionKey": {"adopt": KEY, "deletionWindowDays": 30}}},
            "secrets.encryptionKey.deletionWindowDays",
        ),
        ({"secrets": {"encryptionKey": {}}}, "secrets.encryptionKey"),
        ({"secrets": {"encryptionKey": {"create": False}}}, "secrets.encryptionKey"),
        ({"secrets": {"encryptionKey": {"create": True, "adopt": KEY}}}, "secrets.encryptionKey"),
        ({"secrets": {"encryptionKey": {"adopt": "alias/chat"}}}, "secrets.encryptionKey.adopt"),
        (
            {"secrets": {"encryptionKey": {"adopt": KEY.replace("ap-northeast-2", "us-east-1")}}},
            "secrets.encryptionKey.adopt",
        ),
        (
            {"secrets": {"encryptionKey": {"adopt": KEY.replace("arn:aws:", "arn:aws-cn:")}}},
            "secrets.encryptionKey.adopt",
        ),
        ({"secrets": {"crossAccountReaders": [FOREIGN]}}, "secrets.crossAccountReaders"),
        (
            {"secrets": {"encryptionKey": {"create": True}, "crossAccountReaders": ["*"]}},
            "secrets.crossAccountReaders[0]",
        ),
        ({"secrets": {"onlyPrincipals": ["arn:aws:iam::123456789012:role/*"]}}, "secrets.onlyPrincipals[0]"),
        ({"secrets": {"onlyPrincipals": [ROLE, ROLE]}}, "secrets.onlyPrincipals[1]"),
        ({"secrets": {"namePrefix": "staging"}}, "secrets.namePrefix"),
        ({"secrets": {"further": {"database": {"generated": {}}}}}, "secrets.further.database"),
        ({"secrets": {"further": {"jwt-secrets-a": {"generated": {}}}}}, "secrets.further.jwt-secrets-a"),
        ({"secrets": {"further": {"Webhook": {"generated": {}}}}}, "secrets.further.Webhook"),
        ({"secrets": {"further": {"webhook": {}}}}, "secrets.further.webhook"),
        (
            {"secrets": {"further": {"webhook": {"generated": {"generation": 0}}}}},
            "secrets.further.webhook.generated.generation",
        ),
        (
            {"secrets": {"further": {"webhook": {"generated": {"length": 42}}}}},
            "secrets.further.webhook.generated.length",
        ),
        ({"secrets": {"further": {"stripe": {"given": {"config": "stripeKey"}}}}}, "secrets.further.stripe.given"),
        ({"secrets": {"further": {"stripe": {"given": "sk live/x"}}}}, "secrets.further.stripe.given"),
        (
            {"secrets": {"further": {"stripe": {"given": {"config": "sk live/x"}}}}},
            "secrets.further.stripe.given.config",
        ),
        ({"secrets": {"further": {"stripe": {"given": {}}}}}, "secrets.further.stripe.given"),
        (
            {"secrets": {"further": {"stripe": {"given": {"awsSecret": "ops stripe"}}}}},
            "secrets.further.stripe.given.awsSecret",
        ),
        ({"reader": {}}, "reader"),
        ({"reader": {"ecsTasks": {}, "attachToRole": "task"}}, "reader.ecsTasks"),
        ({"reader": {"attachToRole": ROLE}}, "reader.attachToRole"),
        ({"reader": {"eksPodIdentity": {"cluster": "c", "namespace": "chat"}}}, "reader.eksPodIdentity.serviceAccount"),
        (
            {"reader": {"irsa": {"oidcProviderArn": "x", "namespace": "n", "serviceAccount": "s"}}},
            "reader.irsa.oidcProviderArn",
        ),
        (
            {"reader": {"attachToRole": "t", "permissionsBoundary": "arn:aws:iam::123456789012:policy/b"}},
            "reader.permissionsBoundary",
        ),
        (
            {"reader": {"eksPodIdentity": {"cluster": "c", "namespace": "chat", "serviceAccount": "Chat"}}},
            "reader.eksPodIdentity.serviceAccount",
        ),
        ({"jwtKeys": {"generation": 3, "active": 1}}, "jwtKeys.generation"),
        ({"jwtKeys": {"generation": 0, "active": 1}}, "jwtKeys.generation"),
        ({"jwtKeys": {"generation": 1, "active": 2}}, "jwtKeys.active"),
    ],
)
def test_each_mistake_is_told_once_at_its_place(changes: dict[str, Any], place: str) -> None:
    found = problems_of(with_application(**changes))
    assert [key_text(problem.path) for problem in found] == [f"dolmen:applications.chat-app.{place}"], (
        "The mistake passes, stands elsewhere, or is told twice."
    )
    assert found[0].rule, "The problem does not say its rule."


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"secrets": 5}, "secrets"),
        ({"secrets": {"onlyPrincipals": 5}}, "secrets.onlyPrincipals"),
        ({"secrets": {"encryptionKey": 5}}, "secrets.encryptionKey"),
        ({"secrets": {"encryptionKey": {"adopt": 5}}}, "secrets.encryptionKey.adopt"),
        ({"secrets": {"encryptionKey": {"creat": True}}}, "secrets.encryptionKey.creat"),
        ({"secrets": {"further": 5}}, "secrets.further"),
        ({"secrets": {"further": {"webhook": 5}}}, "secrets.further.webhook"),
        ({"secrets": {"further": {"webhook": {"generated": 5}}}}, "secrets.further.webhook.generated"),
        ({"reader": 5}, "reader"),
        ({"reader": {"ecsTasks": 5}}, "reader.ecsTasks"),
        ({"reader": {"ecsTasks": {"as": "executor"}}}, "reader.ecsTasks.as"),
        ({"reader": {"attachToRole": 5}}, "reader.attachToRole"),
        (
            {"reader": {"irsa": {"oidcProviderArn": 5, "namespace": "n", "serviceAccount": "s"}}},
            "reader.irsa.oidcProviderArn",
        ),
        ({"jwtKeys": {"generation": "1", "active": 1}}, "jwtKeys.generation"),
    ],
)
def test_a_value_of_another_type_is_told_once_and_nothing_is_said_of_what_it_hides(
    changes: dict[str, Any], place: str
) -> None:
    found = [key_text(problem.path) for problem in problems_of(with_application(**changes))]
    assert found == [f"dolmen:applications.chat-app.{place}"]


def test_the_defaults_that_a_description_names_are_the_components() -> None:
    described = {
        (KeyChoice, "deletion_window_days"): keys.DEFAULT_DELETION_WINDOW_DAYS,
        (GeneratedValue, "length"): generated.DEFAULT_LENGTH,
        (GeneratedValue, "generation"): generated.DEFAULT_GENERATION,
    }
    for (model, field), default in described.items():
        assert f"Default: {default}." in description(model, field), f"{field}: an editor would show another default"


def test_outside_production_a_deleted_secret_may_go_at_once() -> None:
    values = copy.deepcopy(values_of("development"))
    name = next(iter(values["dolmen:applications"]))
    values["dolmen:applications"][name]["secrets"] = {"recoveryWindowDays": 0}
    assert problems_of(values) == ()


def test_a_given_secret_is_named_in_the_file_and_its_value_never_is() -> None:
    further = {
        "stripe": {"given": {"config": "stripeKey"}},
        "search": {"given": {"awsSecret": "ops/search", "field": "apiKey"}},
        "webhook": {"generated": {}},
    }
    values = with_application(secrets={"further": further})
    values["dolmen:stripeKey"] = {"secure": "v1:AAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}
    found = secrets_of(values)
    assert found["given"] == {"stripe": "<stripeKey>", "search": "<ops/search apiKey>"}
    assert found["generated"].keys() == {"webhook"}
    assert not any(found["generated"]["webhook"].values()), "the component's own defaults would stand twice"


def test_a_secret_inside_the_section_is_refused() -> None:
    values = with_application(secrets={"further": {"stripe": {"given": {"secure": "v1:AAAA:AAAA"}}}})
    assert problems_of(values), "A secret value would stand in a section that is printed."


def test_production_protects_and_keeps_for_a_month_without_being_asked() -> None:
    found = arguments()
    assert (found["protect_data"], found["recovery_window_days"]) == (True, 30)


def test_each_reader_becomes_its_own_trust() -> None:
    def reader(choice: dict[str, Any]) -> dict[str, Any]:
        shared = ("platform", "application", "secret_arns", "tags")
        return {key: value for key, value in reader_of(reader=choice).items() if value and key not in shared}

    pods = {"cluster": "c", "namespace": "n", "serviceAccount": "s"}
    irsa = {"oidcProviderArn": PROVIDER, "namespace": "n", "serviceAccount": "s"}
    assert reader({"attachToRole": "task"}) == {"attach_to_role": "task"}
    assert reader({"ecsTasks": {}}) == {"ecs_tasks": "task"}, "a role is given rights that nobody asked for"
    assert reader({"ecsTasks": {"as": "execution"}}) == {"ecs_tasks": "execution"}
    assert reader({"lambdaFunction": {}}) == {"lambda_function": True}
    assert reader({"eksPodIdentity": pods}) == {
        "eks_pod_identity": {"cluster": "c", "namespace": "n", "service_account": "s"}
    }
    assert reader({"irsa": irsa}) == {"irsa": {"oidc_provider_arn": PROVIDER, "namespace": "n", "service_account": "s"}}


def test_a_named_principal_is_never_the_only_one_beside_the_reader() -> None:
    deployer = "arn:aws:iam::123456789012:role/deploy"
    named = {"secrets": {"onlyPrincipals": [deployer]}}
    assert arguments(**named)["reader_roles"] == ["chat-prod_chat-app_reader"], "The application locks itself out."
    assert arguments(**named, reader={"attachToRole": "task"})["reader_roles"] == ["task"]


def test_a_created_key_is_called_after_its_application_and_keeps_the_components_default() -> None:
    def key(**choice: Any) -> Any:
        stack = load_values(with_application(secrets={"encryptionKey": {"create": True, **choice}}))
        return encryption_key_args(stack, "chat-app", policy="{}")

    assert key()["alias"] == "alias/chat-prod/chat-app/secrets"
    assert key().get("deletion_window_days") is None, "the component's own default would stand twice"
    assert key(deletionWindowDays=30)["deletion_window_days"] == 30


def test_iam_without_a_role_that_may_log_in_is_refused() -> None:
    values = with_application(cacheAuthentication="iam")
    del values["dolmen:applications"]["chat-app"]["reader"]
    assert [key_text(p.path) for p in problems_of(values)] == ["dolmen:applications.chat-app.cacheAuthentication"]
    values["dolmen:applications"]["chat-app"] |= {"cacheAuthentication": "password", "cacheLogins": ["password", "iam"]}
    assert [key_text(p.path) for p in problems_of(values)] == ["dolmen:applications.chat-app.cacheLogins"]
