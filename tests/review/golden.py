"""Six telling pull requests against this project's own stacks, and the reports that document them.

`python -m tests.review.golden` writes the reports anew: read them by eye before they are committed.
"""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from dolmen.engine.evaluation import ORGANIZATION, evaluate_together
from dolmen.engine.lookups import Lookups
from dolmen.engine.plan import Plan
from dolmen.engine.project import Project, read_project
from dolmen.engine.request import Request
from dolmen.review.diff.cause import Leaves, leaves
from dolmen.review.formats import load
from dolmen.review.formats import text as render
from dolmen.review.formats.terminal import print_review
from dolmen.review.report.build import Pair, review, stack_review
from dolmen.review.report.model import Review, Side
from dolmen.review.sides.evaluate import Settings
from dolmen.stackfile import read
from tests.time_limits import PATIENCE

ROOT = Path(__file__).parents[2]
REPORTS = ROOT / "docs/examples/reviews"
STACKS = ("development", "staging", "production")


@dataclass(frozen=True)
class PullRequest:
    """A pull request: what it edits in which stack file."""

    title: str
    stack: str = ""
    edits: tuple[tuple[str, str], ...] = ()


SCENARIOS: Mapping[str, PullRequest] = {
    "tier-up": PullRequest("A larger cluster", "production", (("instanceSize: M20", "instanceSize: M30"),)),
    "region-moved": PullRequest(
        "Another region",
        "production",
        (
            ("aws:region: ap-northeast-2", "aws:region: us-east-1"),
            ("ap-northeast-2a, ap-northeast-2b, ap-northeast-2c", "us-east-1a, us-east-1b, us-east-1c"),
        ),
    ),
    "user-renamed": PullRequest(
        "An application gets another name", "production", (("    chat-app:\n", "    chat-service:\n"),)
    ),
    "backup-off": PullRequest(
        "Backups are switched off",
        "staging",
        (("    connectivity: {", "    backup: { enabled: false }\n    connectivity: {"),),
    ),
    "connectivity-changed": PullRequest(
        "A private endpoint in place of the peering",
        "staging",
        (("connectivity: { peering: { atlasCidr: 192.168.248.0/21 } }", "connectivity: { privateLink: {} }"),),
    ),
    "one-tag": PullRequest("A tag gets another value", "production", (("team: chat,", "team: messaging,"),)),
    "nothing-changed": PullRequest("Only documentation"),
}


def reports(scratch: Path) -> dict[str, Review]:
    """The reports of all scenarios; every stack file is evaluated once."""
    project = read_project(ROOT)
    base = _copied(project, scratch / "base", None)
    heads = {name: _copied(project, scratch / name, one) for name, one in SCENARIOS.items() if one.stack}
    key = b"k" * 32
    requests = [_request(base, STACKS, key), *(_request(heads[n], (SCENARIOS[n].stack,), key) for n in heads)]
    found = evaluate_together(requests)
    before = dict(zip(STACKS, found[0], strict=True))
    after = {name: plans[0] for name, plans in zip(heads, found[1:], strict=True)}
    return {name: _report(name, before, after.get(name), base, heads.get(name)) for name in SCENARIOS}


def _copied(project: Project, folder: Path, one: PullRequest | None) -> Project:
    folder.mkdir(parents=True)
    for stack in STACKS:
        source = project.stack_folder / f"Pulumi.{stack}.yaml"
        text = source.read_text("utf-8")
        if one is not None and stack == one.stack:
            for old, new in one.edits:
                assert old in text, f"{source.name} no longer holds {old!r}: change the scenario with it"
                text = text.replace(old, new, 1)
        (folder / source.name).write_text(text, "utf-8")
    for extra in project.stack_folder.glob("*.json"):
        shutil.copy(extra, folder)
    return replace(project, stack_folder=folder)


def _request(project: Project, stacks: tuple[str, ...], key: bytes) -> Request:
    return Request(project, stacks, key, None, PATIENCE, Lookups(), ORGANIZATION, Settings().observers)


def _report(name: str, before: Mapping[str, Plan], changed: Plan | None, base: Project, head: Project | None) -> Review:
    stacks = []
    for stack in STACKS:
        plan = before[stack]
        assert plan.failure is None, plan.failure.message
        new = changed if changed is not None and stack == SCENARIOS[name].stack else plan
        assert new.failure is None, new.failure.message
        plan, new = _placed(plan, stack), _placed(new, stack)
        pair = Pair(
            plan,
            plan if new == plan else new,
            _leaves(base, stack),
            _leaves(head or base, stack),
            program_changed=False,
            judged=True,
        )
        stacks.append(stack_review(pair))
    return review(stacks, Side("9d01e77"), Side("3f2c1ab", "origin/main", merge_base=True), seconds=1.3)


def _placed(plan: Plan, stack: str) -> Plan:
    """As if the stack file lay where it belongs."""
    return replace(plan, stack_file=f"stacks/Pulumi.{stack}.yaml")


def _leaves(project: Project, stack: str) -> Leaves:
    return leaves(read(project.stack_folder / f"Pulumi.{stack}.yaml", f"stacks/Pulumi.{stack}.yaml"))


def documents(found: Mapping[str, Review]) -> dict[Path, str]:
    titles = {REPORTS / f"{name}{load('markdown').extension}": f"# {SCENARIOS[name].title}\n\n" for name in found}
    texts = {path: title + render(found[path.stem], "markdown") for path, title in titles.items()}
    texts[REPORTS / "region-moved.html"] = render(found["region-moved"], "html")
    file = io.StringIO()
    print_review(Console(file=file, width=100, highlight=False, markup=False, emoji=False), found["region-moved"])
    texts[REPORTS / "region-moved.txt"] = "\n".join(line.rstrip() for line in file.getvalue().split("\n"))
    return texts


def main() -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        texts = documents(reports(Path(scratch)))
    REPORTS.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        path.write_text(text, "utf-8")
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
