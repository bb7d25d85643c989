"""A component that another process builds has in a plan what the engine makes of it, inside and out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.end_to_end.differential import differences, offline_view, real_view
from tests.end_to_end.engine import Engine
from tests.end_to_end.offline import plan_of

pytestmark = pytest.mark.engine
PROGRAM = Path(__file__).parent.parent / "programs/built_component"

MARKED = """
def mark(args):
    if "RandomPet" in args.type_:
        return pulumi.ResourceTransformResult({**args.props, "separator": "+"}, args.opts)
    if args.type_ == "boxes:index:Box":
        return pulumi.ResourceTransformResult({**args.props, "length": 99}, args.opts)
"""
VARIANTS = {
    "as it is": "",
    "with a transform of the stack": f"{MARKED}\npulumi.runtime.register_resource_transform(mark)\n",
    "with a transform of one component": f"{MARKED}\nBox('marked', length=21, inner=True, remote=True, "
    "opts=pulumi.ResourceOptions(transforms=[mark]))\n",
}


@pytest.mark.parametrize("more", VARIANTS.values(), ids=VARIANTS)
def test_what_a_package_builds_is_what_the_engine_previews(more: str, tmp_path: Path, warm: str) -> None:
    shutil.copytree(PROGRAM, tmp_path / "project")
    program = tmp_path / "project/__main__.py"
    program.write_text(program.read_text().replace("elsewhere = aws", f"{more}\nelsewhere = aws"))
    with Engine(tmp_path / "project", tmp_path, warm=warm) as engine:
        engine.configure({"aws:region": "eu-west-1"}, {})
        real = real_view(engine, tmp_path)
        plan = plan_of(engine.project, engine.stack, tmp_path)
    assert plan.failure is None, plan.failure
    assert sum("boxes:index:Box$" in one.urn for one in plan) > 30, "nothing was built"
    assert list(differences(real, offline_view(plan))) == []
