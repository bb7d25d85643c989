"""Of a huge repository only what the project needs is written out for the base, and nothing that it needs is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from dolmen.engine.project import read_project
from dolmen.review.command import review
from dolmen.review.report.model import Review
from dolmen.review.sides import git, needed
from dolmen.review.sides.base import base_commit
from dolmen.review.sides.evaluate import Settings
from tests.review.test_base import commit, run

OTHERS = ("services/chat/main.py", "services/mail/main.py", "shared/unused.json")
ALWAYS = {"README.md", "infra/notes.txt", "infra/shop/Pulumi.yaml", "infra/shop/__main__.py"}
READS = "import json, pulumi, pulumi_random as random\nlength = json.load(open({path}))['length']\n"
MAKES = "random.RandomPassword('login', length=length)\n"


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needed, "FEW", 1)


def repository(folder: Path, program: str, **more: str) -> Path:
    """A monorepo with the project in infra/shop."""
    files = {
        "README.md": "See ../elsewhere.\n",
        "infra/notes.txt": "",
        "infra/shop/Pulumi.yaml": "name: shop\nruntime: python\n",
        "infra/shop/Pulumi.production.yaml": "config: {}\n",
        "infra/shop/__main__.py": program,
        "shared/length.json": '{"length": 24}',
        **dict.fromkeys(OTHERS, "x = 1\n"),
        **more,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    run(folder, "git", "init", "-q", "-b", "main")
    commit(folder, "base")
    return folder


def checked_out(folder: Path) -> set[str]:
    found = git.repository(folder)
    at = git.commit(found, "HEAD")
    with git.worktree(found, at) as tree:
        needed.check_out(found, tree, at, "infra/shop/")
        files = [path for path in tree.rglob("*") if path.is_symlink() or path.is_file()]
        return {path.relative_to(tree).as_posix() for path in files} - {".git"}


def test_a_project_needs_its_folder_and_the_files_above_it(tmp_path: Path) -> None:
    program = 'import pathlib\nhere = pathlib.Path(__file__).parent / "x"\nfrom ..a import b\nprint("1..3", ...)\n'
    assert checked_out(repository(tmp_path, program)) == ALWAYS | {"infra/shop/Pulumi.production.yaml"}


def test_what_a_file_names_is_there_and_what_that_names(tmp_path: Path) -> None:
    folder = repository(
        tmp_path,
        'print(open("../../shared/length.json"), "../of-nobody")\n',
        **{
            "infra/shop/requirements.txt": "-r ../../requirements.txt\n",
            "requirements.txt": "-r locks/all.txt\n",
            "locks/all.txt": "pulumi\n",
            "infra/shop/deep/settings.yaml": "from: ../../network\n",
            "infra/network/main.py": 'X = "../../libs/one/x.py"\n',
            "libs/one/x.py": "import y\n",
            "libs/one/y.py": "import z\n",
            "libs/one/z.py": "",
            "libs/one/other.txt": "",
        },
    )
    found = checked_out(folder)
    assert found >= {"shared/length.json", "requirements.txt", "locks/all.txt", "infra/network/main.py"}
    assert found >= {"libs/one/x.py", "libs/one/y.py", "libs/one/z.py"}, "a module beside a named one would be missing"
    assert not found & {*OTHERS, "libs/one/other.txt"}


def test_what_a_link_leads_to_is_there(tmp_path: Path) -> None:
    folder = repository(tmp_path, "import lib\n", **{"libs/one/x.py": ""})
    (folder / "infra/shop/lib").symlink_to("../../libs/one")
    commit(folder, "link")
    assert "libs/one/x.py" in checked_out(folder)


@pytest.mark.parametrize(
    "line",
    [
        "ROOT = Path(__file__).parent.parent",
        "HERE = Path(__file__).parent\nROOT = HERE.parent",
        "ROOT = Path(__file__).parents[2]",
        "ROOT = Path.cwd().parent",
        "ROOT = os.path.dirname(os.path.dirname(__file__))",
        "ROOT = os.path.join(os.getcwd(), os.pardir)",
        'ROOT = Path("..")',
        'ROOT = Path("../..")',
        'ROOT = "../" + name',
        'ROOT = f"../{name}"',
        'FILES = glob("../*/x.json")',
        'ROOT = "deep/../../x"',
        'ROOT = "../../infra"',
    ],
)
def test_a_file_that_climbs_otherwise_may_need_everything(tmp_path: Path, line: str) -> None:
    assert checked_out(repository(tmp_path, line)) >= set(OTHERS), "what it reads would be missing in the base alone"


@pytest.mark.parametrize("size", [needed.FEW + 1])
def test_a_small_repository_is_checked_out_whole(tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needed, "FEW", size)
    assert checked_out(repository(tmp_path, "pass\n")) >= set(OTHERS)


def reviewed(folder: Path, *, keep: bool = False) -> Review:
    project = read_project(folder / "infra/shop")
    return review(project, None, base_commit(project.folder, "HEAD"), Settings(keep=keep))


@pytest.mark.parametrize(
    "path",
    ["'../../shared/length.json'", "'.' + './.' + './shared/length.json'"],
    ids=["a path that is named", "a path that is made"],
)
def test_a_base_is_compared_as_if_everything_were_there(tmp_path: Path, path: str) -> None:
    folder = repository(tmp_path, READS.format(path=path) + MAKES)
    (folder / "shared/length.json").write_text('{"length": 32}')
    report = reviewed(folder)
    assert not report.findings and not report.not_compared, "a base would seem broken for a file that was left out"
    (change,) = report.stacks[0].changes
    assert [(one.path, one.old, one.new) for one in change.properties] == [(("length",), 24, 32)]


@pytest.mark.parametrize("keep", [False, True], ids=["nothing is kept", "plans are kept"])
def test_an_asset_of_the_base_is_read_although_its_path_is_made(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, keep: bool
) -> None:
    tmp_path = tmp_path_factory.mktemp("monorepo")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    made = "import pulumi, pulumi_aws as aws\naws.s3.BucketObject('it', bucket='b', source=pulumi.FileAsset('.' + './.' + './shared/length.json'))\n"
    folder = repository(tmp_path, made)
    (folder / "shared/length.json").write_text('{"length": 32}')
    for _ in range(3 if keep else 1):
        (stack,) = reviewed(folder, keep=keep).stacks
        shown = [(one.subject.name, one.properties[0].difference.value) for one in stack.changes]
        assert shown == [("it", "updated")], "a change of the contents would go unseen"
