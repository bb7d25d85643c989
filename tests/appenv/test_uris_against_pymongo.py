"""`dolmen env check` against PyMongo's own parser, over a generated set of URIs and without a network."""

from collections import Counter

import pytest

from dolmen.appenv.definition import Tier
from dolmen.appenv.mongo_uri import faults
from tests.appenv.pymongo_client import Reading, read
from tests.appenv.uris import right, wrong

WRONG = [(way, str(uri)) for way, uri in wrong()]
RIGHT = [str(uri) for uri in right()]


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading | None]:
    return {uri: read(uri) for uri in dict.fromkeys([*(uri for _, uri in WRONG), *RIGHT])}


def refused(uri: str, tier: Tier = Tier.PRODUCTION) -> bool:
    return any(True for _ in faults(uri, tier))


def test_what_pymongo_refuses_is_refused(readings: dict[str, Reading | None]) -> None:
    by_pymongo = [uri for uri, reading in readings.items() if reading is None]
    assert len(by_pymongo) >= 1500, "The generated set holds too few URIs that PyMongo refuses to prove anything."
    passing = [uri for uri in by_pymongo if not refused(uri)]
    assert not passing, f"{len(passing)} URIs pass, and the application does not start: {passing[:5]}"


def test_what_pymongo_would_do_unsafely_is_refused(readings: dict[str, Reading | None]) -> None:
    unsafe = {uri: reading.unsafe for uri, reading in readings.items() if reading and reading.unsafe}
    reasons = Counter(reason for found in unsafe.values() for reason in found)
    for reason, least in {
        "no TLS": 30,
        "unchecked certificate": 80,
        "no login": 5,
        "wrong authSource": 40,
        "writes not by a majority": 20,
        "writes not retried": 8,
        "one member alone": 2,
    }.items():
        assert reasons[reason] >= least, f"Too few generated URIs show: {reason} ({reasons})"
    passing = [uri for uri in unsafe if not refused(uri)]
    assert not passing, f"{len(passing)} URIs pass that PyMongo follows unsafely: {passing[:5]}"


def test_each_way_to_go_wrong_is_refused_in_every_spelling(readings: dict[str, Reading | None]) -> None:
    assert len(WRONG) >= 2500 and len({way for way, _ in WRONG}) >= 50
    passing = Counter(way for way, uri in WRONG if not refused(uri))
    assert not passing, f"Wrong URIs pass: {passing}"
