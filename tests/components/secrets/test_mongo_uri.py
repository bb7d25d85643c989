from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymongo.uri_parser import parse_uri

from components.atlas.uri import application_uri as mongo_uri

ATLAS = "mongodb://chat-shard-00-00.abcde.mongodb.net:27017,chat-shard-00-01.abcde.mongodb.net:27017/?ssl=true&replicaSet=atlas-x1-shard-0"
PRINTABLE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=128)
DATABASE = st.text(
    st.characters(codec="ascii", categories=("L", "N"), include_characters="-_"), min_size=1, max_size=38
)


@given(user=PRINTABLE, password=PRINTABLE, database=DATABASE)
@settings(max_examples=200)
def test_a_uri_parsed_by_the_driver_equals_the_parts_it_was_made_of(user: str, password: str, database: str) -> None:
    uri = mongo_uri(ATLAS, user=user, password=password, database=database, application="chat-app")
    parsed = parse_uri(uri)
    assert (parsed["username"], parsed["password"], parsed["database"]) == (user, password, database), (
        "The driver reads another login than the one Atlas holds: the application is locked out."
    )
    assert [host for host, _ in parsed["nodelist"]] == [
        "chat-shard-00-00.abcde.mongodb.net",
        "chat-shard-00-01.abcde.mongodb.net",
    ]


def test_a_uri_retries_writes_waits_for_a_majority_and_speaks_tls() -> None:
    options = parse_uri(mongo_uri(ATLAS, user="u", password="p", database="chatdb", application="chat-app"))["options"]
    assert options["retryWrites"] is True, "A failover would surface as an error in the application."
    assert options["w"] == "majority", "An acknowledged write could be rolled back after a failover."
    assert options["tls"] is True, "The password would cross the network in clear."
    assert options["authSource"] == "admin", "Atlas keeps its users in admin, not in the application's database."
    assert options["replicaSet"] == "atlas-x1-shard-0", "An option that Atlas gave was lost."


def test_an_srv_string_stays_one_and_names_tls_even_though_srv_implies_it() -> None:
    uri = mongo_uri("mongodb+srv://chat-pl-0.abcde.mongodb.net", user="u", password="p", database="d", application="a")
    parts = urlsplit(uri)
    assert (parts.scheme, parts.hostname, parts.path) == ("mongodb+srv", "chat-pl-0.abcde.mongodb.net", "/d")
    assert "tls=true" in parts.query.split("&")


def test_options_of_atlas_never_weaken_ours() -> None:
    weak = "mongodb://h:27017/?retrywrites=false&w=1&authSource=other"
    options = parse_uri(mongo_uri(weak, user="u", password="p", database="d", application="a"))["options"]
    assert (options["retryWrites"], options["w"], options["authSource"]) == (True, "majority", "admin")


@pytest.mark.parametrize(
    "wrong", ["", "chat.abcde.mongodb.net", "https://h", "mongodb+srv://", "mongodb://u:hunter2@h"]
)
def test_a_connection_string_that_is_none_is_refused_without_repeating_it(wrong: str) -> None:
    with pytest.raises(ValueError, match="connection string") as refused:
        mongo_uri(wrong, user="u", password="p", database="d", application="a")
    assert "hunter2" not in str(refused.value), "A password that was put into the wrong place would be printed."
