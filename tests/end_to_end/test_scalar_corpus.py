"""The corpus of YAML scalars says what the Pulumi CLI really does: it is compared with the CLI, again and again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cloud.cli import MINIMUM, VERSION, distribution
from tests.end_to_end.scalar_corpus import CORPUS, FILES, PROJECTS, Reader, cases, reader, record

pytestmark = pytest.mark.engine


def corpus() -> dict[str, Any]:
    return json.loads(CORPUS.read_text())


@pytest.fixture(scope="module")
def cli() -> Iterator[Reader]:
    with reader(distribution()) as made:
        yield made


def test_the_corpus_covers_every_case_that_we_know_of() -> None:
    found = corpus()
    assert found["cli"] == VERSION, "the corpus was recorded with another CLI than tools/go.mod pins"
    assert [case["yaml"] for case in found["cases"]] == cases()
    assert [case["file"] for case in found["files"]] == FILES
    assert [(case["project"], case["file"]) for case in found["projects"]] == PROJECTS


def test_the_cli_still_reads_the_accepted_scalars_as_recorded(cli: Reader) -> None:
    """All one-line values in one stack file, each under a key of its own."""
    accepted = {
        f"v{number}": (case["yaml"].removeprefix("k: "), case["config"]["p:k"])
        for number, case in enumerate(corpus()["cases"])
        if case["config"] and re.fullmatch(r"k: [^\n|>&*]*\n", case["yaml"]) and not re.search(r"CIPHER", case["yaml"])
    }
    assert len(accepted) > 200
    got = cli.read(0, "".join(f"{key}: {text}" for key, (text, _) in accepted.items()))
    assert got["config"] == {f"p:{key}": value for key, (_, value) in accepted.items()}


def test_the_cli_still_refuses_as_recorded(cli: Reader) -> None:
    """Every tenth of the refused cases: the whole corpus is the soak's to compare."""
    refused = [case for case in corpus()["cases"] if case["error"]][::10]
    got = [cli.read(number, case["yaml"]) for number, case in enumerate(refused, 1)]
    if distribution().version == VERSION:  # the words of an error are the pinned release's
        assert got == refused
    else:
        assert [case["config"] for case in got] == [None] * len(refused), f"a CLI since {MINIMUM} accepts more"


@pytest.mark.soak
def test_the_cli_reads_the_whole_corpus_as_recorded() -> None:
    found = corpus()
    assert record(cases(), FILES, PROJECTS) == {name: found[name] for name in ("cases", "files", "projects")}
