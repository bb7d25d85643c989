"""Whatever stands in place of a stack file, a person gets a clear error and never a traceback."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dolmen.stackfile import Document, StackFileError, read, read_text
from dolmen.stackfile.document import LARGEST_FILE


def _refusal(path: Path) -> str:
    with pytest.raises(StackFileError) as caught:
        read(path)
    text = str(caught.value)
    assert path.name in text, "the error does not say which file it means"
    return text


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "cannot be read" in _refusal(tmp_path / "Pulumi.dev.yaml")


def test_a_folder_in_place_of_a_file_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.dev.yaml").mkdir()
    assert "folder" in _refusal(tmp_path / "Pulumi.dev.yaml")


def test_a_loop_of_links_ends_in_an_error(tmp_path: Path) -> None:
    loop = tmp_path / "Pulumi.dev.yaml"
    loop.symlink_to(loop)
    assert "links" in _refusal(loop)


def test_a_pipe_does_not_block_the_plan(tmp_path: Path) -> None:
    pipe = tmp_path / "Pulumi.dev.yaml"
    os.mkfifo(pipe)
    assert "regular file" in _refusal(pipe)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00binary", "UTF-8"),
        (b"config:\n  a: \x00\n", "characters"),
        (b"x" * (LARGEST_FILE + 1), "larger"),
        (b"config: " + b"[" * 200_000, "deeper"),
        (b"config:\n\ta: 1\n", "not YAML"),
        (b"- a\n- b\n", "mapping"),
        (b"config: 3\n", "mapping"),
        (b"---\na: 1\n---\nb: 2\n", "second"),
    ],
)
def test_what_is_not_a_stack_file_is_refused_with_its_reason(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_bytes(content)
    assert words in _refusal(path)


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    lines = ["a: &a [x,x,x,x,x,x,x,x,x,x]"]
    for before, name in zip("abcdefghi", "bcdefghij", strict=True):
        lines.append(f"{name}: &{name} [{','.join(['*' + before] * 10)}]")
    with pytest.raises(StackFileError, match="aliases"):
        read_text("\n".join(lines), "Pulumi.dev.yaml")


def test_a_duplicate_key_names_both_places() -> None:
    with pytest.raises(StackFileError) as caught:
        read_text("config:\n  p:a: 1\n  p:b: 2\n  p:a: 3\n", "Pulumi.dev.yaml")
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (4, 3)
    assert "line 2" in problem.rule, "the reader must look for the first one by hand"


def test_an_empty_file_is_an_empty_configuration() -> None:
    assert read_text("", "Pulumi.dev.yaml").config("p") == {}
    assert read_text("# nothing\n", "Pulumi.dev.yaml").config("p") == {}


def test_a_ciphertext_is_not_kept() -> None:
    document = read_text(
        "config:\n  p:token: {secure: v1:CANARY}\n  p:o: {a: {secure: v1:CANARY}}\n", "Pulumi.dev.yaml"
    )
    assert "CANARY" not in repr(document) + repr(document.config("p")), "ciphertexts must not travel through the tool"
    assert document.config("p")["p:o"].secure, "an object with a secret inside is secret as a whole"


def test_positions_lead_to_the_value_and_to_the_nearest_key_when_it_is_missing() -> None:
    document = read_text("config:\n  p:a:\n    b: [1, 2]\n", "Pulumi.dev.yaml")
    place = document.place(("config", "p:a", "b", 1))
    assert place and (place.line, place.column) == (3, 12)
    missing = document.place(("config", "p:a", "nothing", "here"))
    assert missing and missing.line == 2, "a missing key is shown at the key that should hold it"


def _document_or_error(text: str) -> None:
    try:
        document = read_text(text, "Pulumi.dev.yaml")
    except StackFileError as error:
        assert str(error), "an error without words"
        assert all(ord(c) >= 32 or c == "\n" for c in str(error)), "an error could move the reader's cursor"
    else:
        assert isinstance(document, Document)
        document.config("p")


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_document_or_a_clear_error(text: str) -> None:
    _document_or_error(text)


_YAML = st.sampled_from(
    [
        "config",
        ":",
        " ",
        "\n",
        "\n  ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        "&a",
        "*a",
        "<<",
        "!!int ",
        "'",
        '"',
        "|",
        ">",
        "#",
        "1",
        "0x",
        "~",
        "secure",
        "p:a",
        ",",
        "?",
        "%",
        "\t",
        "---\n",
        "2024-01-01",
    ]
)


@given(st.lists(_YAML, max_size=30).map("".join))
@settings(max_examples=300, deadline=None)
def test_any_arrangement_of_yaml_is_a_document_or_a_clear_error(text: str) -> None:
    _document_or_error(text)


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_a_document_or_a_clear_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "Pulumi.dev.yaml"
    path.write_bytes(data)
    try:
        read(path)
    except StackFileError as error:
        assert "Pulumi.dev.yaml" in str(error)
