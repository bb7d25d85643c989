"""Whatever a stack file or a register holds: it is read, or one error says what is wrong, in text that only says."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from components.platform.loader import NAMESPACE, validated
from dolmen.stackfile import StackFileError, read_acceptances, read_text
from tests.components.platform.files import STACKS, text_of

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
WORDS = st.sampled_from(
    ["dolmen:atlas", "dolmen:tags", "config", "secure", "<<", "*a", "&a", "!!binary", "!!float", "!!str", ".inf", "-.inf",
     ".nan", "0x1F", "1e400", "~", "null", "true", "010", "{", "}", "[", "]", ",", ":", "- ", "? ", "|", ">", "#", "'", '"',
     "\n", "\n  ", "\n    ", "\\u202e", "\\e[31m", "\\x85", "gICA", "cluster", "M30", "{.inf: 1}", "{a: 1, a: 2}", "2001-01-01"]
)  # fmt: skip
PIECES = st.one_of(WORDS, st.text(max_size=4), st.characters(categories=["Cc", "Cf", "Zl", "Zp", "Zs"]))


@st.composite
def files(draw: st.DrawFn) -> str:
    """One of the project's own files, in which something stands that nobody expects."""
    text = text_of(draw(st.sampled_from(STACKS))) if draw(st.booleans()) else "config:\n  dolmen:tags: {a: b}\n"
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        text = text[:start] + "".join(draw(st.lists(PIECES, max_size=4))) + text[end:]
    return text


def check(message: str) -> None:
    hidden = {f"U+{ord(c):04X}" for c in message if unicodedata.category(c) in HIDDEN and c != "\n"}
    assert not hidden, f"the error passes on {hidden}, which hides, moves or turns text"
    assert "Traceback" not in message


def only_says(read: Callable[[], object]) -> None:
    try:
        read()
    except StackFileError as error:
        check(str(error))
        assert error.problems and all(problem.rule for problem in error.problems)


def load(text: str) -> None:
    document = read_text(text, "Pulumi.\u202etest.yaml")
    validated(document.config(NAMESPACE), "Pulumi.\u202etest.yaml", document)


@settings(max_examples=60)
@example("config:\n  dolmen:tags: {.inf: 1}\n")
@example("config:\n  dolmen:tags: {.nan: 1, 1: 2, null: 3}\n")
@example('config:\n  dolmen:tags: {"\\e[31m\\u202e": "\\e[31m\\u202e"}\n')
@example('config:\n  "dolmen:\\e[31m\\u202e": 1\n')
@example("config:\n  dolmen:tags: {!!binary gICA: !!binary gICA}\n")
@given(files())
def test_a_stack_file_is_read_or_refused_in_plain_text(text: str) -> None:
    only_says(lambda: load(text))


@pytest.mark.soak
@settings(max_examples=100_000)
@given(files())
def test_a_stack_file_is_read_or_refused_however_long_one_tries(text: str) -> None:
    only_says(lambda: load(text))


@settings(max_examples=60)
@given(st.lists(PIECES, max_size=8).map("".join), st.integers(0, 200))
def test_a_register_is_read_or_refused_in_plain_text(
    tmp_path_factory: pytest.TempPathFactory, piece: str, at: int
) -> None:
    whole = (
        "accepted:\n  - what: data-loss\n    stack: production\n    resource: a\n    reason: b\n    until: 2026-12-31\n"
    )
    file = tmp_path_factory.getbasetemp() / "accepted.yaml"
    file.write_text(whole[:at] + piece + whole[at:], "utf-8", "surrogatepass")
    only_says(lambda: read_acceptances(Path(file)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("config:\n  dolmen:tags: {.inf: 1}\n", ("2:17", "not finite", 'Quote it: ".inf"')),
        ("config:\n  dolmen:tags: {a: 1, a: 2}\n", ("2:23", "twice", "Keep one of the two.")),
        ("config:\n  dolmen:tags: {a: .inf}\n", ("2:17", "not finite", "quote it")),
    ],
)
def test_what_an_earlier_fuzz_found_has_place_rule_and_remedy(text: str, words: tuple[str, ...]) -> None:
    with pytest.raises(StackFileError) as caught:
        load(text)
    assert all(word in str(caught.value) for word in words), str(caught.value)
