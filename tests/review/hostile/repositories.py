"""Small repositories with history, and the installed command on them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tests.time_limits import PATIENCE

PROGRAM = """
import pulumi

class Raw(pulumi.CustomResource):
    def __init__(self, token, name, props, opts=None):
        super().__init__(token, name, props, opts)

CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
TEXT = "random:index/randomString:RandomString"
config = pulumi.Config()
Raw(TEXT, "name", {"length": config.require_int("length")})
Raw(CACHE, "cache", {
    "description": "sessions", "engine": "valkey", "engineVersion": config.require("version"),
    "nodeType": "cache.t4g.small", "numCacheClusters": 2, "automaticFailoverEnabled": True,
}, pulumi.ResourceOptions(protect=True))
"""
PACK = """
from pulumi_policy import *

def length(args, report):
    if args.resource_type.endswith("RandomString") and args.props["length"] > 30:
        report("30 characters are enough, but not for " + args.name)

PolicyPack("shop", policies=[
    ResourceValidationPolicy("length", "Names are short.", length, enforcement_level=EnforcementLevel.MANDATORY),
])
"""
PROJECT = "name: shop\nruntime: python\nstackConfigDir: stacks\n"


def stack(length: int = 12, version: str = "8.1", more: str = "") -> str:
    return f'config:\n  shop:length: {length}\n  shop:version: "{version}"\n{more}'


def accepted(*entries: Mapping[str, str]) -> str:
    rows = [f"  - {key}: {value}" if key == "what" else f"    {key}: {value}" for one in entries for key, value in one.items()]  # fmt: skip
    return "\n".join(["accepted:", *rows, ""])


def entry(what: str, resource: str, *, stack: str = "prod", days: int = 30, reason: str = "Nobody reads it.") -> dict[str, str]:  # fmt: skip
    until = date.today() + timedelta(days=days)
    return {"what": what, "stack": stack, "resource": resource, "reason": reason, "until": until.isoformat()}


FILES = {
    "Pulumi.yaml": PROJECT,
    "__main__.py": PROGRAM,
    "README.md": "A shop.\n",
    "policies/PulumiPolicy.yaml": "runtime: python\n",
    "policies/__main__.py": PACK,
    "stacks/Pulumi.dev.yaml": stack(),
    "stacks/Pulumi.prod.yaml": stack(16),
}


@dataclass(frozen=True)
class Tree:
    """A work tree under change."""

    root: Path

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text()
        assert old in text, f"{name} has no {old!r} to change"
        self.write(name, text.replace(old, new))

    def remove(self, name: str) -> None:
        (self.root / name).unlink()

    def move(self, old: str, new: str) -> None:
        (self.root / new).parent.mkdir(parents=True, exist_ok=True)
        (self.root / old).rename(self.root / new)

    def link(self, name: str, target: str | Path) -> None:
        path = self.root / name
        path.unlink(missing_ok=True)
        path.symlink_to(target)

    def git(self, *arguments: str) -> str:
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "protocol.file.allow=always"]
        surroundings = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
        done = subprocess.run(
            ["git", *identity, *arguments], cwd=self.root, check=True, capture_output=True, text=True, env=surroundings
        )
        return done.stdout

    def commit(self, message: str) -> None:
        self.git("add", "-A", "-f")
        self.git("commit", "-q", "--allow-empty", "-m", message)


Change = Callable[[Tree], object]


def history(folder: Path, before: Change, change: Change) -> Tree:
    """A repository whose `main` is the base, and whose checked-out branch `change` is the pull request."""
    folder.mkdir()
    tree = Tree(folder)
    tree.git("init", "-q", "-b", "main")
    for name, text in FILES.items():
        tree.write(name, text)
    before(tree)
    tree.commit("base")
    tree.git("checkout", "-q", "-b", "change")
    change(tree)
    tree.commit("change")
    return tree


def reviewed(command: Path, tree: Tree, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What the installed command says of the pull request; nothing of the surroundings helps it."""
    return subprocess.run(
        [command, "plan", *arguments],
        cwd=tree.root,
        capture_output=True,
        text=True,
        env={"HOME": str(home), "PATH": os.environ["PATH"], "PIP_NO_INDEX": "1"},
        stdin=subprocess.DEVNULL,
        timeout=PATIENCE,
    )
