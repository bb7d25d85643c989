"""From the model to the arguments of the cache's components, without Pulumi."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.cache.access_rules import access_string_problems
from components.cache.access_string import canonical
from components.cache.rules import topology_findings
from components.platform.arguments import cache as arguments
from components.platform.model.cache_access import meet
from tests.components.platform.files import STACKS, load_values, problems_of, values_of


def changed(stack: str = "production", **cache: Any) -> Any:
    values = values_of(stack)
    values["dolmen:cache"] |= cache
    return load_values(values)


@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_asks_for_a_cache_that_aws_would_make(stack: str) -> None:
    config = load_values(values_of(stack))
    assert not list(topology_findings(config.cache.topology))
    group = arguments.cache_replication_group(config)
    assert group["replication_group_id"] == f"{config.name}-cache"
    assert group["protect_data"] is (stack == "production"), "production's data is protected, and only production's"
    assert group["final_snapshot"] is (stack == "production")


def test_each_application_has_a_login_of_its_own_beside_the_platforms_two() -> None:
    users = arguments.cache_access(load_values(values_of("production")))["users"]
    assert set(users) == {"chat-app", "exporter", "operations"}
    assert users["chat-app"]["access_string"] == "on ~chat:* resetchannels &chat:* +@all -@dangerous +info"
    for user in users.values():
        assert canonical(user["access_string"]) == user["access_string"], "every later plan would show a change"


def test_options_give_back_single_commands_and_channels_may_differ_from_keys() -> None:
    values = values_of("production")
    values["dolmen:applications"]["chat-app"] |= {
        "cacheKeys": ["chat:*", "bull:*"],
        "cacheChannels": ["chat:*", "socket.io#/#*"],
        "cacheCommands": ["role", "sort"],
    }
    users = arguments.cache_access(load_values(values))["users"]
    assert users["chat-app"]["access_string"] == (
        "on ~chat:* ~bull:* resetchannels &chat:* &socket.io#/#* +@all -@dangerous +info +role +sort +sort_ro"
    )


def test_an_access_string_of_ones_own_is_written_in_canonical_form() -> None:
    values = values_of("production")
    application = values["dolmen:applications"]["chat-app"]
    application.pop("cacheKeys")
    application["cacheAccessString"] = "on allkeys resetchannels +GET +mget -get"
    users = arguments.cache_access(load_values(values))["users"]
    assert users["chat-app"]["access_string"] == "on ~* resetchannels -@all +mget -get"


def test_alarms_follow_the_topology_and_the_addresses() -> None:
    slack = {"workspaceId": "T0123456789", "channelId": "C0123456789"}
    config = changed(
        clusterMode={"shards": 3, "replicasPerShard": 2}, alarms={"email": ["a@b.example"], "slack": slack}
    )
    alarms = arguments.cache_alarms(config)
    assert (alarms["shards"], alarms["replicas"]) == (3, 2)
    assert alarms["email"] == ["a@b.example"]
    assert alarms.get("slack_channel_id") == "C0123456789"
    assert "topic_arn" not in alarms


def test_a_key_is_made_where_asked_and_protected_in_production() -> None:
    assert arguments.cache_encryption_key(changed()) is None
    key = arguments.cache_encryption_key(changed(encryption={"create": {}}))
    assert key and key["protect_data"] is True
    adopted = "arn:aws:kms:ap-northeast-2:123456789012:key/1-2"
    assert arguments.adopted_key_arn(changed(encryption={"adopt": adopted})) == adopted


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
    text = arguments.cache_access(load_values(values))["users"]["chat-app"]["access_string"]
    assert canonical(text) == text
    assert not list(access_string_problems(text, "7.0")), text
