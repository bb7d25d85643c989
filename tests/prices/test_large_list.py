"""A list of hundreds of megabytes passes through a process that stays small."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.cli.small_project import ROOT
from tests.prices.offer_files import elasticache
from tests.prices.price_server import serving, streamed

SIZE = 320 * 10**6
"""Bytes, of which a third are products and the rest are terms."""
MOST = 200_000
"""Kilobytes of memory."""
MEASURED = """
import resource, subprocess, sys
code = subprocess.run([sys.executable, "-m", "dolmen", *sys.argv[1:]]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


def pieces() -> Iterator[bytes]:
    """The sample, with many more products and reserved terms of other regions after its own."""
    sample = elasticache()
    product = json.dumps(next(iter(sample["products"].values())), indent=1).replace("us-east-1", "us-west-1").encode()
    (reserved,) = (json.dumps(one, indent=1).encode() for one in sample["terms"].pop("Reserved").values())
    own = json.dumps(sample).encode()
    products, rest = own.split(b'"products": {', 1)
    yield products + b'"products": {'
    yield from _many(product, SIZE // 3)
    before, after = rest.split(b'"terms": {', 1)
    yield before + b'"terms": {"Reserved": {'
    yield from _many(reserved, SIZE * 2 // 3)
    yield b'"last": {}}, ' + after


def _many(value: bytes, size: int) -> Iterator[bytes]:
    for number in range(size // len(value) + 1):
        yield b'"MANY%d": ' % number + value + b",\n"


@pytest.mark.long
def test_memory_does_not_grow_with_the_list(tmp_path: Path) -> None:
    assert sum(map(len, pieces())) >= 300 * 10**6
    with serving({"AmazonElastiCache": streamed(pieces)}) as server:
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                MEASURED,
                "prices",
                "refresh",
                "--region",
                "us-east-1",
                "-o",
                "list.yaml",
                "--address",
                server.address,
            ],
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    found = yaml.safe_load((tmp_path / "list.yaml").read_text("utf-8"))["prices"]
    assert found["cache.r7g.large valkey"]["us-east-1"]["price"] == 0.1752
    kilobytes = int(done.stdout.split()[-1])
    print(f"{SIZE:,} bytes of a list took {kilobytes:,} kB of memory")
    assert kilobytes < MOST, "a small job's machine would end the command"
