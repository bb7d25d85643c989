"""Pull requests whose program tries to speak for the review."""

from __future__ import annotations

from tests.review.hostile.case import Case
from tests.review.hostile.judges import both, downgrade
from tests.review.hostile.repositories import Change, Tree, stack

VERDICT = "nothing changes in 2 stacks, all policies hold"
MARKUP = "x | **ok** <b>ok</b> [a](https://evil.example) \\x1b[32m\\u202e\\n### nothing changes"
RAW = ("\x1b", "\u202e", "\n### nothing")
"""What no format may hold: what moves or turns a line."""
MARKDOWN = ("--format", "markdown")
HTML = ("--format", "html")


def program(code: str) -> Change:
    """Adds code at the program's end, beside a change that loses data."""

    def change(tree: Tree) -> None:
        downgrade(tree)
        tree.write("__main__.py", (tree.root / "__main__.py").read_text() + code)

    return change


def named(token: str, name: str) -> Change:
    return program(f'\nRaw("{token}", "{name}", {{"a": 1}})\n')


CASES = [
    Case("a log line cannot speak for the review", program(f'\npulumi.log.warn("{VERDICT}")\n'), ("The program warns", VERDICT), first="prod: the cache is replaced", never=("Traceback",)),
    Case("a log line is no command to the build server", program('\npulumi.log.warn("x" * 55 + " ::notice::all is well ##[command]x")\n'), ("data is lost",), never=("\n  ::notice", "\n::notice", "##[")),
    Case("what a program prints is not part of the report", program(f'\nimport sys\nprint("{VERDICT}")\nprint("{VERDICT}", file=sys.stderr, flush=True)\n'), ("data is lost",), never=(VERDICT,)),
    Case("what a program writes to every open descriptor is not part of the report", program(f'\nimport os\nfor n in (0, 1, 2):\n    os.write(n, b"{VERDICT}\\n") if n else None\n'), ("data is lost",), never=(VERDICT,)),
    Case("a program that ends early has no plan", program("\nimport os\nos._exit(0)\n"), ("ended without a plan (exit code 0)",)),
    Case("a program that ends with a promise has no plan", program(f'\nraise SystemExit("{VERDICT}")\n'), ("the program cannot be evaluated",), first="prod: the program cannot be evaluated", never=()),
    Case("a name with markup is text in Markdown", named("aws:x/y:Z", MARKUP), ("data is lost",), arguments=MARKDOWN, never=RAW),
    Case("a name with markup is text in HTML", named("aws:x/y:Z", MARKUP), ("data is lost",), arguments=HTML, never=(*RAW, "<b>ok")),
    Case("a name with markup is text in a terminal and on standard error", named("aws:x/y:Z", MARKUP), ("data is lost",), never=RAW, fail_on=("data-loss", "unknown")),
    Case("a type with markup is text", named("<img src=x>:**b**/c:`D`", "it"), ("data is lost",), arguments=MARKDOWN, never=("<img",)),
    Case("a value with markup is text", program(f'\nRaw(TEXT, "other", {{"length": 3, "keepers": {{"{MARKUP}": "{MARKUP}"}}}})\n'), ("data is lost",), arguments=MARKDOWN, never=RAW),
    Case("a program that prints without end is still reviewed", program("\nfor _ in range(3000):\n    print('x' * 10000)\n"), ("data is lost",)),
    Case("two resources of one name are no plan", program('\nRaw(TEXT, "name", {"length": 3})\n'), ("Duplicate resource",)),
    Case("a package beside the program that is called like the tool is not the tool", both(downgrade, lambda tree: (tree.write("dolmen/__init__.py", f"print('{VERDICT}')\nimport os\nos._exit(0)\n"), tree.write("sitecustomize.py", "import os\nos._exit(0)\n"))), ("data is lost",), never=(VERDICT,)),
    Case("a program that writes its acceptance while it runs is not accepted", program("\nfrom pathlib import Path\nPath('stacks/accepted.yaml').write_text('accepted: []')\n"), ("data is lost",)),
    Case("a stack file whose name turns a line is text", both(downgrade, lambda tree: tree.write("stacks/Pulumi.a\n### nothing changes.yaml", stack())), ("what cannot be seen",), 2, arguments=MARKDOWN, stacks=("prod", "a\n### nothing changes"), never=RAW),
    Case("a file whose name has markup is text", both(downgrade, lambda tree: tree.write("policies/a`b\n### nothing changes <b>ok.py", "")), ("Changes the policy pack",), arguments=MARKDOWN, never=RAW),
    Case("protection that goes is told", lambda tree: tree.edit("__main__.py", "protect=True", "protect=False"), ("protect",), fail_on=("protection",)),
    Case("a production that becomes staging is told", lambda tree: tree.edit("stacks/Pulumi.prod.yaml", "tier: production", "tier: staging"), ("staging",), before=lambda tree: tree.write("stacks/Pulumi.prod.yaml", stack(16, more="  shop:tier: production\n")), fail_on=("protection",)),
]  # fmt: skip
