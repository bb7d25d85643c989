"""`dolmen env check`: every problem at once, each with name, line, rule and remedy, and never a value."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from dolmen.appenv.check import problems
from dolmen.appenv.definition import Tier, definition
from dolmen.appenv.dotenv import Entry, parse
from dolmen.cli.app import app

CANARY = "cAnArY-0123456789"
RIGHT = {
    "MONGO_URI": f"mongodb+srv://a:{CANARY}%40@chat.abcde.mongodb.net/chatdb?retryWrites=true&w=majority",
    "REDIS_HOST": "clustercfg.chat.abcdef.apn2.cache.amazonaws.com",
    "REDIS_PORT": "6379",
    "REDIS_USERNAME": "chat-app",
    "REDIS_PASSWORD": CANARY,
    "REDIS_TLS": "true",
    "REDIS_CLUSTER_MODE": "true",
    "AWS_REGION": "ap-northeast-2",
    "AWS_SECRET_NAME": "chat-prod/chat-app/jwt-secrets",
}


def check(file: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["env", "check", "--file", str(file), *options])


def written(folder: Path, **changes: str | None) -> Path:
    file = folder / "service.env"
    values = {**RIGHT, **changes}
    file.write_text("".join(f"{name}={value}\n" for name, value in values.items() if value is not None))
    return file


def test_an_environment_as_the_platform_gives_it_keeps_the_contract(tmp_path: Path) -> None:
    result = check(written(tmp_path))
    assert result.exit_code == 0, f"A right environment is refused:\n{result.output}"
    assert CANARY not in result.output


@pytest.mark.parametrize(
    ("changes", "name", "rule"),
    [
        ({"REDIS_HOST": None}, "REDIS_HOST", "missing"),
        ({"REDIS_HOST": ""}, "REDIS_HOST", "empty"),
        ({"REDIS_HOST": "rediss://host:6379"}, "REDIS_HOST", "host name alone"),
        ({"REDIS_PORT": "0"}, "REDIS_PORT", "whole number"),
        ({"REDIS_PORT": "6379.0"}, "REDIS_PORT", "whole number"),
        ({"REDIS_PORT": "٣"}, "REDIS_PORT", "whole number"),
        ({"REDIS_TLS": "True"}, "REDIS_TLS", "true or false"),
        ({"REDIS_TLS": "false"}, "REDIS_TLS", "encrypted"),
        ({"REDIS_PASSWORD": "short"}, "REDIS_PASSWORD", "16 to 128"),
        ({"REDIS_PASSWORD": "with/slash-0123456789"}, "REDIS_PASSWORD", "16 to 128"),
        ({"MONGO_POOL_SIZE": "ten"}, "MONGO_POOL_SIZE", "whole number"),
        ({"MONGO_USE_TLS": "false"}, "MONGO_USE_TLS", "encrypted"),
        ({"MONGO_RETRY_WRITES": "false"}, "MONGO_RETRY_WRITES", "failover"),
        ({"AWS_SECRETS_FAIL_OPEN": "true"}, "AWS_SECRETS_FAIL_OPEN", "does not start"),
        ({"AWS_REGION": "Seoul"}, "AWS_REGION", "region"),
        ({"AWS_SECRET_NAME": "chat-prod/chat-app/database"}, "AWS_SECRET_NAME", "token keys"),
        ({"MONGO_POOLSIZE": "10"}, "MONGO_POOLSIZE", "no such variable"),
        ({"mongo_uri": "x"}, "mongo_uri", "no such variable"),
    ],
)
def test_each_broken_rule_is_named_at_its_variable(
    tmp_path: Path, changes: dict[str, str | None], name: str, rule: str
) -> None:
    result = check(written(tmp_path, **changes))
    assert result.exit_code == 2, f"A broken contract passes:\n{result.output}"
    assert name in result.output
    assert rule in " ".join(result.output.split()), f"The problem does not say its rule:\n{result.output}"
    assert "1 problem." in result.output, f"One mistake gives several problems:\n{result.output}"


URI = "mongodb+srv://user:{password}@chat.abcde.mongodb.net/chatdb?{options}"
GOOD = "retryWrites=true&w=majority"


@pytest.mark.parametrize(
    ("uri", "rule"),
    [
        ("https://chat.abcde.mongodb.net", "begins with"),
        (URI.format(password="p@ss", options=GOOD), "percent-encoded"),
        (URI.format(password="p/ss", options=GOOD), "percent-encoded"),
        (URI.format(password="p:ss", options=GOOD), "percent-encoded"),
        (URI.format(password="p%ss", options=GOOD), "percent-encoded"),
        (URI.format(password="pässword", options=GOOD), "percent-encoded"),
        (URI.format(password="p ss", options=GOOD), "spaces"),
        (URI.format(password="p", options="w=majority"), "retried"),
        (URI.format(password="p", options="retryWrites=false&w=majority"), "retried"),
        (URI.format(password="p", options="retryWrites=true"), "majority"),
        (URI.format(password="p", options="retryWrites=true&w=1"), "majority"),
        (URI.format(password="p", options=GOOD + "&tls=false"), "encrypted"),
        (URI.format(password="p", options=GOOD + "&ssl=false"), "encrypted"),
        (URI.format(password="p", options=GOOD + "&tlsInsecure=true"), "certificate"),
        (URI.format(password="p", options=GOOD + "&w=1"), "once"),
        ("mongodb://u:p@h1:27017,h2:27017/d?" + GOOD, "encrypted"),
        ("mongodb+srv://chat.abcde.mongodb.net/d?" + GOOD, "a user and a password"),
        ("mongodb+srv://u:p@chat.abcde.mongodb.net:27017/d?" + GOOD, "no port"),
        ("mongodb+srv://u:p@localhost/d?" + GOOD, "three parts"),
        ("mongodb://u:p@:27017/d?tls=true&" + GOOD, "at least one host"),
    ],
)
def test_what_is_wrong_with_a_uri_is_said_without_repeating_it(tmp_path: Path, uri: str, rule: str) -> None:
    result = check(written(tmp_path, MONGO_URI=uri))
    assert result.exit_code == 2, f"A wrong URI passes: {result.output}"
    assert rule in " ".join(result.output.split())
    assert uri not in result.output


@pytest.mark.parametrize(
    "uri",
    [
        "mongodb://u:p@h1:27017,h2:27017/d?ssl=true&replicaSet=rs&authSource=admin&" + GOOD,
        "mongodb://u:p%40%2F%25@h1/?tls=true&" + GOOD,
        "mongodb+srv://u:p@chat-pl-0.abcde.mongodb.net/d?RETRYWRITES=true&w=majority",
        "mongodb+srv://chat.abcde.mongodb.net/d?authSource=%24external&authMechanism=MONGODB-AWS&" + GOOD,
    ],
)
def test_a_right_uri_passes_in_every_spelling_that_drivers_take(tmp_path: Path, uri: str) -> None:
    result = check(written(tmp_path, MONGO_URI=uri))
    assert result.exit_code == 0, f"A right URI is refused:\n{result.output}"


def test_development_may_fail_open_and_use_a_server_on_the_own_machine(tmp_path: Path) -> None:
    relaxed = {
        "MONGO_URI": "mongodb://localhost:27017/chatdb?" + GOOD,
        "MONGO_USE_TLS": "false",
        "REDIS_TLS": "false",
        "AWS_SECRETS_FAIL_OPEN": "true",
    }
    assert check(written(tmp_path, **relaxed), "--tier", "development").exit_code == 0
    assert check(written(tmp_path, **relaxed)).exit_code == 2, "Without --tier, production's rules count."
    far = written(tmp_path, MONGO_URI="mongodb://u:p@db.company.com/chatdb?" + GOOD)
    assert check(far, "--tier", "development").exit_code == 2, "A password would cross the network in clear."


def test_with_iam_the_cache_password_may_be_absent_and_only_then(tmp_path: Path) -> None:
    file = written(tmp_path, REDIS_PASSWORD=None)
    assert check(file, "--iam").exit_code == 0
    assert check(file).exit_code == 2


def test_all_problems_come_at_once_with_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "service.env"
    file.write_text("# comment\nexport REDIS_PORT = 'x'\nnot a line\nREDIS_PORT=1\n\nREDIS_TLS=\"yes\" # really\n")
    found = check(file).output
    for place in ("2:8", "3:1", "4:1", "6:1"):
        assert f"  {place}  " in found, f"No problem at {place}:\n{found}"
    assert "MONGO_URI" in found, "Missing variables are not told together with wrong lines."


def test_quoted_values_may_span_lines_and_an_open_quote_is_one_problem(tmp_path: Path) -> None:
    file = written(tmp_path)
    right = file.read_text()
    file.write_text(f"PRIVATE_KEY=\"-----BEGIN\n{CANARY}\n-----END\" # a comment\r\n{right}MONGO_POOL_SIZE='25'\n")
    assert check(file).exit_code == 0, "A key over several lines, which every library reads, is refused."
    file.write_text(right.replace("REDIS_HOST=", 'REDIS_HOST="'))
    found = check(file)
    assert "REDIS_HOST" in found.output and "ends with one" in found.output
    assert "1 problem." in found.output, "The lines below an open quote are taken for a part of it."
    assert CANARY not in found.output


def test_the_running_process_is_checked_and_other_programs_variables_are_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in definition().by_name():
        monkeypatch.delenv(name, raising=False)
    for name, value in RIGHT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("REDIS_SERVICE_HOST", "10.0.0.1")
    result = CliRunner().invoke(app, ["env", "check", "--process"])
    assert result.exit_code == 0, f"Kubernetes' own variables are taken for mistakes:\n{result.output}"
    monkeypatch.setenv("REDIS_PORT", "tcp://10.0.0.1:6379")
    result = CliRunner().invoke(app, ["env", "check", "--process"])
    assert (result.exit_code, "10.0.0.1" in result.output) == (2, False)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"A=" + b"x" * 2_000_000])
def test_a_file_that_is_no_environment_is_a_clear_error(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "binary.env"
    file.write_bytes(content)
    for path in (file, tmp_path, tmp_path / "absent"):
        result = check(path)
        assert result.exit_code == 2
        assert "Traceback" not in result.output
        assert len(result.output.splitlines()) == 1, "The error is not one clear line."


NAMES = st.sampled_from([*definition().by_name(), "MONGO_POOLSIZE", "redis_host", "OTHER"])
VALUES = st.text(max_size=40).map(lambda text: f"{text}{CANARY}{text}")


@given(environment=st.dictionaries(NAMES, VALUES), tier=st.sampled_from(Tier))
@settings(max_examples=300)
def test_no_problem_ever_holds_a_value(environment: dict[str, str], tier: Tier) -> None:
    entries = {name: Entry(value, 1, 1) for name, value in environment.items()}
    found = list(problems(entries, definition(), tier=tier))
    assert CANARY not in repr(found), "A value, perhaps a password in the wrong variable, would be printed."
    assert CANARY not in repr(entries), "A value would be printed with a traceback's locals."


@given(text=st.text(max_size=300))
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_gives_entries_or_problems_with_rule_and_remedy(text: str) -> None:
    entries, found = parse(text)
    found += problems(entries, definition(), tier=Tier.PRODUCTION)
    assert all(problem.rule and problem.remedy for problem in found), "A problem without rule or remedy helps nobody."
