"""From the model to the arguments of the cache's components, without Pulumi."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.cache.access import access_string_of
from components.cache.access_arguments import CacheUser
from components.cache.access_limits import problems as access_problems
from components.cache.access_string import canonical
from components.cache.access_string_problems import access_string_problems
from components.cache.replication_group_arguments import CacheReplicationGroupArgs
from components.cache.replication_group_limits import problems
from components.platform import cache
from components.platform.model.cache.alarms import Alarms
from components.platform.model.cache_access import meet
from components.platform.parts import CachePart
from tests.components.platform.files import STACKS, cache_of, problems_of, values_of


def changed(**section: Any) -> CachePart:
    values = values_of("production")
    values["dolmen:cache"].pop("encryptionKey")
    values["dolmen:cache"] |= section
    return cache_of(values)


def group(config: CachePart, **outputs: Any) -> CacheReplicationGroupArgs:
    return cache.cache_replication_group_args(config, user_group_id="users", **outputs)


def alarms_of(config: CachePart) -> Alarms:
    assert config.cache.alarms is not None
    return config.cache.alarms


@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_asks_for_a_cache_that_aws_would_make(stack: str) -> None:
    config = cache_of(values_of(stack))
    args = group(config)
    assert not list(problems(args)) and not list(access_problems(cache.cache_access_args(config)))
    assert args["replication_group_id"] == f"{config.name}-cache"
    assert args["protect_data"] is (stack == "production"), "production's data is protected, and only production's"
    assert args.get("final_snapshot") is None, "the component knows when a deleted cache leaves a snapshot"


def test_each_application_has_a_login_of_its_own_beside_the_platforms_two() -> None:
    users = cache.cache_access_args(cache_of(values_of("production")))["users"]
    assert set(users) == {"chat-app", "exporter", "operations"}
    assert access_string_of(users["chat-app"]) == "on ~chat:* resetchannels &chat:* +@all -@dangerous +info"
    for user in users.values():
        text = access_string_of(user)
        assert canonical(text) == text, "every later plan would show a change"


def user_of(**application: Any) -> CacheUser:
    values = values_of("production")
    target = values["dolmen:applications"]["chat-app"]
    target.pop("cacheKeys")
    target |= application
    return cache.cache_access_args(cache_of(values))["users"]["chat-app"]


def test_options_give_back_single_commands_and_channels_may_differ_from_keys() -> None:
    channels = ["chat:*", "socket.io#/#*"]
    user = user_of(cacheKeys=["chat:*", "bull:*"], cacheChannels=channels, cacheCommands=["role", "sort"])
    assert access_string_of(user) == (
        "on ~chat:* ~bull:* resetchannels &chat:* &socket.io#/#* +@all -@dangerous +info +role +sort +sort_ro"
    )


def test_an_access_string_of_ones_own_is_written_in_canonical_form() -> None:
    # After +GET what a cluster-aware client needs, since production is in cluster mode.
    clients = "+cluster|slots +cluster|info +cluster|nodes +command +ping +readonly +asking"
    user = user_of(cacheAccessString=f"on allkeys resetchannels +GET {clients} +mget -get")
    assert access_string_of(user) == f"on ~* resetchannels -@all {clients} +mget -get"


def test_topics_follow_the_addresses_and_alarms_the_limits() -> None:
    slack = {"workspaceId": "T0123456789", "channelId": "C0123456789"}
    config = changed(alarms={"email": ["a@b.example"], "slack": slack, "memoryPercent": 70})
    alarms = alarms_of(config)
    topics = cache.cache_alarm_topics_args(config, alarms, key_arn=None, pager_duty_key=None)
    assert [*(topics.get("email") or ())] == ["a@b.example"]
    assert topics.get("slack_channel_id") == "C0123456789"
    assert topics.get("pager_duty_key") is None and topics.get("kms_key_arn") is None
    settings = cache.cache_alarm_settings(alarms, warnings_topic_arn="warnings", severe_topic_arn="severe")
    assert settings.get("memory_percent") == 70


def test_a_key_is_made_where_asked_and_protected_in_production() -> None:
    assert not cache.creates(changed().cache.encryption_key)
    config = changed(encryptionKey={"create": True, "deletionWindowDays": 30})
    assert cache.creates(config.cache.encryption_key)
    key = cache.cache_key_args(config, "policy")
    assert key["protect_data"] is True and key.get("deletion_window_days") == 30


KEY = "arn:aws:kms:ap-northeast-2:123456789012:key/11111111-2222-3333-4444-555555555555"
OTHER = KEY.replace("key/11111111", "key/66666666")
CREATED, OF_LOGS = "created", "created for logs"
TOLD = {"email": ["ops@company.com"]}
NO_KEY = None


@pytest.mark.parametrize(
    ("choices", "data", "logs", "topics"),
    [
        ({}, NO_KEY, NO_KEY, NO_KEY),
        ({"encryptionKey": {"create": True}}, CREATED, CREATED, CREATED),
        ({"encryptionKey": {"adopt": KEY}}, KEY, NO_KEY, NO_KEY),
        ({"logs": {"encryptionKey": {"adopt": OTHER}}}, NO_KEY, OTHER, NO_KEY),
        ({"logs": {"encryptionKey": {"create": True}}}, NO_KEY, OF_LOGS, NO_KEY),
        ({"alarms": {**TOLD, "encryptionKey": {"adopt": OTHER}}}, NO_KEY, NO_KEY, OTHER),
        (
            {
                "encryptionKey": {"create": True},
                "logs": {"encryptionKey": {"create": True}},
                "alarms": {**TOLD, "encryptionKey": {"create": True}},
            },
            CREATED,
            OF_LOGS,
            NO_KEY,
        ),
        (
            {"encryptionKey": {"create": True}, "logs": {"encryptionKey": {"adopt": OTHER}}},
            CREATED,
            OTHER,
            CREATED,
        ),
    ],
)
def test_a_created_key_serves_what_has_none_of_its_own(
    choices: dict[str, Any], data: str | None, logs: str | None, topics: str | None
) -> None:
    """`NO_KEY`: AWS's own for data and logs; for topics, which AWS's own would silence, one that they make themselves."""
    config = changed(**choices)
    made = CREATED if cache.creates(config.cache.encryption_key) else None
    of_logs = OF_LOGS if cache.creates(config.cache.logs.encryption_key) else None
    args = group(config, key_arn=made, log_key_arn=of_logs)
    told = cache.cache_alarm_topics_args(config, alarms_of(config), key_arn=made, pager_duty_key=None)
    used = (args.get("kms_key_arn"), args.get("log_kms_key_arn"), told.get("kms_key_arn"))
    assert used == (data, logs, topics)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("chat:*", "chat:*", True),
        ("chat:*", "chat:rooms:*", True),
        ("*", "chat:*", True),
        ("chat:*", "billing:*", False),
        ("chat:1", "chat:*", True),
        ("chat:1", "chat:2", False),
        ("user:?", "user:10", False),
        ("user:?", "user:1", True),
    ],
)
def test_patterns_that_may_match_one_key_meet(one: str, other: str, expected: bool) -> None:
    assert meet(one, other) is expected and meet(other, one) is expected


_patterns = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12).filter(
    lambda text: text[0] not in "~&%"
)


@settings(max_examples=150, deadline=None)
@given(keys=st.lists(_patterns, min_size=1, max_size=3), channels=st.lists(_patterns, min_size=1, max_size=3))
def test_any_pattern_that_is_taken_makes_an_access_string_in_canonical_form(
    keys: list[str], channels: list[str]
) -> None:
    values = values_of("production")
    values["dolmen:applications"]["chat-app"] |= {"cacheKeys": keys, "cacheChannels": channels}
    if problems_of(values):
        return
    text = access_string_of(cache.cache_access_args(cache_of(values))["users"]["chat-app"])
    assert canonical(text) == text
    assert not list(access_string_problems(text)), text
