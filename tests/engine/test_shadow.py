"""What a program writes into its tree is there for it, and for nobody after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dolmen.engine import evaluate
from dolmen.engine.plan import Failure

HEAD = """
import os, pathlib, shutil, zipfile, tempfile, json, pulumi, io
here = pathlib.Path(__file__).parent
"""
WRITES = {
    "a new file": "pathlib.Path('new').write_text('x'); result = open('new').read() + str(os.path.exists('new'))",
    "a file with an absolute path": "(here / 'new').write_text('x'); result = (here / 'new').read_text()",
    "over a file": "open('kept.txt', 'w').write('other'); result = open('kept.txt').read()",
    "at the end of a file": "open('kept.txt', 'a').write('+'); result = open('kept.txt').read()",
    "in the middle of a file": "f = open('kept.txt', 'r+'); f.seek(1); f.write('X'); f.close(); result = open('kept.txt').read()",
    "a folder": "os.makedirs('a/b/c'); open('a/b/c/d', 'w').write('x'); result = sorted(os.listdir('.')) + os.listdir('a/b/c')",
    "a removed file": "os.remove('kept.txt'); result = [os.path.exists('kept.txt'), sorted(os.listdir('.'))]",
    "a removed and written file": "os.remove('kept.txt'); open('kept.txt', 'x').write('again'); result = open('kept.txt').read()",
    "a moved file": "os.rename('kept.txt', 'moved.txt'); result = [open('moved.txt').read(), os.path.exists('kept.txt')]",
    "a replaced file": "open('n', 'w').write('n'); os.replace('n', 'kept.txt'); result = open('kept.txt').read()",
    "a copied tree": "shutil.copytree('folder', 'copy'); result = sorted(str(p) for p in pathlib.Path('copy').rglob('*'))",
    "a removed tree": "shutil.copytree('folder', 'copy'); shutil.rmtree('copy'); result = os.path.exists('copy')",
    "a zip": "z = zipfile.ZipFile('app.zip', 'w'); z.write('kept.txt'); z.close(); result = zipfile.ZipFile('app.zip').namelist()",
    "an archive of a folder": "result = os.path.basename(shutil.make_archive('out', 'zip', 'folder')); result += str(os.path.getsize('out.zip') > 0)",
    "an exclusive file that is there": "\ntry:\n    open('kept.txt', 'x')\nexcept FileExistsError:\n    result = 'refused'",
    "a file in no folder": "\ntry:\n    open('none/x', 'w')\nexcept FileNotFoundError:\n    result = 'refused'",
    "a link": "os.symlink('kept.txt', 'link'); result = os.path.islink('link')",
    "a mode": "os.chmod('kept.txt', 0o600); result = oct(os.stat('kept.txt').st_mode & 0o777)",
    "a file through a descriptor": "f = os.open('new', os.O_CREAT | os.O_WRONLY); os.write(f, b'x'); os.close(f); result = open('new').read()",
    "a temporary file in the tree": "d = tempfile.mkdtemp(dir='.'); open(d + '/x', 'w').write('x'); result = len(os.listdir(d))",
    "names that a pattern finds": "open('b.txt', 'w').close(); result = sorted(p.name for p in pathlib.Path('.').glob('*.txt'))",
    "a walk": "os.mkdir('w'); open('w/f', 'w').close(); result = [(os.path.basename(a), sorted(b), sorted(c)) for a, b, c in os.walk('w')]",
    "a folder to go to": "os.mkdir('w'); os.chdir('w'); open('f', 'w').write('x'); result = open('f').read()",
}  # fmt: skip


def tree(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
        if "__pycache__" not in path.parts
    }


def project(folder: Path, program: str) -> Path:
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "kept.txt").write_text("kept")
    (folder / "folder").mkdir()
    (folder / "folder/inner").write_text("inner")
    (folder / "__main__.py").write_text(f"{HEAD}{program}\npulumi.export('result', json.dumps(result))\n")
    return folder


@pytest.mark.parametrize("what", WRITES)
def test_a_program_finds_what_it_wrote_and_the_tree_is_as_before(tmp_path: Path, what: str) -> None:
    folder = project(tmp_path / "project", WRITES[what])
    before = tree(folder)
    (plan,) = evaluate(folder, ["dev"])
    assert plan.failure is None, plan.failure
    assert tree(folder) == before, "a plan changes the tree that it is of"
    told = {note.detail for note in plan.notes if note.kind == "warning"}
    if "refused" not in str(plan.outputs["result"]):
        assert any("whenever it is evaluated" in detail for detail in told), f"nobody learns of it: {plan.notes}"
    # In a tree of its own, without this package, the program finds the same.
    scope: dict[str, object] = {"__file__": str(project(tmp_path / "free", WRITES[what]) / "__main__.py")}
    assert plan.outputs["result"] == without(tmp_path / "free", WRITES[what], scope), (
        "it finds something else than without"
    )


def without(folder: Path, program: str, scope: dict[str, object]) -> str:
    import json
    import os

    here = os.getcwd()  # noqa: PTH109
    os.chdir(folder)
    try:
        exec(f"{HEAD}{program}", scope)
    finally:
        os.chdir(here)
    return json.dumps(scope["result"])


def test_two_stacks_do_not_see_what_the_other_wrote(tmp_path: Path) -> None:
    program = "result = os.path.exists('mark'); open('mark', 'w').close()"
    for plan in evaluate(project(tmp_path / "project", program), ["a", "b", "c"], jobs=1):
        assert plan.failure is None and plan.outputs["result"] == "false"


def test_paths_of_a_deep_tree_are_looked_up_once_for_each_folder(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*"abcdefghijklmnopqrst")
    deep.parent.mkdir(parents=True)
    program = "\nopen('new', 'w').close()\nresult = os.path.realpath('new') == str(here / 'new')"
    (plan,) = evaluate(project(deep, program), ["dev"])
    assert plan.outputs.get("result") == "true", (
        "each folder above doubles what a look at a file costs, until time is up"
    )


def test_an_archive_that_a_program_made_is_hashed(tmp_path: Path) -> None:
    program = (
        "open('new.txt', 'w').write('x'); import pulumi_aws as aws\n"
        "aws.s3.BucketObject('it', bucket='b', source=pulumi.FileAsset('new.txt')); result = 1"
    )
    (plan,) = evaluate(project(tmp_path / "project", program), ["dev"])
    assert plan.failure is None, plan.failure
    source = next(one for one in plan.resources if one.name == "it").inputs["source"]
    assert getattr(source, "fingerprint", None), f"a generated file is not compared: {source}"
    assert not isinstance(source, Failure)
