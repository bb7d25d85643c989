"""Access strings and parameters against a real Valkey server: what AWS's documentation promises, the engine holds."""

from __future__ import annotations

import contextlib
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.cache import access_string, tables
from components.cache.access_string_problems import (
    access_string_problems,
    allows,
    command_categories,
)
from components.cache.cluster_clients import cluster_client_problems, refused_commands
from tests.components.cache.server import ONCE, Server, tls_front

pytestmark = pytest.mark.server

CLIENTS: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "clients.json").read_text())["clients"]
OPTIONS = [list(chosen) for size in range(3) for chosen in itertools.combinations(("role", "sort"), size)]
APPLICATIONS = {
    f"application {'+'.join(options) or 'plain'}": access_string.application(["chat:*"], ["chat:*"], options)
    for options in OPTIONS
} | {
    "application all channels": access_string.application(["chat:*", "bull:*"], ["*"]),
    "application all keys": access_string.application(["*"], ["*"], ["role", "sort"]),
}
SERVICES = {"exporter": access_string.EXPORTER, "operations": access_string.OPERATIONS}
EMITTED = APPLICATIONS | SERVICES

GUIDE = {
    "flushall": ["FLUSHALL"],
    "flushdb": ["FLUSHDB"],
    "config": ["CONFIG", "SET", "maxmemory", "1"],
    "shutdown": ["SHUTDOWN", "NOSAVE"],
    "keys": ["KEYS", "*"],
    "save": ["SAVE"],
    "bgsave": ["BGSAVE"],
    "debug": ["DEBUG", "SLEEP", "0"],
}
ADMINISTRATIVE = [
    ["ACL", "SETUSER", "x"],
    ["ACL", "DELUSER", "x"],
    ["ACL", "LOAD"],
    ["BGREWRITEAOF"],
    ["CLIENT", "PAUSE", "1"],
    ["CLUSTER", "RESET"],
    ["CLUSTER", "FAILOVER"],
    ["CONFIG", "GET", "*"],
    ["CONFIG", "REWRITE"],
    ["DEBUG", "SEGFAULT"],
    ["FAILOVER"],
    ["MIGRATE", "h", "1", "k", "0", "1"],
    ["MODULE", "LOAD", "x"],
    ["MONITOR"],
    ["PSYNC", "?", "-1"],
    ["REPLICAOF", "h", "1"],
    ["SLAVEOF", "h", "1"],
    ["SWAPDB", "0", "1"],
    ["SYNC"],
]


@pytest.mark.parametrize("kind", EMITTED)
def test_no_login_can_empty_save_stop_or_reconfigure_the_server(server: Server, kind: str) -> None:
    assert set(GUIDE) == set(tables.commands()["guide"]), "the guide's commands are not all tried"
    server.set_user("tried", EMITTED[kind])
    for command in [*GUIDE.values(), *ADMINISTRATIVE]:
        refusal = server.refusal("tried", *command)
        assert refusal and "permissions" in refusal, f"the {kind} user could run {' '.join(command)}"


@pytest.mark.parametrize("kind", EMITTED)
def test_what_is_emitted_is_what_the_server_writes_back(server: Server, kind: str) -> None:
    emitted = EMITTED[kind]
    assert server.set_user("tried", emitted) == emitted, (
        "ElastiCache gives the server's form back: every later plan would differ"
    )
    assert access_string.canonical(emitted) == emitted
    assert not list(access_string_problems(emitted, "7.0")), "Dolmen would refuse its own access string"


@pytest.mark.parametrize("kind", APPLICATIONS)
@pytest.mark.parametrize("client", [name for name, row in CLIENTS.items() if "user" not in row])
def test_clients_find_what_they_need(server: Server, kind: str, client: str) -> None:
    server.set_user("tried", APPLICATIONS[kind])
    for command in CLIENTS[client]["commands"]:
        refusal = server.refusal("tried", *_words(command))
        assert refusal is None, f"{client} would fail at {command}: {refusal}"
    for command in CLIENTS[client].get("refused", []):
        assert server.refusal("tried", *_words(command)), f"documented as refused, and allowed: {command}"


TRAPS = {
    "on ~chat:* resetchannels -@all +get": {"ioredis", "redis-py", "go-redis", "Lettuce", "valkey-glide"},
    "on ~chat:* resetchannels -@all +@read -@dangerous": {"ioredis", "redis-py", "go-redis", "Lettuce", "valkey-glide"},
    "on ~chat:* resetchannels +@all -@dangerous -@slow": {"ioredis", "redis-py", "go-redis", "Lettuce", "valkey-glide"},
    "on ~chat:* resetchannels +@all -@dangerous -cluster": {
        "ioredis",
        "redis-py",
        "go-redis",
        "Lettuce",
        "valkey-glide",
    },
    "on ~chat:* resetchannels +@all -@dangerous -@connection": {"redis-py", "Lettuce"},
    "on ~chat:* resetchannels +@all -@dangerous -cluster|nodes": {"Lettuce"},
}
"""Access strings that look harmless → clients that cannot work with them in cluster mode."""


@pytest.mark.parametrize("text", TRAPS)
def test_a_string_that_shuts_cluster_clients_out_is_told_with_what_lets_them_in(server: Server, text: str) -> None:
    [(rule, remedy)] = cluster_client_problems(text)
    for client in TRAPS[text]:
        assert client in rule, f"nobody is told that {client} cannot connect"
    server.set_user("tried", text)
    for command in refused_commands(text):
        assert server.refusal("tried", *command.split("|")), f"{command} is said to be refused, and is not"
    mended = f"{text} {remedy.removeprefix('Write at its end: ').rstrip('.')}"
    server.set_user("tried", mended)
    for command in tables.cluster_clients():
        assert server.refusal("tried", *command.split("|")) is None, f"the remedy does not let {command} through"
    assert not list(cluster_client_problems(mended))
    assert not list(access_string_problems(mended)), "the remedy opens another door"


def test_what_a_cluster_client_needs_is_what_clients_send() -> None:
    sent = {name: {command.split(" ")[0] for command in row["commands"]} for name, row in CLIENTS.items()}
    for command, clients in tables.cluster_clients().items():
        word = command.partition("|")[0].upper()
        for client in set(clients) & set(sent):
            assert word in sent[client], f"{client} is said to need {command}, and does not send it"


def test_the_exporter_reads_statistics_and_no_key(server: Server) -> None:
    server.set_user("tried", access_string.EXPORTER)
    row = CLIENTS["redis_exporter"]
    for command in row["commands"]:
        assert server.refusal("tried", *_words(command)) is None, f"the exporter would fail at {command}"
    for command in row["refused"]:
        assert server.refusal("tried", *_words(command)), f"the exporter could run {command}"


def _words(command: str) -> list[str]:
    filled = command.replace("{k}", "chat:k").replace("{c}", "chat:c").replace("{p}", "chat:*")
    words = filled.split(" ")
    return [words[0], "return 1", "1", *words[3:]] if words[0] == "EVAL" else words


def test_a_key_or_channel_of_another_application_is_out_of_reach(server: Server) -> None:
    server.set_user("tried", access_string.application(["chat:*"], ["chat:*"]), "p" * 40)
    with contextlib.closing(server.login("tried", "p" * 40)) as client:
        client.set("chat:1", "v")
        assert client.get("chat:1") == "v"
        client.publish("chat:room", "hello")
        for attempt in (
            lambda: client.get("billing:1"),
            lambda: client.mget("chat:1", "billing:1"),
            lambda: client.rename("chat:1", "billing:1"),
            lambda: client.eval("return redis.call('get', 'billing:1')", 0),
            lambda: client.publish("billing:room", "hello"),
            lambda: client.execute_command("PSUBSCRIBE", "*"),
        ):
            with pytest.raises(redis.exceptions.ResponseError, match=r"(?i)permission|NOPERM"):
                attempt()


def test_a_channel_pattern_must_be_granted_letter_by_letter(server: Server) -> None:
    """Socket.IO's adapter subscribes to `<key>#/#*`: `&<key>*` does not grant it, although every such channel matches."""
    loose = access_string.application(["chat:*"], ["socket.io*"])
    server.set_user("tried", loose)
    assert server.refusal("tried", "SUBSCRIBE", "socket.io-request#/#") is None
    assert server.refusal("tried", "PSUBSCRIBE", "socket.io#/#*"), "docs/components/cache.md says otherwise"
    server.set_user("tried", access_string.application(["chat:*"], ["socket.io*", "socket.io#/#*"]))
    assert server.refusal("tried", "PSUBSCRIBE", "socket.io#/#*") is None


def test_either_of_two_passwords_logs_in_and_no_other(server: Server) -> None:
    first, second = "A" * 40, "b" * 40
    server.set_user("rotating", access_string.application(["chat:*"], ["chat:*"]), first, second)
    for password in (first, second):
        with contextlib.closing(server.login("rotating", password)) as client:
            assert client.ping(), "one of the two generations is locked out"
    for user, password in (("rotating", "C" * 40), ("rotating", ""), ("default", first), ("default", "")):
        with contextlib.closing(server.login(user, password)) as client, pytest.raises(redis.exceptions.RedisError):
            client.get("chat:1")


def test_both_passwords_log_in_over_tls_and_plain_text_does_not(server: Server, tmp_path: Path) -> None:
    """The packaged server is built without TLS: a front in this process speaks it, as ElastiCache's nodes do."""
    first, second = "A" * 40, "b" * 40
    server.set_user("rotating", access_string.application(["chat:*"], ["chat:*"]), first, second)
    with tls_front(server, tmp_path) as (port, certificate):
        for password in (first, second):
            client = redis.Redis(
                host="localhost",
                port=port,
                username="rotating",
                password=password,
                ssl=True,
                ssl_ca_certs=str(certificate),
            )
            with contextlib.closing(client):
                assert client.ping()
        stranger = redis.Redis(host="localhost", port=port, username="rotating", password=first, ssl=True, retry=ONCE)
        with contextlib.closing(stranger), pytest.raises(redis.ConnectionError):
            stranger.ping()
        plain = redis.Redis(
            host="localhost", port=port, username="rotating", password=first, socket_timeout=2, retry=ONCE
        )
        with contextlib.closing(plain), pytest.raises(redis.RedisError):
            plain.ping()


def test_the_disabled_default_user_can_do_nothing(server: Server) -> None:
    from components.cache.access import DISABLED

    server.set_user("stand-in", DISABLED, "p" * 40)
    with contextlib.closing(server.login("stand-in", "p" * 40)) as client, pytest.raises(redis.AuthenticationError):
        client.ping()


@pytest.mark.parametrize("family", ["redis7", "valkey7", "valkey8", "valkey9"])
def test_default_parameters_are_values_that_the_engine_takes(server: Server, family: str) -> None:
    with contextlib.closing(server.admin()) as admin:
        for name, value in tables.default_parameters().items():
            assert name in tables.parameters(family), f"{family} has no parameter {name}"
            if name != "reserved-memory-percent":  # ElastiCache's own
                admin.config_set(name, value)
                assert admin.config_get(name)[name] == value


_NOT_HERE = {
    ("activedefrag", "yes"),  # the packaged server is built without the allocator for it
    ("cluster-preferred-endpoint-type", "tls-dynamic"),  # a value of ElastiCache's own
}


def test_the_bounds_of_every_parameter_are_values_that_the_engine_takes(server: Server) -> None:
    """Where the packaged server has the parameter; ElastiCache's own ones and those of modules it does not have."""
    tried = 0
    with contextlib.closing(server.admin()) as admin:
        for name, parameter in tables.parameters("valkey9").items():
            known = admin.config_get(name)
            if name not in known or "client-output-buffer" in name:
                continue
            bounds = [str(bound) for bound in (parameter.get("minimum"), parameter.get("maximum")) if bound is not None]
            for value in (parameter["default"], *parameter.get("values", ()), *bounds):
                if (name, value) in _NOT_HERE:
                    continue
                try:
                    admin.config_set(name, value)
                except redis.ResponseError as error:
                    raise AssertionError(f"{name} = {value!r}: {error}") from None
                tried += 1
            admin.config_set(name, known[name])
    assert tried > 60, "the server knows fewer parameters than expected: nothing was proved"


# ---- the parser and the arithmetic against the server

_PLAIN = sorted(name for name in command_categories() if name.partition("|")[0] not in tables.commands()["restricted"])
_CATEGORIES = sorted(set().union(*command_categories().values()))
_rules = st.one_of(
    st.sampled_from(["+@all", "-@all"]),
    st.builds(lambda sign, name: f"{sign}@{name}", st.sampled_from("+-"), st.sampled_from(_CATEGORIES)),
    st.builds(lambda sign, name: f"{sign}{name}", st.sampled_from("+-"), st.sampled_from(_PLAIN)),
)
_strings = st.builds(
    lambda on, keys, channels, rules: " ".join([on, *keys, *channels, *rules]),
    st.sampled_from(["on", "off"]),
    st.lists(st.sampled_from(["~a:*", "~b", "%R~c:*", "%W~d", "%RW~e", "allkeys"]), max_size=1),
    st.sampled_from([["resetchannels"], ["resetchannels", "&a:*"], ["&*"], ["allchannels"]]),
    st.lists(_rules, max_size=6),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=_strings)
def test_canonical_form_is_the_form_of_the_server(server: Server, text: str) -> None:
    assert access_string.canonical(text) == server.set_user("any", text)


@pytest.fixture(scope="module")
def smallest_calls(server: Server) -> dict[str, list[str]]:
    """Every command that can be run, with as many arguments as the server wants before it judges who is asking."""
    with contextlib.closing(redis.Redis(port=server.port, username="test-admin", password=server.password)) as admin:
        rows = admin.execute_command("COMMAND")
    calls: dict[str, list[str]] = {}
    for row in rows.values():
        for name, arity in [(row["name"], row["arity"]), *_subcommands(row)]:
            words = name.split("|")
            calls[name] = [*words, *["1"] * (abs(arity) - len(words))]
    return {name: call for name, call in calls.items() if not any(other.startswith(f"{name}|") for other in calls)}


def _subcommands(row: dict[str, Any]) -> list[tuple[str, int]]:
    found = row.get("subcommands") or []
    return [(sub[0].decode() if isinstance(sub[0], bytes) else str(sub[0]), int(sub[1])) for sub in found]


def test_every_command_of_the_server_is_in_the_table(smallest_calls: dict[str, list[str]]) -> None:
    assert len(smallest_calls) > 300, "the server told of too few commands: nothing was proved"
    missing = set(smallest_calls) - set(command_categories())
    assert not missing, "an access string that names one of these would be refused as misspelt"


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=_strings)
def test_what_is_said_to_shut_cluster_clients_out_is_what_the_server_refuses(server: Server, text: str) -> None:
    server.set_user("any", text)
    refused = {command for command in tables.cluster_clients() if server.refusal("any", *command.split("|"))}
    assert refused == set(refused_commands(text))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=_strings)
def test_what_dolmen_thinks_is_allowed_is_what_the_server_allows(
    server: Server, smallest_calls: dict[str, list[str]], text: str
) -> None:
    access = access_string.parse(text)
    server.set_user("any", text)
    with contextlib.closing(server.admin()) as admin, admin.pipeline(transaction=False) as asked:
        for call in smallest_calls.values():
            asked.execute_command("ACL", "DRYRUN", "any", *call)
        answers = asked.execute(raise_on_error=False)
    judged = 0
    for name, answer in zip(smallest_calls, answers, strict=True):
        if isinstance(answer, Exception):
            continue  # judged by its arguments first
        judged += 1
        denied = "no permissions to run the" in str(answer)
        assert denied != allows(access.root.commands, name), f"{text}: {name}: {answer}"
    assert judged > 300, "too few commands were judged"
