"""`--env NAME`: a program sees a variable when its name is given, and what it says never shows the value."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from dolmen.review import formats
from tests.cli.small_project import dolmen, write_project
from tests.review.test_base import commit, run

CANARY = "canary-7Qx2LmZ9-given"
OTHER = "canary-4Rt8WkP1-other"
KEY = json.dumps({"id": 1, "private": "canary-6Yh3NcV5-inside"})
FORMATS = formats.names()

SAYS_ALL = """
import base64, json, os, sys, pulumi, pulumi_random as random

token = os.environ.get("TOKEN", "no token at all")
print("printed", token)
print(base64.b64encode(token.encode()).decode(), file=sys.stderr)
pulumi.log.warn(f"logged {token}")
random.RandomPet("pet", prefix=token, keepers={token: "key", "joined": f"a{token}z", "inside": json.loads(os.environ.get("KEY", '{"private": 1}'))["private"]})
random.RandomPet(f"named-{token}")
random.RandomPet.get("read", token)
pulumi.export("token", {"nested": [token]})
pulumi.export(token, os.environ.get("UNNAMED", "UNNAMED is not there"))
"""
FAILS = """
import os
print("printed", os.environ["TOKEN"])
raise ValueError("no such login: " + os.environ["TOKEN"])
"""
DIES = """
import os
print("printed", os.environ["TOKEN"], flush=True)
os._exit(3)
"""


def project(folder: Path, program: str) -> Path:
    write_project(folder)
    (folder / "stacks/Pulumi.production.yaml").unlink()
    run(folder, "git", "init", "-q", "-b", "main")
    commit(folder, "base")
    (folder / "__main__.py").write_text(program)
    return folder


def spellings(secret: str) -> tuple[str, ...]:
    return secret, base64.b64encode(secret.encode()).decode()


def assert_unseen(text: str, *secrets: str) -> None:
    for secret in secrets:
        for spelling in spellings(secret):
            assert spelling not in text, "a credential of the job would stand in a comment that everybody reads"


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("against", [(), ("--base", "HEAD")], ids=["plan", "review"])
def test_a_passed_value_stands_in_no_format(tmp_path: Path, form: str, against: tuple[str, ...]) -> None:
    folder = project(tmp_path, SAYS_ALL)
    done = dolmen(
        folder, "plan", *against, "--format", form, "--env", "TOKEN", "--env", "KEY",
        TOKEN=CANARY, KEY=KEY, UNNAMED=OTHER,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert_unseen(done.stdout + done.stderr, CANARY, OTHER, "canary-6Yh3NcV5-inside")
    assert form == "json" or "[secret:" not in done.stdout, "the mark that compares two secrets is not for readers"


def test_a_value_that_the_tree_says_openly_is_shown(tmp_path: Path) -> None:
    folder = project(tmp_path, "import os, pulumi\npulumi.export('all', [os.environ['STAGE'], os.environ['AREA']])\n")
    (folder / "stacks/Pulumi.staging.yaml").write_text("config:\n  shop:area: eu-central-1\n")
    done = dolmen(folder, "plan", "--json", "--env", "STAGE", "--env", "AREA", STAGE="staging", AREA="eu-central-1")
    (plan,) = json.loads(done.stdout)["plans"]
    assert plan["outputs"]["all"] == ["staging", "eu-central-1"], "nothing is hidden, and prices of a region get lost"
    assert "::pulumi:pulumi:Stack::shop-staging" in plan["resources"][0]["urn"], "every name would be masked"


@pytest.mark.parametrize("program", [FAILS, DIES], ids=["raises", "dies"])
def test_a_passed_value_stands_in_no_failure(tmp_path: Path, program: str) -> None:
    for form in FORMATS:
        done = dolmen(tmp_path if form != FORMATS[0] else project(tmp_path, program), "plan", "--format", form, "--env", "TOKEN", TOKEN=CANARY)  # fmt: skip
        assert done.returncode == 1, done.stdout
        assert_unseen(done.stdout + done.stderr, CANARY)


def test_a_program_sees_what_is_named_and_nothing_else(tmp_path: Path) -> None:
    folder = project(tmp_path, SAYS_ALL)
    (folder / "__main__.py").write_text("import os, pulumi\npulumi.export('seen', sorted(os.environ))\n")
    seen = json.loads(dolmen(folder, "plan", "--json", "--env", "TOKEN", TOKEN=CANARY, UNNAMED=OTHER).stdout)
    names = seen["plans"][0]["outputs"]["seen"]
    assert "TOKEN" in names, "what is named must be there"
    assert "UNNAMED" not in names, "a credential that nobody passed reached somebody else's program"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("UNSET_HERE", "UNSET_HERE is not set here"),
        ("TOKEN=secret-value", "--env takes a name alone"),
        ("two words", "'two words' is none"),
        ("HOME", "its own HOME"),
        ("PYTHONPATH", "not passed"),
        ("LD_PRELOAD", "not passed"),
    ],
)
def test_a_name_that_cannot_be_passed_is_refused_in_one_line(tmp_path: Path, name: str, said: str) -> None:
    write_project(tmp_path)
    done = dolmen(tmp_path, "plan", "--env", name, TOKEN=CANARY)
    assert done.returncode == 2, "a flag that cannot be honoured must not be read over"
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "secret-value" not in done.stderr, "a value that was given by mistake would stand in the job's log"


ADVICE = "STAGE is not set for the program, which sees nothing of the environment but what it is passed: `--env STAGE`."


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("os.environ['STAGE']", 1),
        ("os.getenv('STAGE').lower()", 1),
        ("if not os.environ.get('STAGE'): raise ValueError('STAGE must be set')", 1),
        ("if not os.environ.get('STAGE'): sys.exit('set STAGE first')", 1),
        ("if not os.environ.get('STAGE'): raise pulumi.RunError('STAGE?')", 2),
        ("try: os.environ['STAGE']\nexcept KeyError as error: raise RuntimeError('not configured') from error", 1),
        ("import pulumi_random as random; random.RandomPassword('a', length=os.getenv('STAGE'))", 1),
    ],
)
def test_a_program_that_fails_for_a_variable_leads_with_the_remedy(tmp_path: Path, program: str, code: int) -> None:
    folder = project(tmp_path, f"import os, sys, pulumi\n{program}\n")
    done = dolmen(folder, "plan", "--json", STAGE="production")
    assert done.returncode == code
    message = json.loads(done.stdout)["plans"][0]["failure"]["message"]
    assert message.splitlines()[0] == ADVICE, "the reader would look for the mistake in the program"


@pytest.mark.parametrize(
    "program",
    ["{}['STAGE']", "os.getenv('STAGE', '').lower(); {}['x']", "os.getenv('STAGE'); [][0]", "'STAGE'.nothing"],
)
def test_other_failures_are_not_blamed_on_the_environment(tmp_path: Path, program: str) -> None:
    folder = project(tmp_path, f"import os\n{program}\n")
    done = dolmen(folder, "plan", "--json", STAGE="production")
    assert "--env" not in done.stdout, "the advice leads away from the mistake"
