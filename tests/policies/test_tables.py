"""What rooms copy from each other is equal on both sides."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from dolmen.policies.atlas_nodes import rank
from dolmen.policies.framework.tables import components, table
from dolmen.review.effects.harm import HARMS
from dolmen.stackfile.accepted import EFFECTS
from tests.policies.programs import PACK, ROOT


def tables() -> ModuleType:
    specification = importlib.util.spec_from_file_location("tables", ROOT / "tools" / "tables.py")
    assert specification and specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


COPIES: dict[Path, str] = tables().copies()


@pytest.mark.parametrize("path", COPIES, ids=lambda path: path.name)
def test_a_copy_says_what_its_original_says(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == COPIES[path], "run `make tables`"


def test_policies_keep_no_table_of_their_own_of_what_components_have() -> None:
    """A list of versions or sizes beside the copy would grow apart from it."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in (PACK / "data").glob("*.yaml"))
    assert not re.search(r"\bM[1-9]\d\b|\bR\d{2,3}\b", text), "a size of Atlas stands in two tables"
    assert not set(components()["mongodbVersions"]) & set(re.findall(r'"([\d.]+)"', text)), "so does a version"


def test_the_number_in_the_name_of_a_size_rises_with_its_memory() -> None:
    sizes = json.loads((ROOT / "components/atlas/data/instance-sizes.json").read_text(encoding="utf-8"))["sizes"]
    ranked = sorted((rank(size["name"]), size["ramGb"]) for size in sizes)
    assert all(rank(size["name"]) > 0 for size in sizes), "a dedicated size would count as a shared one"
    assert [memory for _, memory in ranked] == sorted(memory for _, memory in ranked), "sizes would be compared wrongly"


def test_an_engine_that_the_components_offer_is_never_called_too_old() -> None:
    oldest = {**components()["cacheEngines"], **table("elasticache")["oldestSupported"]}
    for engine, offered in components()["cacheEngines"].items():
        assert float(oldest[engine]) <= float(offered), f"a stack file's {engine} {offered} would break a policy"


def test_every_alert_that_a_policy_asks_for_exists() -> None:
    known = json.loads((ROOT / "components/atlas/data/alerts.json").read_text(encoding="utf-8"))
    metrics = {name for names in known["metrics"].values() for name in names}
    events = {name for names in known["events"].values() for name in names}
    for row in table("alarms")["atlasAlerts"]:
        assert set(row.get("metrics", ())) <= metrics, f"{row['subject']}: Atlas has no such metric"
        assert set(row.get("events", ())) <= events, f"{row['subject']}: Atlas has no such event"
    assert set(table("alarms")["highestAlerts"]) <= metrics


def test_every_alarm_that_a_policy_asks_for_is_one_that_the_components_make() -> None:
    alarms = json.loads((ROOT / "components/cache/data/alarms.json").read_text(encoding="utf-8"))["alarms"]
    made = {alarm["metric"] for alarm in alarms}
    for subject, metrics in table("alarms")["cacheAlarms"].items():
        assert made & set(metrics), f"no cache of ours could satisfy the policy on {subject}"


def test_the_register_knows_the_effects_that_a_review_judges() -> None:
    assert EFFECTS == HARMS, "an effect that closes a gate could not be accepted"
