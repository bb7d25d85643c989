"""An application's secrets and reader in a stack file: what is refused, where, and what becomes of the rest."""

import copy
from typing import Any

import pytest

from components.platform.arguments.secrets import application_secrets, given_secrets
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


def arguments(**changes: Any) -> Any:
    return application_secrets(load_values(with_application(**changes)), "chat-app")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"secrets": {"recoveryWindowDays": 6}}, "secrets.recoveryWindowDays"),
        ({"secrets": {"recoveryWindowDays": 0}}, "secrets.recoveryWindowDays"),
        ({"secrets": {"recoveryWindowDays": 29}}, "secrets.recoveryWindowDays"),
        ({"secrets": {"recoveryWindowDays": 31}}, "secrets.recoveryWindowDays"),
        ({"secrets": {"ownKey": {"deletionWindowDays": 7}}}, "secrets.ownKey.deletionWindowDays"),
        ({"secrets": {"ownKey": {}, "existingKey": KEY}}, "secrets.existingKey"),
        ({"secrets": {"existingKey": "alias/chat"}}, "secrets.existingKey"),
        ({"secrets": {"crossAccountReaders": [FOREIGN]}}, "secrets.crossAccountReaders"),
        ({"secrets": {"ownKey": {}, "crossAccountReaders": ["*"]}}, "secrets.crossAccountReaders[0]"),
        ({"secrets": {"onlyPrincipals": ["arn:aws:iam::123456789012:role/*"]}}, "secrets.onlyPrincipals[0]"),
        ({"secrets": {"onlyPrincipals": [ROLE, ROLE]}}, "secrets.onlyPrincipals[1]"),
        ({"secrets": {"namePrefix": "staging"}}, "secrets.namePrefix"),
        ({"secrets": {"further": {"database": {"generated": {}}}}}, "secrets.further.database"),
        ({"secrets": {"further": {"webhook": {}}}}, "secrets.further.webhook"),
        (
            {"secrets": {"further": {"webhook": {"generated": {"length": 42}}}}},
            "secrets.further.webhook.generated.length",
        ),
        ({"secrets": {"further": {"stripe": {"given": "stripeKey"}}}}, "secrets.further.stripe.given"),
        ({"secrets": {"further": {"stripe": {"given": "sk live/x"}}}}, "secrets.further.stripe.given"),
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
        ({"jwtKeys": {"generation": 3, "active": 1}}, "jwtKeys.generation"),
        ({"jwtKeys": {"generation": 1, "active": 2}}, "jwtKeys.active"),
    ],
)
def test_each_mistake_is_told_once_at_its_place(changes: dict[str, Any], place: str) -> None:
    found = problems_of(with_application(**changes))
    assert [key_text(problem.path) for problem in found] == [f"dolmen:applications.chat-app.{place}"], (
        "The mistake passes, stands elsewhere, or is told twice."
    )
    assert found[0].rule, "The problem does not say its rule."


def test_outside_production_a_deleted_secret_may_go_at_once() -> None:
    values = copy.deepcopy(values_of("development"))
    name = next(iter(values["dolmen:applications"]))
    values["dolmen:applications"][name]["secrets"] = {"recoveryWindowDays": 0}
    assert problems_of(values) == ()


def test_a_given_secret_is_named_in_the_file_and_its_value_never_is() -> None:
    values = with_application(secrets={"further": {"stripe": {"given": "stripeKey"}, "webhook": {"generated": {}}}})
    values["dolmen:stripeKey"] = {"secure": "v1:AAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}
    stack = load_values(values)
    assert given_secrets(stack, "chat-app") == {"stripe": "stripeKey"}
    assert application_secrets(stack, "chat-app")["generated"] == {"webhook": {"length": 48, "generation": 1}}


def test_a_secret_inside_the_section_is_refused() -> None:
    values = with_application(secrets={"further": {"stripe": {"given": {"secure": "v1:AAAA:AAAA"}}}})
    assert problems_of(values), "A secret value would stand in a section that is printed."


def test_production_protects_and_keeps_for_a_month_without_being_asked() -> None:
    found = arguments()
    assert (found["protect_data"], found["recovery_window_days"]) == (True, 30)


def test_each_reader_becomes_its_own_trust() -> None:
    def reader(choice: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in arguments(reader=choice).items() if key.startswith("reader_")}

    assert reader({"attachToRole": "task"}) == {"reader_attach_to_role": "task"}
    assert reader({"ecsTasks": {}}) == {"reader_trust": "ecs"}
    assert reader({"lambdaFunction": {}}) == {"reader_trust": "lambda"}
    assert reader({"eksPodIdentity": {"cluster": "c", "namespace": "n", "serviceAccount": "s"}}) == {
        "reader_trust": "eks-pod-identity",
        "reader_eks_cluster": "c",
        "reader_namespace": "n",
        "reader_service_account": "s",
    }
    assert reader({"irsa": {"oidcProviderArn": PROVIDER, "namespace": "n", "serviceAccount": "s"}}) == {
        "reader_trust": "irsa",
        "reader_oidc_provider_arn": PROVIDER,
        "reader_namespace": "n",
        "reader_service_account": "s",
    }


def test_the_contract_carries_the_pool_size_and_leaves_the_password_out_with_iam() -> None:
    assert arguments(poolSize=25)["contract"]["MONGO_POOL_SIZE"] == {"value": "25"}
    assert "REDIS_PASSWORD" in arguments()["contract"]
    assert "REDIS_PASSWORD" not in arguments(cacheAuthentication="iam")["contract"], (
        "The container would wait for a password that does not exist."
    )


def test_iam_without_a_role_that_may_log_in_is_refused() -> None:
    values = with_application(cacheAuthentication="iam")
    del values["dolmen:applications"]["chat-app"]["reader"]
    assert [key_text(p.path) for p in problems_of(values)] == ["dolmen:applications.chat-app.cacheAuthentication"]
