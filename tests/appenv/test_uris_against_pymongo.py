"""`dolmen env check` against PyMongo's own parser, over a generated set of URIs and without a network."""

import random
import string
from collections import Counter
from collections.abc import Iterator

import pytest
from pymongo.common import URI_OPTIONS_VALIDATOR_MAP

from components.atlas.database_access import PASSWORD_LENGTH, PASSWORD_SPECIAL
from components.atlas.uri import application_uri
from dolmen.appenv.definition import Tier
from dolmen.appenv.mongo_uri import faults
from dolmen.appenv.mongo_uri.catalog import catalog
from tests.appenv.edited_uris import by_chance
from tests.appenv.pymongo_client import Reading, read
from tests.appenv.uris import LISTED, SRV, local, right
from tests.appenv.wrong_uris import TLS_OFF, TLS_OFF_ELSEWHERE, wrong

RIGHT = [str(uri) for uri in right()]
LOCAL = [str(uri) for uri in local()]
WRONG = {str(uri): way for way, uri in wrong()}
OPTIONS = sorted({*URI_OPTIONS_VALIDATOR_MAP, *TLS_OFF, *TLS_OFF_ELSEWHERE})
EDITED = list(by_chance(20261130, 2000, RIGHT, OPTIONS))
LOCAL_EDITED = list(by_chance(20261130, 1000, LOCAL, OPTIONS))


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading | None]:
    return read(*WRONG, *EDITED)


def refused(uri: str, tier: Tier = Tier.PRODUCTION) -> bool:
    return next(faults(uri, tier), None) is not None


@pytest.mark.long
def test_what_pymongo_refuses_is_refused(readings: dict[str, Reading | None]) -> None:
    by_pymongo = [uri for uri, reading in readings.items() if reading is None]
    assert len(by_pymongo) >= 4000, "The generated set holds too few URIs that PyMongo refuses to prove anything."
    passing = [uri for uri in by_pymongo if not (refused(uri) and refused(uri, Tier.DEVELOPMENT))]
    assert not passing, f"{len(passing)} URIs pass with which no application starts: {passing[:5]}"


@pytest.mark.parametrize(
    ("reason", "least"),
    [
        ("no TLS", 100),
        ("unchecked certificate", 450),
        ("no login", 5),
        ("wrong authSource", 180),
        ("writes not by a majority", 95),
        ("writes not retried", 20),
        ("one member alone", 90),
    ],
)
def test_what_pymongo_would_do_unsafely_is_refused(
    readings: dict[str, Reading | None], reason: str, least: int
) -> None:
    unsafe = [uri for uri, reading in readings.items() if reading and reason in reading.unsafe]
    assert len(unsafe) >= least, f"Only {len(unsafe)} generated URIs show it."
    passing = [uri for uri in unsafe if not (refused(uri) and refused(uri, Tier.DEVELOPMENT))]
    assert not passing, f"{len(passing)} URIs pass that PyMongo follows: {passing[:5]}"


def test_each_way_to_go_wrong_is_refused_in_every_spelling_also_where_pymongo_takes_it() -> None:
    assert (len(WRONG) >= 4000, len(set(WRONG.values())) >= 65) == (True, True), "The generated set has shrunk."
    passing = Counter(way for uri, way in WRONG.items() if not refused(uri))
    assert not passing, f"Wrong URIs pass: {passing}"


def test_right_uris_are_accepted_and_pymongo_follows_them_safely() -> None:
    assert len(RIGHT) >= 1500, "The generated set has shrunk."
    refusals = {uri: found for uri in RIGHT if (found := list(faults(uri, Tier.PRODUCTION)))}
    assert not refusals, f"{len(refusals)} right URIs are refused: {list(refusals.items())[:3]}"
    doubtful = [uri for uri, reading in read(*RIGHT).items() if reading is None or reading.unsafe]
    assert not doubtful, f"What counts as right here is not: {doubtful[:3]}"


def test_most_of_what_pymongo_follows_safely_after_a_random_edit_is_accepted(
    readings: dict[str, Reading | None],
) -> None:
    safe = [uri for uri in EDITED if (reading := readings[uri]) and not reading.unsafe]
    strict = [uri for uri in safe if refused(uri)]
    assert len(safe) >= 300
    assert len(strict) <= len(safe) * 0.25, f"A check that refuses {len(strict)} of {len(safe)} would be switched off."


def test_in_development_a_local_server_may_do_without_login_and_tls_and_no_more() -> None:
    refusals = {uri: found for uri in LOCAL if (found := list(faults(uri, Tier.DEVELOPMENT)))}
    assert not refusals, f"A developer's own server is refused: {list(refusals.items())[:3]}"
    assert None not in read(*LOCAL).values(), "What counts as right here PyMongo refuses."
    never = {"unchecked certificate", "writes not by a majority", "writes not retried"}
    edited = read(*LOCAL_EDITED, *(uri.replace(".sock", ".SOCK") for uri in LOCAL if ".sock" in uri))
    wrong_ones = [uri for uri, reading in edited.items() if reading is None or never & {*reading.unsafe}]
    assert len(wrong_ones) >= 600, "The generated set has shrunk."
    passing = [uri for uri in wrong_ones if not refused(uri, Tier.DEVELOPMENT)]
    assert not passing, f"{len(passing)} URIs pass that fail or are unsafe: {passing[:5]}"


def made_by_the_platform(count: int) -> Iterator[tuple[str, str]]:
    """URIs with passwords of the kind that the platform generates, and the password of each."""
    chance = random.Random(7)
    for _ in range(count):
        characters = [
            chance.choice(string.ascii_letters + string.digits + PASSWORD_SPECIAL) for _ in range(PASSWORD_LENGTH)
        ]
        password = "".join(characters)
        base = chance.choice((SRV, LISTED))
        atlas = f"{base.scheme}{base.hosts}" + (
            "" if base is SRV else "/?ssl=true&authSource=x&replicaSet=atlas-1-shard-0"
        )
        yield (
            application_uri(
                atlas, database="chatdb", application="chat-app", user="chat-prod_chat-app_a", password=password
            ),
            password,
        )


def test_every_uri_that_the_platform_makes_is_accepted_and_read_as_it_was_meant() -> None:
    made = dict(made_by_the_platform(2000))
    refusals = [found for uri in made if (found := list(faults(uri, Tier.PRODUCTION)))]
    assert not refusals, f"The platform's own URIs are refused: {refusals[:3]}"
    otherwise = [
        reading
        for uri, reading in read(*made).items()
        if reading is None or (reading.password, reading.unsafe) != (made[uri], [])
    ]
    assert not otherwise, f"PyMongo reads {len(otherwise)} of the platform's URIs otherwise than they were meant."
    iam = application_uri(f"{SRV.scheme}{SRV.hosts}", database="chatdb", application="chat-app", iam=True)
    reading = read(iam)[iam]
    assert not refused(iam) and reading and reading.unsafe == [], "A login with IAM is refused."


def test_every_option_that_is_accepted_is_known_to_pymongo_and_the_other_way_round() -> None:
    set_in_code = {"driver", "server_api"}
    without_effect = {"fsync", "waitqueuemultiple"}
    assert set(catalog().options) == set(URI_OPTIONS_VALIDATOR_MAP) - set_in_code - without_effect, (
        "PyMongo has learnt or forgotten an option: decide what it means for safety, and write it into options.json."
    )
