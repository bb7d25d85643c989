"""`dolmen plan` as a person meets it: what is printed, where, and the exit code."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.small_project import ROOT, dolmen, write_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path)


def test_every_stack_with_a_file_is_planned(project: Path) -> None:
    done = dolmen(project, "plan")
    assert done.returncode == 0, done.stderr
    assert re.findall(r"^(\w+)  ·  1 to create", done.stdout, re.M) == ["production", "staging"]


def test_output_fits_eighty_columns_without_a_terminal_and_has_no_colours(project: Path) -> None:
    done = dolmen(ROOT, "plan", "production")
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "\x1b" not in done.stdout, "control sequences would fill a job's log"


def test_details_end_with_what_was_asked_as_a_lookups_file(project: Path) -> None:
    (project / "__main__.py").write_text("import pulumi_aws as aws\naws.ec2.get_vpc(id='vpc-1')\n")
    shown = dolmen(project, "plan", "staging", "--details").stdout
    block = shown[shown.index("    aws:ec2/getVpc:getVpc:") :]
    (project / "lookups.yaml").write_text(block.replace("result: {}", "result: {cidrBlock: 10.1.0.0/16}"))
    again = dolmen(project, "plan", "staging", "--details", "--lookups", "lookups.yaml")
    assert again.returncode == 0, again.stderr
    assert "getVpc" not in again.stdout, "what was copied from the plan does not answer it"


def test_an_unknown_stack_gets_the_nearest_name(project: Path) -> None:
    done = dolmen(project, "plan", "prodution")
    assert done.returncode == 2, "a typing mistake is wrong input"
    assert "Did you mean production?" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_stack_without_a_file_can_be_planned_on_purpose(project: Path) -> None:
    done = dolmen(project, "plan", "preview-7", "--without-file")
    assert done.returncode == 0, done.stderr
    assert "length 32" in done.stdout


def test_a_program_that_refuses_its_configuration_exits_2_with_its_message_alone(project: Path) -> None:
    (project / "stacks" / "Pulumi.staging.yaml").write_text("config:\n  shop:size: 500\n")
    done = dolmen(project, "plan")
    assert done.returncode == 2
    assert "size is at most 128" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert "production  ·  1 to create" in done.stdout, "the other stacks are still planned"


def test_a_program_error_exits_1_and_shows_the_programs_own_frames(project: Path) -> None:
    (project / "stacks" / "Pulumi.staging.yaml").write_text("config:\n  shop:size: 7\n")
    done = dolmen(project, "plan", "staging")
    assert done.returncode == 1
    assert "__main__.py" in done.stderr and "KeyError" in done.stderr
    assert "site-packages" not in done.stderr and "dolmen/engine" not in done.stderr, "frames that nobody can mend"


def test_a_malformed_stack_file_exits_2_with_its_place(project: Path) -> None:
    (project / "stacks" / "Pulumi.staging.yaml").write_text("config:\n  shop:size: [\n")
    done = dolmen(project, "plan")
    assert done.returncode == 2
    assert "stacks/Pulumi.staging.yaml has 1 problem" in done.stderr


def test_no_project_here_is_said_in_one_line(tmp_path: Path) -> None:
    done = dolmen(tmp_path, "plan")
    assert done.returncode == 2
    assert "no Pulumi.yaml" in done.stderr and "Traceback" not in done.stderr


def test_json_is_versioned_and_holds_every_resource(project: Path) -> None:
    done = dolmen(project, "plan", "staging", "--json")
    assert done.returncode == 0
    read = json.loads(done.stdout)
    assert read["version"] == 1
    (plan,) = read["plans"]
    password = next(r for r in plan["resources"] if r["type"].endswith("RandomPassword"))
    assert password["inputs"]["length"] == 24
    assert password["source"]["file"] == "__main__.py"


def test_json_holds_failures_too(project: Path) -> None:
    (project / "stacks" / "Pulumi.staging.yaml").write_text("config:\n  shop:size: 500\n")
    done = dolmen(project, "plan", "staging", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["plans"][0]["failure"]["kind"] == "refused"


def test_secrets_in_a_stack_file_are_neither_decrypted_nor_asked_for(project: Path) -> None:
    (project / "__main__.py").write_text(
        "import pulumi, pulumi_random as random\n"
        "token = pulumi.Config().require_secret('token')\n"
        "random.RandomPassword('login', length=20, keepers={'token': token})\n"
        "pulumi.export('token', token)\n"
    )
    (project / "stacks" / "Pulumi.staging.yaml").write_text("config:\n  shop:token:\n    secure: v1:CANARY:CANARY\n")
    done = dolmen(project, "plan", "staging", "--json")
    assert done.returncode == 0, done.stderr
    assert "CANARY" not in done.stdout + done.stderr
    (plan,) = json.loads(done.stdout)["plans"]
    assert plan["outputs"]["token"] == {"$secret": True}


def test_our_own_production_plan_shows_what_matters() -> None:
    done = dolmen(ROOT, "plan", "production")
    assert done.returncode == 0, done.stderr
    for words in ("M20 × 3", "MongoDB 8.0", "cache.r7g.large", "Valkey 9.0", "chat-app", "assumed"):
        assert words in done.stdout, f"{words!r} is missing from the plan"


LOGGING = """
import pulumi

pulumi.log.warn("The first line.\\n  The second one\\x1b[31m.\\n")
"""


def test_a_warning_of_several_lines_reads_as_one(project: Path) -> None:
    (project / "__main__.py").write_text(LOGGING)
    done = dolmen(project, "plan", "production", COLUMNS="200")
    assert done.returncode == 0, done.stderr
    assert "The first line. The second one" in done.stdout, "the reader sees code points between the words"
    assert "\x1b[31m" not in done.stdout, "a program could write over the report"
    assert "001b" in done.stdout.lower(), "what the program tried is not shown"
