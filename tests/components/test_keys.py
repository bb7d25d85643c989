"""Keys of AWS KMS: one that is made, and what an adopted one must be."""

from typing import Any

import pytest

from components.arguments import ArgumentsError
from components.keys import EncryptionKey, kms_key_problems, partition_of
from dolmen.engine import Plan, evaluate_program

KEY = "arn:aws:kms:ap-northeast-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
REGION = "ap-northeast-2"


def arguments(**changes: Any) -> Any:
    return {"alias": "alias/chat/data", "description": "Data of chat", "protect_data": True, **changes}


def planned(**changes: Any) -> Plan:
    def program() -> None:
        EncryptionKey("chat-key", arguments(**changes))

    plan = evaluate_program(program)
    assert plan.failure is None, plan.failure
    return plan


@pytest.mark.parametrize("protect", [True, False])
def test_a_key_turns_every_year_and_stays_where_data_is_protected(protect: bool) -> None:
    [key] = [r for r in planned(protect_data=protect) if r.type == "aws:kms/key:Key"]
    assert key.inputs["enableKeyRotation"] is True
    assert bool(key.options.protect) == protect, "a deployment could delete the key, and with it all that it encrypts"
    assert bool(key.options.retain_on_delete) == protect
    assert key.inputs["deletionWindowInDays"] == 30, "a deletion by mistake could be undone for a shorter time"


def test_key_and_alias_have_the_components_name() -> None:
    made = {r.type.rpartition(":")[2]: r for r in planned() if r.type.startswith("aws:kms")}
    assert {kind: resource.name for kind, resource in made.items()} == {"Key": "chat-key", "Alias": "chat-key"}
    assert made["Alias"].inputs["name"] == "alias/chat/data"


def test_a_deletion_window_from_another_language_is_a_whole_number() -> None:
    [key] = [r for r in planned(deletion_window_days=7.0) if r.type == "aws:kms/key:Key"]
    assert repr(key.inputs["deletionWindowInDays"]) == "7", "AWS would refuse 7.0"


@pytest.mark.parametrize(
    ("changes", "argument"),
    [
        ({"alias": "chat/data"}, "alias"),
        ({"alias": "alias/aws/secretsmanager"}, "alias"),
        ({"alias": "alias/chat data"}, "alias"),
        ({"deletion_window_days": 6}, "deletion_window_days"),
        ({"deletion_window_days": 31}, "deletion_window_days"),
        ({"deletion_windw_days": 7}, "deletion_windw_days"),
    ],
)
def test_what_kms_would_refuse_is_refused_before_anything_is_made(changes: dict[str, Any], argument: str) -> None:
    with pytest.raises(ArgumentsError) as refused:
        EncryptionKey("chat-key", arguments(**changes))
    assert [problem.place for problem in refused.value.problems] == [argument]


@pytest.mark.parametrize(
    ("arn", "region"),
    [
        (KEY, REGION),
        (KEY, None),
        (None, REGION),
        ("arn:aws:kms:ap-northeast-2:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab", REGION),
        (KEY.replace("aws:kms:ap-northeast-2", "aws-cn:kms:cn-north-1"), "cn-north-1"),
        (KEY.replace("aws:kms:ap-northeast-2", "aws-us-gov:kms:us-gov-west-1"), "us-gov-west-1"),
    ],
)
def test_a_key_of_the_region_is_adopted(arn: str | None, region: str | None) -> None:
    assert list(kms_key_problems(arn, region, ("adopt",))) == []


@pytest.mark.parametrize(
    ("arn", "says"),
    [
        ("alias/chat", "alias is not enough"),
        ("arn:aws:kms:ap-northeast-2:123456789012:alias/chat", "alias is not enough"),
        ("1234abcd-12ab-34cd-56ef-1234567890ab", "named by its ARN"),
        (KEY[:-1], "named by its ARN"),
        (KEY.replace("key/", "key/mrk-"), "named by its ARN"),
        (KEY.replace("123456789012", "1234"), "named by its ARN"),
        (KEY.replace("aws:kms", "amazon:kms"), "named by its ARN"),
        (f"{KEY}\n", "named by its ARN"),
        (KEY.replace("ap-northeast-2", "us-east-1"), "lies in us-east-1"),
        (KEY.replace("arn:aws:", "arn:aws-cn:"), "begin with arn:aws, not with arn:aws-cn"),
    ],
)
def test_what_is_no_key_of_the_region_is_refused_with_the_reason(arn: str, says: str) -> None:
    [problem] = kms_key_problems(arn, REGION, ("encryption_key", "adopt"))
    assert problem.argument == ("encryption_key", "adopt")
    assert says in problem.rule, "a person could not tell what to mend"
    assert REGION in problem.remedy or "KMS console" in problem.remedy


@pytest.mark.parametrize(
    ("region", "partition"), [("ap-northeast-2", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_arns_name_the_partition_of_their_region(region: str, partition: str) -> None:
    assert partition_of(region) == partition
