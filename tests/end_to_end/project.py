"""A copy of this project, with a stack file whose secrets the tests can decrypt."""

from __future__ import annotations

import functools
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.end_to_end.engine import Engine, write_program

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("Pulumi.yaml", "__main__.py", "components", "stacks", "dolmen")
STACKS = sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in ROOT.glob("stacks/Pulumi.*.yaml"))
"""Every environment of the project; a new stack file is tested without a line written here."""
SECRETS = tuple(f"simulated-third-party-key-{number:02}" for number in range(8))
"""The values of the secrets of a stack file, in their order there."""
ATLAS_CLIENT_SECRET = "mdb_sa_sk_simulated-client-secret"


@functools.cache
def ciphertexts() -> tuple[str, ...]:
    """A ciphertext of each of `SECRETS`, from the CLI itself."""
    with tempfile.TemporaryDirectory() as folder:
        project = write_program(Path(folder) / "project", "")
        with Engine(project, Path(folder), "key") as engine:
            engine.configure(secrets={f"k{number}": text for number, text in enumerate(SECRETS)})
        text = (project / "Pulumi.key.yaml").read_text()
    found = dict(re.findall(r"k(\d+):\s+secure: (\S+)", text))
    return tuple(found[str(number)] for number in range(len(SECRETS)))


def decryptable(text: str) -> str:
    """A stack file with the tests' own key in place of its owner's."""
    kept = [
        line
        for line in text.splitlines()
        if not line.startswith(("encryptionsalt:", "encryptedkey:", "secretsprovider:"))
    ]
    fresh = iter(ciphertexts())
    body = re.sub(r"""secure:\s*(["']?)v1:[^"'\s}]+\1""", lambda _: f"secure: {next(fresh)}", "\n".join(kept))
    return f"{body}\n"


def copy_project(folder: Path, stack: str) -> Path:
    """The project as it stands in the checkout, in a folder of its own, ready for one stack."""
    folder.mkdir(parents=True)
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            # With what is compiled, since the first run would do it again, and without what is being written.
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("*.pyc.*"))
        else:
            shutil.copy(source, folder / part)
    (folder / ".venv").symlink_to(sys.prefix)  # the project's virtual environment is the tests' own
    file = folder / "stacks" / f"Pulumi.{stack}.yaml"
    file.write_text(decryptable(file.read_text()))
    return folder


def stack_engine(folder: Path, stack: str, *, scale: float = 0.0, warm: str | None = None) -> Engine:
    """An engine on a copy of the project, its stack made."""
    engine = Engine(copy_project(folder / "project", stack), folder, stack, scale=scale, warm=warm)
    told(engine)
    file = engine.project / "stacks" / f"Pulumi.{stack}.yaml"
    file.write_text(engine.init() + file.read_text())
    return engine


def told(engine: Engine) -> None:
    """Tell the simulated cloud what a stack file takes for granted: the AWS secrets that it names.

    That of `credentials` holds Atlas's service account; the others hold a text, or the fields that are asked for."""
    text = (engine.project / "stacks" / f"Pulumi.{engine.stack}.yaml").read_text()
    held: dict[str, str | dict[str, str]] = {}
    for owner, name, field in _aws_secrets(yaml.safe_load(text)):
        if owner == "credentials":
            held[name] = {"client_id": "mdb_sa_id_simulated", "client_secret": ATLAS_CLIENT_SECRET}
        elif field is None:
            held[name] = aws_value(name)
        elif isinstance(fields := held.setdefault(name, {}), dict):
            fields[field] = aws_value(name, field)
    versions = engine.cloud.facts.setdefault("aws:secretsmanager/getSecretVersion:getSecretVersion", {})
    for name, value in held.items():
        string = value if isinstance(value, str) else json.dumps(value)
        versions[name] = {"secretId": name, "secretString": string}


def aws_value(secret: str, field: str = "") -> str:
    """What the tests keep in an AWS secret, or in a field of it."""
    return f"simulated-value-of-{secret}-{field}"


def _aws_secrets(node: Any, owner: str = "") -> Iterator[tuple[str, str, str | None]]:
    """Key above, name and field of every AWS secret in a stack file."""
    if isinstance(node, dict):
        if "awsSecret" in node:
            yield owner, node["awsSecret"], node.get("field")
        for key, inner in node.items():
            yield from _aws_secrets(inner, key)
