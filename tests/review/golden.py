"""Telling pull requests against this project's own stacks, and the reports that document them.

`python -m tests.review.golden` writes the reports anew: read them by eye before they are committed.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dolmen.engine.closed.model import Hold, Protection
from dolmen.engine.evaluation import ORGANIZATION, evaluate_requests
from dolmen.engine.lookups import Lookups
from dolmen.engine.plan import Plan
from dolmen.engine.project import Project, read_project
from dolmen.engine.request import Request
from dolmen.engine.surroundings import Surroundings
from dolmen.review.diff.cause import Leaves, leaves
from dolmen.review.formats import text as render
from dolmen.review.report.build import Pair, review, stack_review
from dolmen.review.report.model import Review, Side
from dolmen.review.sides.evaluate import Settings
from dolmen.review.sides.pairs import Sides
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
    copies: str = ""
    """The stack whose file a new one begins as."""
    removes: bool = False


SCENARIOS: Mapping[str, PullRequest] = {
    "tier-up": PullRequest("A larger cluster", "production", (("instanceSize: M20", "instanceSize: M30"),)),
    "cache-resized": PullRequest(
        "Four times the cache", "production", (("nodeType: cache.r7g.large", "nodeType: cache.r7g.2xlarge"),)
    ),
    "one-tag": PullRequest("A tag gets another value", "production", (("team: chat,", "team: messaging,"),)),
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
        (("connectivity: {peering: {}}", "connectivity: {privateLink: {}}"),),
    ),
    "protection-dropped": PullRequest(
        "Production is no longer called production",
        "production",
        (("dolmen:tier: production", "dolmen:tier: staging"), ("environment: production", "environment: staging")),
    ),
    "access-widened": PullRequest(
        "One more client of the databases",
        "production",
        (("[sg-0ccccccccccccccc1]", "[sg-0ccccccccccccccc1, sg-0ddddddddddddddd2]"),),
    ),
    "rotation": PullRequest(
        "New credentials beside the old ones", "production", (("generation: 1, active: 1", "generation: 2, active: 1"),)
    ),
    "provider-settings": PullRequest(
        "Certificates are no longer checked, and every resource gets a tag",
        "production",
        (
            (
                "  dolmen:tier:",
                '  aws:insecure: "true"\n  aws:defaultTags: { tags: { owner: platform } }\n  dolmen:tier:',
            ),
        ),
    ),
    "stack-added": PullRequest(
        "A stack for load tests",
        "load-test",
        (("chat-stage", "chat-load"), ("10.30.0.0/16", "10.40.0.0/16"), ("192.168.248.0/21", "192.168.240.0/21")),
        copies="staging",
    ),
    "stack-removed": PullRequest("The file of a stack goes", "development", removes=True),
    "stack-file-wrong": PullRequest(
        "A stack file without a word on durability",
        "production",
        (("    durability: sync", "    # durability: sync"),),
    ),
    "nothing-changed": PullRequest("Only documentation"),
}


_CLOSED = Surroundings(dict.fromkeys(Protection, Hold(True, ("the system that these reports were made on",))))
"""Like their seconds the same on every machine: as where all protections hold."""
GOALS: Mapping[str, int] = {"tier-up": 18, "one-tag": 12, "user-renamed": 60}
"""Lines of a terminal of 80 columns, at most."""


@dataclass(frozen=True)
class Measured:
    lines: int
    words: int
    repeated: tuple[str, ...]
    """Sentences of five words or more that are said more than once."""


def measured(text: str) -> Measured:
    flat = " ".join(text.split())
    sentences = [one.strip() for one in re.split(r"(?<=[.:;])\s|\*\*|<[^>]*>|- `", flat)]
    numbers = Counter(one for one in sentences if len(one.split()) >= 5)
    repeated = tuple(one for one, number in numbers.items() if number > 1)
    return Measured(len(text.splitlines()), len(flat.split()), repeated)


def reports(scratch: Path) -> dict[str, Review]:
    """The reports of all scenarios; every stack file is evaluated once."""
    project = read_project(ROOT)
    base = _copied(project, scratch / "base", None)
    heads = {name: _copied(project, scratch / name, one) for name, one in SCENARIOS.items() if one.edits}
    key = b"k" * 32
    requests = [_request(base, STACKS, key), *(_request(heads[n], (SCENARIOS[n].stack,), key) for n in heads)]
    found = evaluate_requests(requests)
    before: dict[str, Plan] = dict(zip(STACKS, found[0], strict=True))
    after = {name: plans[0] for name, plans in zip(heads, found[1:], strict=True)}
    return {name: _report(name, before, after.get(name), base, heads.get(name)) for name in SCENARIOS}


def _copied(project: Project, folder: Path, one: PullRequest | None) -> Project:
    folder.mkdir(parents=True)
    for extra in (*project.stack_folder.glob("*.json"), *project.stack_folder.glob("Pulumi.*.yaml")):
        shutil.copy(extra, folder)
    if one is not None:
        text = (folder / f"Pulumi.{one.copies or one.stack}.yaml").read_text("utf-8")
        for old, new in one.edits:
            assert old in text, (
                f"Pulumi.{one.copies or one.stack}.yaml no longer holds {old!r}: change the scenario with it"
            )
            text = text.replace(old, new, 1)
        (folder / f"Pulumi.{one.stack}.yaml").write_text(text, "utf-8")
    return replace(project, stack_folder=folder)


def _request(project: Project, stacks: tuple[str, ...], key: bytes) -> Request:
    return Request(project, stacks, key, None, PATIENCE, Lookups(), ORGANIZATION, Settings().observers)


def _report(name: str, before: Mapping[str, Plan], changed: Plan | None, base: Project, head: Project | None) -> Review:
    one = SCENARIOS[name]
    after = {**before, **({one.stack: changed} if changed is not None else {})}
    if one.removes:
        del after[one.stack]
    sides = Sides(head or base, base, code_changed=False, reference="origin/main", new=())
    pairs: list[Pair] = []
    for stack in dict.fromkeys((*STACKS, *after)):
        old, new = (_placed(plan, stack) for plan in (before.get(stack), after.get(stack)))
        if new is None and old is not None:
            pair = sides.undescribed(stack, old)
        elif old is None and new is not None:
            pair = sides.added(stack, new, new)
        else:
            pair = Pair(old, old if old == new else new, program_changed=False)
        leaves_of = (_leaves(base, stack) if old else None, _leaves(head or base, stack) if new else None)
        pairs.append(replace(pair, base_leaves=leaves_of[0], head_leaves=leaves_of[1], judged=True))
    return review(
        [stack_review(pair) for pair in pairs],
        Side("9d01e77"),
        Side("3f2c1ab", "origin/main", merge_base=True),
        seconds=1.3,
        surroundings=_CLOSED,
        not_compared=tuple(sides.not_compared(pairs)),
    )


def _placed(plan: Plan | None, stack: str) -> Plan | None:
    """As if the stack file lay where it belongs."""
    return replace(plan, stack_file=f"stacks/Pulumi.{stack}.yaml") if plan else None


def _leaves(project: Project, stack: str) -> Leaves:
    return leaves(read(project.stack_folder / f"Pulumi.{stack}.yaml", f"stacks/Pulumi.{stack}.yaml"))


def documents(found: Mapping[str, Review]) -> dict[Path, str]:
    """Every report as a comment and as a terminal of 80 columns shows it, and as a page."""
    texts: dict[Path, str] = {}
    for name, report in found.items():
        texts[REPORTS / f"{name}.md"] = f"# {SCENARIOS[name].title}\n\n{render(report, 'markdown')}"
        texts[REPORTS / f"{name}.txt"] = render(report, "terminal")
        texts[REPORTS / f"{name}.html"] = render(report, "html")
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
