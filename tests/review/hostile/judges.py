"""Pull requests that alter what judges them."""

from __future__ import annotations

from collections.abc import Mapping

from tests.review.hostile.case import Case
from tests.review.hostile.repositories import PACK, Change, Tree, accepted, entry, stack

LONG = ("30 characters are enough", "length")
"""What the base's pack says of a name of 40 characters."""
ALTERS = "This change alters what judges it"
REGISTER = "stacks/accepted.yaml"


def longer(tree: Tree) -> None:
    tree.write("stacks/Pulumi.prod.yaml", stack(40))


def downgrade(tree: Tree) -> None:
    tree.write("stacks/Pulumi.prod.yaml", stack(16, "7.2"))


def dropped(tree: Tree) -> None:
    tree.write("__main__.py", (tree.root / "__main__.py").read_text().split("Raw(CACHE")[0])


def accepts(*entries: Mapping[str, str]) -> Change:
    return lambda tree: tree.write(REGISTER, accepted(*entries))


def both(*changes: Change) -> Change:
    def change(tree: Tree) -> None:
        for one in changes:
            one(tree)

    return change


def removed_pack(tree: Tree) -> None:
    longer(tree)
    for name in ("PulumiPolicy.yaml", "__main__.py"):
        tree.remove(f"policies/{name}")


def pack_as_file(tree: Tree) -> None:
    removed_pack(tree)
    (tree.root / "policies").rmdir()
    tree.write("policies", "nothing\n")


def pack_elsewhere(tree: Tree) -> None:
    removed_pack(tree)
    (tree.root / "policies").rmdir()
    tree.link("policies", "/usr")


BROKEN = [entry(f"elasticache-{name}", "cache") for name in ("tls", "authentication", "subnet-group", "security-group")]
"""What the cache of the usual program breaks of Dolmen's own pack, in every tier."""
HOUSE_PACK = "from dolmen.policies import pack\n\npack()\n"
BESIDE = "import sys\nfrom pathlib import Path\nsys.path.insert(0, str(Path(__file__).parents[1]))\nimport limits\n"
ALL_OF_IT = [entry(what, "cache") for what in ("data-loss", "downtime", "replacement", "failure", "unknown")]
GUARDED = """
from pathlib import Path
import pulumi
from dolmen.stackfile import read_acceptances
if pulumi.Config().get("public") and not read_acceptances(Path("stacks/accepted.yaml")):
    raise pulumi.RunError("Nothing is public. Or accept it on record: what: no-public-access.")
"""
FAKE = "It is fine. [accepted until 2099-01-01: The security team agreed.]"
MARKUP = '"**ok** <b>ok</b> \\e[32mall checks passed\\e[0m `x` @everyone\\nnothing changes in 2 stacks"'

CASES = [
    Case("a policy pack that is removed still judges", removed_pack, (*LONG, "Removes the policy pack", ALTERS), fail_on=("policy",)),
    Case("a policy pack that is removed guards nothing any more", removed_pack, ("guards as much as before is not known (protection)", ALTERS), fail_on=("protection",)),
    Case("a policy pack that becomes a file still judges", pack_as_file, (*LONG, ALTERS), fail_on=("policy",)),
    Case("a policy pack that leads out of the repository is refused", pack_elsewhere, ("policies leads out of the repository",), 2),
    Case(
        "a policy that is weakened still judges as before",
        both(longer, lambda tree: tree.edit("policies/__main__.py", "> 30", "> 300")),
        (*LONG, "Changes the policy pack: `policies/__main__.py`. The base's judged."),
        fail_on=("policy",),
    ),
    Case(
        "a policy that becomes advice still stops",
        both(longer, lambda tree: tree.edit("policies/__main__.py", "MANDATORY", "ADVISORY")),
        (*LONG, "It weakens `length (mandatory → advisory)`"),
        fail_on=("policy",),
    ),
    Case(
        "a policy's configuration that becomes advice still stops",
        both(longer, lambda tree: tree.write("policies/policy-config.json", '{"all": "disabled"}')),
        (*LONG, "It weakens `length (mandatory → disabled)`"),
        fail_on=("policy",),
    ),
    Case(
        "a pack that ends the process does not end the review",
        both(longer, lambda tree: tree.write("policies/__main__.py", "import sys\nprint('ok')\nsys.exit(0)\n")),
        LONG,
        fail_on=("policy",),
    ),
    Case(
        "a new pack does not say ok of the change that brings it",
        lambda tree: (tree.write("policies/PulumiPolicy.yaml", "runtime: python\n"), tree.write("policies/__main__.py", PACK), longer(tree)),
        ("Brings a policy pack", ALTERS),
        0,
        before=lambda tree: (tree.remove("policies/PulumiPolicy.yaml"), tree.remove("policies/__main__.py")),
    ),
    Case(
        "a module beside the program that is called like one of the pack's is not the pack's",
        both(longer, lambda tree: (tree.write("limits.py", "LONGEST = 999\n"), tree.write("pulumi_policy.py", "raise SystemExit(0)\n"), tree.edit("__main__.py", "import pulumi", "import pulumi, limits"))),
        LONG,
        before=lambda tree: (tree.write("limits.py", "LONGEST = 30\n"), tree.write("policies/__main__.py", BESIDE + PACK.replace("> 30", "> limits.LONGEST"))),
        fail_on=("policy",),
    ),
    Case(
        "an acceptance of a policy that the change brings opens no gate",
        accepts(*BROKEN),
        ("Asks to accept `elasticache-tls` of `cache`", "4 mandatory"),
        before=lambda tree: tree.write("policies/__main__.py", HOUSE_PACK),
        fail_on=("policy",),
    ),
    Case(
        "an acceptance of a policy that the base has counts",
        lambda tree: tree.write("README.md", "Another shop.\n"),
        ("nothing changes in 1 stack",),
        0,
        before=both(lambda tree: tree.write("policies/__main__.py", HOUSE_PACK), accepts(*BROKEN)),
        fail_on=("policy",),
        never=("Traceback",),
    ),
    Case("an acceptance that the change brings opens no gate", both(downgrade, accepts(*ALL_OF_IT)), ("Asks to accept `data-loss` of `cache`", "it does not count in this review", "data-loss).")),
    Case(
        "an acceptance that the change brings counts where an owner says so",
        both(downgrade, accepts(*ALL_OF_IT)),
        ("Asks to accept `data-loss` of `cache`", "since the pipeline says so (--accept-new)"),
        0,
        arguments=("--accept-new",),
    ),
    Case(
        "an acceptance of the base counts, with its reason",
        downgrade,
        code=0,
        before=accepts(*ALL_OF_IT),
    ),
    Case(
        "an acceptance that is extended opens no gate",
        both(downgrade, accepts(*({**one, "until": entry("x", "x", days=300)["until"]} for one in ALL_OF_IT))),
        ("until", "instead of", "it does not count in this review"),
        before=accepts(*ALL_OF_IT),
    ),
    Case(
        "an acceptance that is widened to every resource opens no gate",
        both(downgrade, accepts(*({**one, "resource": '"*"'} for one in ALL_OF_IT))),
        ("Asks to accept `data-loss` of `*`", "No longer accepts `data-loss` of `name`"),
        before=accepts(*({**one, "resource": "name"} for one in ALL_OF_IT)),
    ),
    Case(
        "an acceptance that moves to another stack opens no gate",
        both(downgrade, accepts(*ALL_OF_IT)),
        ("in stack `prod`",),
        before=accepts(*({**one, "stack": "dev"} for one in ALL_OF_IT)),
    ),
    Case("an acceptance that is removed counts no more", both(downgrade, accepts()), ("No longer accepts `data-loss` of `cache`",), before=accepts(*ALL_OF_IT)),
    Case("an acceptance for ten years is refused", accepts(entry("data-loss", "cache", days=3650)), ("at most a year ahead", "accepted[0].until"), 2),
    Case(
        "a reason is a quotation, whatever it holds",
        both(downgrade, accepts(entry("data-loss", "cache", reason=MARKUP))),
        ("Its author writes: ``**ok** <b>ok</b> ‹U+001B›[32mall",),
        arguments=("--format", "markdown"),
        never=("\x1b", "\nnothing changes"),
    ),
    Case("a register that is a folder is refused", lambda tree: tree.write(f"{REGISTER}/x", "x"), ("This is a folder.",), 2),
    Case("a register that leads out of the repository is refused", lambda tree: tree.link(REGISTER, "/etc/hostname"), ("stacks/accepted.yaml leads out of the repository",), 2),
    Case("prices that lead out of the repository are refused", lambda tree: tree.link("stacks/prices.yaml", "/etc/hostname"), ("stacks/prices.yaml leads out of the repository",), 2),
    Case("a register that leads into Git's own files is refused", lambda tree: tree.link(REGISTER, "../.git/config"), ("leads out of the repository",), 2),
    Case(
        "a resource whose name reads like an acceptance is not accepted",
        both(longer, lambda tree: tree.edit("__main__.py", '"name"', f'"{FAKE}"')),
        LONG,
        fail_on=("policy",),
        never=("accepted: ", "Accepted until"),
    ),
    Case(
        "a stack check that only the change accepts still refuses",
        lambda tree: (tree.write("stacks/Pulumi.prod.yaml", stack(16, more="  shop:public: yes\n")), accepts(entry("no-public-access", "cache"))(tree)),
        ("Nothing is public.", "Accepted in this change only (stacks/accepted.yaml:2)", "--accept-new"),
        before=lambda tree: tree.write("__main__.py", GUARDED + (tree.root / "__main__.py").read_text()),
    ),
    Case(
        "answers to lookups are the base's",
        both(longer, lambda tree: tree.write("lookups.yaml", "x:y/z:z: {result: {a: 2}}\n")),
        ("Changes answers to lookups: `lookups.yaml`. The base's count",),
        before=lambda tree: tree.write("lookups.yaml", "x:y/z:z: {result: {a: 1}}\n"),
        fail_on=("policy",),
        arguments=("--lookups", "lookups.yaml"),
    ),
    Case("a pipeline that is changed is told", both(downgrade, lambda tree: tree.write(".github/workflows/review.yaml", "on: push\n")), ("Changes pipelines", "`.github/workflows/review.yaml`", ALTERS)),
    Case("a Makefile that runs the review and is changed is told", both(downgrade, lambda tree: tree.write("Makefile", "review:\n\ttrue\n")), ("Changes pipelines", "`Makefile`"), before=lambda tree: tree.write("Makefile", "review:\n\tdolmen plan --base main\n")),
    Case(
        "acceptances that the branch of the base withdrew count no more",
        lambda tree: (tree.git("checkout", "-q", "main"), tree.remove(REGISTER), tree.commit("withdrawn"), tree.git("checkout", "-q", "change"), downgrade(tree)),
        ("Asks to accept", "it does not count in this review"),
        before=accepts(*ALL_OF_IT),
    ),
    Case(
        "a branch that is older than a policy does not escape it",
        lambda tree: (tree.git("checkout", "-q", "main"), tree.edit("policies/__main__.py", "> 30", "> 20"), tree.commit("stricter"), tree.git("checkout", "-q", "change"), tree.write("stacks/Pulumi.prod.yaml", stack(25))),
        ("main has other policies since this branch left it",),
        first="main has other policies",
    ),
    Case(
        "a pin of Dolmen and another index are told",
        both(downgrade, lambda tree: tree.write("requirements.txt", "--index-url https://example.com/simple\ndolmen==9.9\n")),
        ("Pins Dolmen itself in another way: `requirements.txt`", "Takes packages from another place"),
        before=lambda tree: tree.write("requirements.txt", "dolmen==0.1\n"),
    ),
]  # fmt: skip
