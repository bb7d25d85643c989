"""What a report says of copies of a secret in other regions."""

from __future__ import annotations

from pathlib import Path

from dolmen.review.effects.model import EffectKind
from tests.review.small_programs import IMPORTS, change, reviewed, told, worst

SECRET = IMPORTS + 'aws.secretsmanager.Secret("hook", name="hook", replicas={replicas})\n'
ONE = SECRET.format(replicas='[{"region": "us-east-1"}]')
TWO = SECRET.format(replicas='[{"region": "us-east-1"}, {"region": "us-west-2"}]')
OTHER_KEY = SECRET.format(replicas='[{"region": "us-east-1", "kms_key_id": "alias/own"}]')
KEYED = SECRET.format(replicas='[{"region": "us-east-1", "kms_key_id": "alias/old"}]')


def test_a_copy_more_hurts_nobody_and_one_less_locks_its_readers_out(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    assert worst(reviewed(tmp_path / "more", ONE, TWO), "hook").kind is EffectKind.IN_PLACE
    (tmp_path / "less").mkdir()
    assert "readers there fail" in told(reviewed(tmp_path / "less", TWO, ONE), "hook")


def test_another_key_of_a_copy_interrupts_its_readers(tmp_path: Path) -> None:
    assert "readers there fail in between" in told(reviewed(tmp_path, KEYED, OTHER_KEY), "hook")


def test_the_last_copies_stay_and_the_report_says_so(tmp_path: Path) -> None:
    report = reviewed(tmp_path, ONE, SECRET.format(replicas=None))
    assert {effect.kind for effect in change(report, "hook").effects} == {EffectKind.KEEPS_OLD_VALUE}
