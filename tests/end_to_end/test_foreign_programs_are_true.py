"""Whatever a plan made up is marked: the rest of it is what the engine previews, where everything is known.

The engine's programs get real answers: the simulated clouds', those of a small AWS, decrypted configuration. The plan's
get none. A leaf that differs and has no mark would be read, and compared, as if somebody had chosen it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from dolmen.engine.plan import Plan
from tests.cloud.cloud import Cloud
from tests.end_to_end.differential import View, differences, offline_view, real_view
from tests.end_to_end.engine import Engine, write_program
from tests.end_to_end.offline import plan_of
from tests.end_to_end.test_plan_is_true import settings
from tests.end_to_end.world import World

pytestmark = pytest.mark.engine

PROGRAMS = Path(__file__).parent.parent / "programs"
FACTS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "aws:ec2/getVpc:getVpc": {
        "vpc-a": {"cidrBlock": "10.1.0.0/16", "default": True},
        "vpc-b": {"cidrBlock": "172.31.0.0/16", "default": False},
    },
    "aws:ec2/getSubnet:getSubnet": {"subnet-a": {"cidrBlock": "10.1.1.0/24", "defaultForAz": False}},
}


def told(cloud: Cloud) -> None:
    for token, facts in FACTS.items():
        cloud.facts[token] = {name: dict(fact) for name, fact in facts.items()}


def both(
    name: str, folder: Path, warm: str, lookups: Mapping[str, Any] | None = None, world: str = ""
) -> tuple[View, Plan]:
    """The engine's view of a program of `tests/programs`, and its plan."""
    program = PROGRAMS / name / "__main__.py"
    text = re.sub(r"^WORLD = .*$", f'WORLD = "{world}"', program.read_text(), flags=re.MULTILINE)
    with Engine(write_program(folder / "project", text), folder, warm=warm) as engine:
        told(engine.cloud)
        engine.configure({"aws:region": "eu-west-1"}, settings(program, "secret"))
        real = real_view(engine, folder)
        plan = plan_of(engine.project, engine.stack, folder, lookups)
    assert plan.failure is None, plan.failure
    return real, plan


def marked(line: str) -> bool:
    """Whether a difference says of the plan's side that it is made up."""
    return "‹" in line.rpartition(", the plan ")[2] or "<placeholder " in line or "<encrypted>" in line


def leaves(view: View) -> Iterator[str]:
    for facts in view.facts.values():
        yield from re.findall(r"‹[^›]*›|<placeholder [^>]*>|<encrypted>", str(facts.inputs))


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("encodes", 19),
        ("splits_networks", 18),
        ("counts", 11),
        ("keeps_objects", 8),
        ("writes_yaml", 5),
        ("coerces", 0),
    ],
)
def test_what_differs_from_the_engine_is_marked(name: str, least: int, tmp_path: Path, warm: str) -> None:
    real, plan = both(name, tmp_path, warm)
    offline = offline_view(plan)
    lies = [line for line in differences(real, offline) if not marked(line)]
    assert not lies, "made up, and not marked:\n" + "\n".join(lies)
    assert len(list(leaves(offline))) >= least, "next to nothing was made up: this shows nothing"


def test_what_boto3_answered_is_marked_and_a_given_answer_is_what_the_engine_has(tmp_path: Path, warm: str) -> None:
    with World() as world:
        real, plan = both("asks_aws", tmp_path / "assumed", warm, world=world)
        offline = offline_view(plan)
        lies = [line for line in differences(real, offline) if not marked(line)]
        assert not lies, "made up, and not marked:\n" + "\n".join(lies)
        assert len(list(leaves(offline))) >= 6, "next to nothing was made up: this shows nothing"
        image = {"Value": "ami-world", "Version": 3, "LastModifiedDate": "2023-11-14T22:13:20+00:00"}
        given = {
            "boto3:sts.get_caller_identity": {"result": {"Account": "210987654321"}},
            "boto3:ssm.get_parameter": {"result": {"Parameter": image}},
            "boto3:ssm.get_parameters_by_path": {"result": {"Parameters": [{"Value": "first"}, {"Value": "second"}]}},
        }
        real, plan = both("asks_aws", tmp_path / "given", warm, given, world)
    found = [line for line in differences(real, offline_view(plan)) if "keepers.since" not in line]  # in a local time
    assert found == [], "an answer of the lookups file is not what boto3 would have given"


def test_given_commands_and_pages_are_what_the_engine_has(tmp_path: Path, warm: str) -> None:
    with World() as world:
        given = {
            "command:echo": {"result": {"stdout": "v1.2.3\n"}},
            "http:GET": [
                {"arguments": {"url": f"{world}/address"}, "result": {"body": "192.0.2.1"}},
                {"arguments": {"url": f"{world}/nothing"}, "result": {"status": 404}},
                {"result": {"json": {"count": 4, "latest": "2"}}},
            ],
        }
        real, plan = both("asks_around", tmp_path, warm, given, world)
    assert differences(real, offline_view(plan)) == [], "an answer of the lookups file is not what the program got"


def test_a_missing_key_is_refused_in_the_engines_words(tmp_path: Path, warm: str) -> None:
    text = (PROGRAMS / "lacks_a_key" / "__main__.py").read_text()
    with Engine(write_program(tmp_path / "project", text), tmp_path, warm=warm) as engine:
        engine.configure({"small:length": "2"})
        said = " ".join(engine.preview(ok=False).shown.split())
        failure = plan_of(engine.project, engine.stack, tmp_path).failure
    assert failure is not None
    assert " ".join(failure.message.split()) in said, "the plan's words are not those that a deployment would print"
