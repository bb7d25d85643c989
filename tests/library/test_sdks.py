"""The components from other languages: the real CLI reads the package, Pulumi's generators write SDKs that compile."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cloud.cli import TOOLS, Unavailable, cache, distribution, fingerprint
from tests.library.wheel import ROOT

HERE = Path(__file__).parent
pytestmark = [pytest.mark.engine, pytest.mark.long]


def ran(command: list[str], folder: Path, more: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={**os.environ, **(more or {})})
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the CLI says about `components/`, as `pulumi package add ./components` would read it."""
    try:
        cli = distribution()
    except Unavailable as reason:
        pytest.skip(str(reason))
    work = tmp_path_factory.mktemp("schema")
    text = ran(
        [str(cli.pulumi), "package", "get-schema", str(ROOT / "components")],
        work,
        {
            "PATH": ":".join([*map(str, cli.path), os.environ["PATH"]]),
            "PULUMI_HOME": str(work / "home"),
            "PULUMI_BACKEND_URL": work.as_uri(),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        },
    )
    return json.loads(text)


@pytest.fixture(scope="module")
def generator() -> Path:
    """Pulumi's own generators as a program, built once."""
    go = shutil.which("go")
    if go is None:
        pytest.skip("no Go to build Pulumi's generators with")
    program = cache() / f"gensdk-{fingerprint()}"
    if not program.exists():
        fresh = program.with_suffix(f".{os.getpid()}")
        ran([go, "build", "-o", str(fresh), "./gensdk"], TOOLS, {"GOFLAGS": "-mod=readonly -buildvcs=false"})
        fresh.replace(program)
    return program


def generated(generator: Path, schema: dict[str, Any], language: str, folder: Path) -> Path:
    (folder / "schema.json").write_text(json.dumps(schema))
    ran([str(generator), str(folder / "schema.json"), language, str(folder / "sdk")], folder)
    return folder / "sdk"


def test_typescript_compiles_a_program_with_the_components(
    schema: dict[str, Any], generator: Path, tmp_path: Path
) -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm to compile TypeScript with")
    generated(generator, schema, "nodejs", tmp_path)
    for path in (HERE / "nodejs").iterdir():
        shutil.copy(path, tmp_path)
    ran([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], tmp_path)
    (tmp_path / "sdk" / "package.json").unlink()  # the program's own packages serve the SDK, too
    ran([str(tmp_path / "node_modules" / ".bin" / "tsc"), "--project", str(tmp_path)], tmp_path)


def test_go_compiles_a_program_with_the_components(schema: dict[str, Any], generator: Path, tmp_path: Path) -> None:
    sdk = generated(generator, schema, "go", tmp_path) / "dolmen"
    module = "example.com/pulumi-dolmen/sdk/go/dolmen"
    versions = (TOOLS / "go.mod").read_text().partition("\n")[2]
    (sdk / "go.mod").write_text(f"module {module}\n{versions}")
    (tmp_path / "go.mod").write_text(
        f"module program\n{versions}\nrequire {module} v0.0.0\nreplace {module} => ./sdk/dolmen\n"
    )
    for folder in (sdk, tmp_path):
        shutil.copy(TOOLS / "go.sum", folder)
    shutil.copy(HERE / "go" / "program.go", tmp_path)
    ran(["go", "build", "-o", os.devnull, "."], tmp_path, {"GOFLAGS": "-mod=mod -buildvcs=false"})


def test_every_name_of_the_package_is_camel_case_and_described(schema: dict[str, Any]) -> None:
    nameless: list[str] = []
    for kind, properties in (("resources", "inputProperties"), ("resources", "properties"), ("types", "properties")):
        for token, definition in schema[kind].items():
            for name, value in definition.get(properties, {}).items():
                assert "_" not in name and name[0].islower(), f"{token}.{name} is no name of other languages"
                if not value.get("description"):
                    nameless.append(f"{token}.{name}")
    assert not nameless, f"who completes these in an editor reads nothing about them: {nameless}"
