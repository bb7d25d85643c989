"""Pull requests that try to be compared with nothing, or with something else."""

from __future__ import annotations

from tests.review.hostile.case import Case
from tests.review.hostile.judges import both, downgrade, dropped
from tests.review.hostile.repositories import PROJECT, Tree, stack

DEV, PROD = "stacks/Pulumi.dev.yaml", "stacks/Pulumi.prod.yaml"


def moved_project(tree: Tree) -> None:
    for name in ("Pulumi.yaml", "__main__.py", DEV, PROD):
        tree.move(name, f"platform/{name}")


def other_main(tree: Tree) -> None:
    tree.write("Pulumi.yaml", f"{PROJECT}main: other\n")
    tree.write("other/__main__.py", (tree.root / "__main__.py").read_text().split("Raw(CACHE")[0])


def other_folder(tree: Tree) -> None:
    tree.write("Pulumi.yaml", PROJECT.replace("stacks", "config"))
    tree.move(DEV, "config/Pulumi.dev.yaml")
    tree.write("config/Pulumi.prod.yaml", stack(16, "7.2"))


def filters(tree: Tree) -> None:
    """Everything by which a repository could make Git run something, or see no difference."""
    script = tree.root / ".git" / "evil"
    script.write_text(f"#!/bin/sh\ntouch {tree.root}/.git/ran\ngit show main:{PROD}\n")
    script.chmod(0o755)
    hook = tree.root / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(script.read_text())
    hook.chmod(0o755)
    for key in ("filter.evil.smudge", "filter.evil.clean", "diff.evil.textconv", "diff.evil.command", "core.fsmonitor"):
        tree.git("config", key, str(script))
    tree.write("Ran.py", "")


def submodule(tree: Tree) -> None:
    inner = Tree(tree.root.parent / "inner")
    inner.root.mkdir(exist_ok=True)
    inner.git("init", "-q", "-b", "main")
    inner.write("size.py", "LENGTH = 12\n")
    inner.commit("one")
    tree.git("submodule", "add", "-q", str(inner.root), "shared")


def submodule_moves(tree: Tree) -> None:
    inner = Tree(tree.root / "shared")
    inner.write("size.py", "LENGTH = 40\n")
    inner.commit("two")


def another_main(tree: Tree) -> None:
    """A tag that would go before the branch of the same name."""
    downgrade(tree)
    tree.commit("change")
    tree.git("tag", "main")


def inner_project(tree: Tree) -> None:
    tree.write("shop/Pulumi.yaml", PROJECT)
    tree.write("shop/__main__.py", (tree.root / "__main__.py").read_text())
    tree.write("shop/stacks/Pulumi.prod.yaml", stack())


NOT_COMPARED = "so nothing is compared"

CASES = [
    Case("a stack file that is removed deletes nothing, and what becomes of the stack is not known", lambda tree: tree.remove(PROD), ("prod: its stack file goes, the stack stays deployed", "stays deployed, undescribed", "pulumi destroy -s prod"), fail_on=("unknown",), never=("deleted",)),
    Case("a stack file that is removed loses no data", lambda tree: tree.remove(PROD), ("stays deployed",), 0),
    Case("a change that removes every stack file is compared with nothing", lambda tree: (tree.remove(DEV), tree.remove(PROD)), ("No stack is compared",), first="No stack is compared"),
    Case("a stack file that is renamed leaves the stack behind", lambda tree: tree.move(PROD, "stacks/Pulumi.production.yaml"), ("production: its file was prod's, which stays deployed", "pulumi stack rename production -s prod"), fail_on=("unknown",)),
    Case("a stack file whose name changes its case is renamed, too", lambda tree: tree.move(PROD, "stacks/Pulumi.Prod.yaml"), ("Prod: its file was prod's",), fail_on=("unknown",)),
    Case(
        "a stack file that is renamed beyond recognition is not compared",
        lambda tree: (tree.remove(PROD), tree.write("stacks/Pulumi.production.yaml", "# Written anew.\n" + stack(16, "7.2", "  shop:a: b\n  shop:c: d\n"))),
        ("production: no stack file in the base", "prod: its stack file goes", "length 16"),
        first="production: no stack file in the base",
        never=("created, created",),
    ),
    Case(
        "a stack that is added is held against the base's program, too",
        both(dropped, lambda tree: tree.write("stacks/Pulumi.test.yaml", stack())),
        ("test: no stack file in the base", "the base's program gives other resources: − ReplicationGroup `cache`"),
    ),
    Case("a project that moves to another folder is not compared", moved_project, ("the project lies in platform, and in the base it lies in the repository's root",), arguments=("-C", "platform"), first="Nothing is compared"),
    Case("a base that cannot run is not compared", lambda tree: tree.edit("__main__.py", "raise SystemExit(3)\n", ""), (f"dev, prod: the base cannot be evaluated, {NOT_COMPARED}",), before=lambda tree: tree.edit("__main__.py", "config = ", "raise SystemExit(3)\nconfig = "), first="dev, prod: the base cannot be evaluated"),
    Case("a base without a project is not compared", lambda tree: tree.write("Pulumi.yaml", PROJECT), ("the base has no usable Pulumi project",), before=lambda tree: tree.remove("Pulumi.yaml"), first="Nothing is compared"),
    Case("another program that drops the cache is compared", other_main, ("`main`", "cache is deleted"), arguments=("--fail-on", "replacement")),
    Case("stack files that move with another folder's name are compared", other_folder, ("`stackConfigDir`", "data is lost")),
    Case("an interpreter that the change brings is not compared", lambda tree: (tree.write("Pulumi.yaml", PROJECT.replace("python", "{name: python, options: {virtualenv: own}}")), tree.write("own/bin/python", "#!/bin/sh\necho nothing changes; exit 0\n"), (tree.root / "own/bin/python").chmod(0o755)), ("what it changes is not compared", "`runtime.options.virtualenv`")),
    Case("other packages that cannot be installed are not compared", lambda tree: tree.write("poetry.lock", "# other\n"), ("The base was evaluated with the head's packages",), before=lambda tree: tree.write("poetry.lock", "# one\n"), first="The base was evaluated with the head's packages"),
    Case("a project that takes another name leaves everything behind", lambda tree: tree.edit("Pulumi.yaml", "shop", "store"), ("what is deployed as shop stays deployed",), before=lambda tree: tree.edit("__main__.py", "pulumi.Config()", 'pulumi.Config("shop")'), first="The project is called store here and shop in the base"),
    Case("another backend knows nothing of what is deployed", lambda tree: tree.write("Pulumi.yaml", f"{PROJECT}backend:\n  url: file:///tmp\nplugins:\n  providers: [{{name: aws, path: own}}]\n"), ("The project file names another backend", "`backend`, `plugins` of the project file"), first="The project file names another backend"),
    Case("a folder that becomes a link to another project is not replaced by it", lambda tree: (tree.move("shop", "other"), tree.link("shop", "other")), ("shop has no project file here, and the base has one",), 2, before=inner_project, arguments=("-C", "shop")),
    Case("a project in another language is refused", lambda tree: tree.edit("Pulumi.yaml", "python", "nodejs"), ("runtime is nodejs",), 2),
    Case("a submodule that moves is not compared", submodule_moves, ("The submodule shared stands at another commit",), before=submodule, first="The submodule shared"),
    Case("filters, text conversions and hooks hide nothing and run nothing", both(filters, downgrade, lambda tree: tree.write(".gitattributes", "* filter=evil diff=evil\n")), ("data is lost",)),
    Case("a stack file that leads out of the repository is refused", lambda tree: tree.link(PROD, "/etc/hostname"), ("stacks/Pulumi.prod.yaml leads out of the repository",), 2),
    Case("a folder of stack files outside the repository is refused", lambda tree: tree.write("Pulumi.yaml", PROJECT.replace("stacks", "/etc")), ("leads out of the repository",), 2),
    Case("a stack that is asked for and renamed is not passed over", lambda tree: tree.move(PROD, "stacks/Pulumi.production.yaml"), ("prod: its stack file goes",), arguments=("prod",), first="No stack is compared"),
    Case("a project that goes is not replaced by the one above it", lambda tree: (tree.remove("shop/Pulumi.yaml"), tree.remove("shop/__main__.py")), ("shop has no project file here, and the base has one",), 2, before=inner_project, arguments=("-C", "shop")),
    Case("a stack that is nowhere is refused", downgrade, ("There is no stack 'nosuch'", "Stacks here: dev, prod"), 2, arguments=("nosuch",)),
    Case("a base that reads like an option is refused", downgrade, ("names no commit",), 2, base="-x"),
    Case("a base that is the name of a file is refused", downgrade, ("names no commit",), 2, base="Pulumi.yaml"),
    Case("a base that means a tag and a branch is refused", another_main, ("refs/heads/main and refs/tags/main", "Name one of them in full"), 2),
]  # fmt: skip
