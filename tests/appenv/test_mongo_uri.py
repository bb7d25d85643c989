"""What `dolmen env check` says of a MongoDB URI: which part, which rule, all at once, and nothing of what it holds."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from dolmen.appenv.check import problems
from dolmen.appenv.definition import Tier, definition
from dolmen.appenv.dotenv import Entry
from dolmen.appenv.mongo_uri import faults
from dolmen.cli.app import app
from tests.appenv.uris import CANARY, IAM, SRV, Uri
from tests.appenv.wrong_uris import wrong

SECRET = "q7Zk2vW9"
PIECES = [SECRET[at : at + 4].lower() for at in range(len(SECRET) - 3)]


def parts(uri: object, tier: Tier = Tier.PRODUCTION) -> list[str]:
    return [fault.part for fault in faults(str(uri), tier)]


def said(uri: object, tier: Tier = Tier.PRODUCTION) -> str:
    return "\n".join(" ".join(fault) for fault in faults(str(uri), tier))


@pytest.mark.parametrize(
    ("uri", "part"),
    [
        (replace(SRV, login=f"chat-app:{CANARY}%zz@"), "password"),
        (replace(SRV, login=f"chat app:{CANARY}@"), ""),
        (replace(SRV, login=f"chat+app:{CANARY}@"), "user"),
        (replace(SRV, login="chat-app:<password>@"), "password"),
        (replace(SRV, login="chat-app:%3Cpassword%3E@"), "password"),
        (replace(SRV, login=f"chat-app:{CANARY}%0A@"), "password"),
        (replace(SRV, login=f"chat-app:{CANARY}%2540@"), "password"),
        (replace(SRV, hosts="chat.abcde.mongodb.net:27017"), "host"),
        (replace(SRV, hosts="cluster0.xxxxx.mongodb.net"), "host"),
        (replace(SRV, path="/chatdb.users?"), "database"),
        (replace(SRV, around='"{}"'), ""),
        (replace(SRV, joined="&amp;"), ""),
        (replace(SRV, joined="\\u0026"), ""),
        (replace(SRV, joined=";"), "options"),
        (SRV.with_option("authSource=chatdb"), "authSource"),
        (SRV.with_option("tlsInsecure=true"), "tlsInsecure"),
        (SRV.with_option("tlsAllowInvalidCertificates=%74rue"), "tlsAllowInvalidCertificates"),
        (SRV.with_option("TLSALLOWINVALIDHOSTNAMES=true"), "tlsAllowInvalidHostnames"),
        (SRV.with_option("tlsDisableOCSPEndpointCheck=true"), "tlsDisableOCSPEndpointCheck"),
        (SRV.with_option("directConnection=true"), "directConnection"),
        (SRV.with_option("loadBalanced=true"), "loadBalanced"),
        (SRV.with_option("readPreference=primari"), "readPreference"),
        (SRV.with_option("journal=false"), "journal"),
        (SRV.with_option("srvServiceName=other"), "srvServiceName"),
        (SRV.with_option("authMechanism=GSSAPI"), "authMechanism"),
        (SRV.with_option("authMechanismProperties=ENVIRONMENT:k8s"), "authMechanismProperties"),
    ],
)
def test_one_mistake_gives_one_problem_at_its_part(uri: Uri, part: str) -> None:
    assert parts(uri) == [part], f"The problem is not said once, at its part:\n{said(uri)}"


LOCAL = replace(
    SRV, scheme="mongodb://", hosts="localhost:27017,localhost:27018", options=("retryWrites=true", "w=majority")
)


@pytest.mark.parametrize(
    ("uri", "rule"),
    [
        (replace(SRV, login=f"chat-app:{CANARY}/x@"), "A slash in a user or password is percent-encoded"),
        (replace(SRV, login=f"chat-app:{CANARY}?x@"), "A question mark in a user or password is percent-encoded"),
        (replace(IAM, login=f":{CANARY}@"), "A login has a user before the colon"),
        (LOCAL.and_option("directConnection=true"), "With directConnection=true a URI names one host"),
        (LOCAL.and_option("loadBalanced=true"), "With loadBalanced=true a URI names one host"),
        (LOCAL.and_option("authMechanism=PLAIN"), "PLAIN sends the password as it is"),
        (SRV.and_option("app%4Eame=chat-app"), "Names of options are not encoded"),
        (SRV.and_option("appName=chat+app"), "Some drivers read + as a space"),
        (SRV.and_option("appName=one", "APPNAME=two"), "An option stands in the URI once"),
    ],
)
def test_the_rule_says_what_happened_to_the_uri(uri: Uri, rule: str) -> None:
    assert rule in said(uri, Tier.DEVELOPMENT), (
        f"The remedy for this mistake is missing:\n{said(uri, Tier.DEVELOPMENT)}"
    )


@pytest.mark.parametrize(
    "name", ["sslValidate", "SSL_MATCH_HOSTNAME", "sslinvalidhostnameallowed", "%73slInsecure", "sslVerifyCertificate"]
)
def test_another_drivers_name_for_an_unchecked_certificate_is_said_with_its_driver(name: str) -> None:
    assert "driver's own name for whether the server's certificate is checked" in said(SRV.and_option(f"{name}=false"))


def test_all_problems_of_a_uri_come_at_once_also_behind_quotes_and_html() -> None:
    uri = replace(
        SRV.with_option("tlsInsecure=true", "w=1", "authSource=chatdb"),
        login="<username>:<password>@",
        joined="&amp;",
        around='"{}"\n',
    )
    assert set(parts(uri)) == {"", "user", "password", "tlsInsecure", "w", "authSource"}, (
        "Problems come one after the other: each costs a deployment."
    )
    assert "options" not in parts(uri), "What follows from &amp; is said as if it were another mistake."


@pytest.mark.parametrize("tier", Tier)
def test_without_authsource_atlas_dns_gives_it_and_nothing_else_does(tier: Tier) -> None:
    bare = SRV.without("authSource")
    assert parts(bare, tier) == [], "Atlas's own TXT record says authSource=admin: such a URI works."
    assert parts(replace(bare, hosts="db.company.com.kr"), tier) == ["authSource"]
    assert parts(replace(bare, scheme="mongodb://"), tier) == ["authSource"]
    assert parts(replace(bare, scheme="mongodb://", path="/?"), tier) == [], "Without a database it is admin by itself."


def broken() -> Iterator[str]:
    """URIs with the secret anywhere, and broken so that it can't be told from the rest."""
    for raw in ("", *"@/:?#[]%&=;+ <>{}$\"'\\\n", "%", "://", "&amp;", "?tls=", "&w=", "=x&", "@@", "%00"):
        for login in (
            f"u:{SECRET}{raw}",
            f"u:{raw}{SECRET}",
            f"u:{SECRET}{raw}{SECRET}",
            f"{SECRET}{raw}:p",
            f"{raw}{SECRET}",
        ):
            for scheme in ("mongodb+srv://", "mongodb://", "mongodb:", ""):
                for at in ("@", ""):
                    yield f"{scheme}{login}{at}chat.abcde.mongodb.net/chatdb?retryWrites=true&w=majority"
    for uri in (
        replace(SRV, hosts=f"{SECRET}.b.mongodb.net:x"),
        replace(SRV, path=f"/{SECRET}.x?"),
        SRV.and_option(f"{SECRET}=true"),
        SRV.and_option(f"tlsInsecure={SECRET}"),
        SRV.and_option(f"authMechanism={SECRET}"),
        SRV.and_option(f"authMechanismProperties=AWS_SESSION_TOKEN:{SECRET}"),
        SRV.and_option(f"tlsCertificateKeyFilePassword={SECRET}%zz"),
        SRV.and_option(f"connectTimeoutMS={SECRET}"),
        SRV.and_option(SECRET),
    ):
        yield str(uri)


@pytest.mark.parametrize("tier", Tier)
def test_nothing_of_a_uri_is_ever_said_however_broken_it_is(tier: Tier) -> None:
    for uri in broken():
        text = said(uri, tier).lower()
        assert not [piece for piece in PIECES if piece in text], f"A part of a password would be printed:\n{text}"
    sentences = {fault for _, uri in wrong() for fault in faults(str(uri), tier)}
    assert len(sentences) < 250, "Sentences differ with the URI: something of it is in them."
    assert not [fault for fault in sentences if CANARY.lower() in " ".join(fault).lower()]


def test_the_command_prints_the_part_and_not_the_password(tmp_path: Path) -> None:
    file = tmp_path / "service.env"
    file.write_text(f"MONGO_URI={replace(SRV, login=f'chat-app:{SECRET}?{SECRET}@').with_option('tlsInsecure=true')}\n")
    result = CliRunner().invoke(app, ["env", "check", "--file", str(file)])
    assert result.exit_code == 2
    assert "MONGO_URI.tlsInsecure" in result.output, "The part of the URI is not named."
    assert SECRET not in result.output


@given(text=st.text(st.characters(exclude_categories=()), max_size=120), tier=st.sampled_from(Tier))
@settings(max_examples=400)
def test_any_text_gives_rules_and_remedies_and_never_a_traceback(text: str, tier: Tier) -> None:
    for uri in (text, f"mongodb://{text}", f"mongodb+srv://u:{text}@a.b.mongodb.net/?{text}", f"{SRV}&{text}={text}"):
        assert all(fault.rule and fault.remedy for fault in faults(uri, tier))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDIS_USERNAME", "<cache user>"),
        ("REDIS_USERNAME", "${REDIS_USERNAME}"),
        ("REDIS_PASSWORD", "<redis_password>"),
        ("REDIS_PASSWORD", "{{redis_password}}"),
        ("REDIS_PASSWORD", "xxxxxxxxxxxxxxxx"),
        ("REDIS_PASSWORD", "your_password_here"),
    ],
)
def test_a_placeholder_is_no_value_of_the_cache_either(name: str, value: str) -> None:
    found = [
        problem
        for problem in problems({name: Entry(value)}, definition(), tier=Tier.STAGING)
        if problem.path == (name,)
    ]
    assert ["placeholder" in problem.rule for problem in found] == [True], (
        "The application would start, and log in with it."
    )
