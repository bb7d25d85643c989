"""Stack files read as the Pulumi CLI reads them: held against what the real CLI handed to a program."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from dolmen.stackfile import StackFileError, read_text

CORPUS = json.loads(Path(__file__).with_name("cli_scalars.json").read_text())
STRICTER = {
    "~: x\n": "the CLI drops a null key and its value in silence",
}
"""Refused by us, with a remedy, where the CLI accepts and loses something."""
UNDECIDABLE = {
    "k: {secure: plain}\n": "whether a ciphertext can be decrypted",
    "k: {a: {secure: plain}}\n": "whether a ciphertext can be decrypted",
    "k:\n  secure: v1:not:a ciphertext\n": "whether a ciphertext can be decrypted",
}
"""Accepted by us because only the holder of the key can know better."""


def _with_ciphertext(text: str) -> str:
    return re.sub(r"CIPHER\(.*?\)(?=[\s},\]\"]|$)", "v1:abc", text)


def _document(case: dict[str, Any]) -> str:
    body = "".join(
        f"  {line}" for line in re.sub(r"CIPHER\(.*?\)(?=[\s},\]]|$)", "v1:abc", case["yaml"]).splitlines(keepends=True)
    )
    return f"encryptionsalt: x\nconfig:\n{body}"


@pytest.mark.parametrize("case", CORPUS["cases"], ids=lambda case: case["yaml"][:40].encode("unicode_escape").decode())
def test_a_value_reaches_the_program_as_the_cli_would_hand_it_over(case: dict[str, Any]) -> None:
    try:
        read = read_text(_document(case), "Pulumi.x.yaml").config("p")
    except StackFileError as error:
        assert case["error"] or case["yaml"] in STRICTER, (
            f"Dolmen refuses what `pulumi up` accepts as {case['config']}:\n{error}"
        )
        return
    if case["yaml"] in UNDECIDABLE:
        return
    assert not case["error"], f"Dolmen accepts what the CLI refuses: {case['error']}"
    secret = set(case["secretKeys"])
    assert {key for key, value in read.items() if value.secure} == secret, "another set of keys is secret"
    for key, text in case["config"].items():
        if key not in secret:
            assert read[key].text == _with_ciphertext(text), (
                f"{key} reaches the program as another value than in a deployment"
            )
    assert read.keys() == case["config"].keys(), "the program sees other keys than in a deployment"
