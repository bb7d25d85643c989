"""Wrong URIs whose mistake is in the login: user, password, mechanism, and the database that knows them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

from tests.appenv.spelling import cases
from tests.appenv.uris import CANARY, GOOD_OPTIONS, IAM, LISTED, OIDC, SRV, Uri

PLACEHOLDERS = (
    "<password>",
    "<db_password>",
    "<your password here>",
    "PASSWORD",
    "db_password",
    "YOUR-PASSWORD",
    "changeme",
    "${MONGO_PASSWORD}",
    "${{ secrets.MONGO_PASSWORD }}",
    "{{password}}",
    "{{ .Values.password }}",
    "{password}",
    "{}",
    "$MONGO_PASSWORD",
    "$(MONGO_PASSWORD)",
    "#{PASSWORD}#",
    "__PASSWORD__",
    "[secret]",
    "[YOUR-PASSWORD]",
    "*****",
    "xxxxxxxx",
    "None",
    "null",
    "undefined",
)
RAW_IN_A_LOGIN = ("@", "/", ":", "%", "?", "#", "[", "]", "+", "%zz", "%FF", "%00", "%0A", "\n", " ", "ä")


def logins(base: Uri) -> Iterator[tuple[str, Uri]]:
    for raw in RAW_IN_A_LOGIN:
        for login in (
            f"chat-app:{CANARY}{raw}@",
            f"chat-app:{raw}{CANARY}@",
            f"chat{raw}app:{CANARY}@",
            f"chat-app:12{raw}3@",
        ):
            yield "login not encoded", replace(base, login=login)
    for placeholder in PLACEHOLDERS:
        for text in (placeholder, quote(placeholder, safe=""), quote(quote(placeholder, safe=""), safe="")):
            yield "placeholder", replace(base, login=f"chat-app:{text}@")
    for user in ("<user>", "<username>", "${USER}", "%3Cusername%3E", "{{user}}", "None", "username"):
        yield "placeholder", replace(base, login=f"{user}:{CANARY}@")
    yield "placeholder", replace(base, login="<user:password>@")
    for character in "@/:%#?&":
        yield "encoded twice", replace(base, login=f"chat-app:{CANARY}{quote(quote(character, safe=''), safe='')}@")
    for login in (
        "",
        "@",
        ":@",
        f":{CANARY}@",
        "chat-app@",
        "chat-app:@",
        f"chat-app:{CANARY}",
        f"chat-app:{CANARY}@@",
    ):
        yield "no login", replace(base, login=login)


def sources() -> Iterator[tuple[str, Uri]]:
    for base in (SRV, LISTED, replace(SRV, hosts="db.company.com.kr")):
        for name, source in itertools.product(
            cases("authSource"),
            ("chatdb", "Admin", "test", "", "%24external", "$external", "%61dmin1", "admin%20", "local"),
        ):
            yield "wrong authSource", base.without("authSource").and_option(f"{name}={source}")
        for company, source in itertools.product(GOOD_OPTIONS, ("chatdb", "%61dmins")):
            yield "wrong authSource", base.with_option(f"authSource={source}", *company)
        yield "authSource twice", base.and_option("authSource=chatdb")
        if base is not SRV:
            yield "no authSource", base.without("authSource")
    for mechanism in ("MONGODB-AWS", "MONGODB-X509", "MONGODB-OIDC"):
        for source in ("admin", "chatdb", "%24External", "external", ""):
            yield "wrong authSource", OIDC.with_option(f"authMechanism={mechanism}", f"authSource={source}")
        yield "no authSource", OIDC.with_option(f"authMechanism={mechanism}").without("authSource")
    yield "no authSource", SRV.with_option("authMechanism=PLAIN").without("authSource")
    yield "no authSource", LISTED.with_option("authMechanism=PLAIN").without("authSource")


def mechanisms() -> Iterator[tuple[str, Uri]]:
    for base in (SRV, LISTED):
        for mechanism in ("SCRAM", "scram-sha-256", "MONGODB-CR", "", "DEFAULT", "GSSAPI", "MONGODB-X509", "MONGODB-OIDC", "PLAIN"):  # fmt: skip
            yield "mechanism", base.with_option(f"authMechanism={mechanism}")
        yield "mechanism", base.with_option("authMechanism=MONGODB-X509", "authSource=%24external")
        yield "mechanism", base.with_option("authMechanism=MONGODB-OIDC", "authSource=%24external")
        yield "mechanism", base.with_option("authMechanismProperties=SERVICE_NAME:mongodb")
    for mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"):
        yield "mechanism", IAM.with_option(f"authMechanism={mechanism}")
    yield "mechanism", replace(IAM, login="AKIAEXAMPLE@")
    for properties in ("", "X", "X:y", "AWS_SESSION_TOKEN", "AWS_SESSION_TOKEN:", "ENVIRONMENT:k8s", "aws_session_token:x", "AWS_SESSION_TOKEN:a=b"):  # fmt: skip
        yield "properties", IAM.with_option(f"authMechanismProperties={properties}")
    for properties in ("", "ENVIRONMENT", "ENVIRONMENT:", "ENVIRONMENT:aws", "ENVIRONMENT:azure", "ENVIRONMENT:gcp", "ENVIRONMENT:test", "TOKEN_RESOURCE:x"):  # fmt: skip
        yield "properties", OIDC.with_option(f"authMechanismProperties={properties}")
    yield "properties", OIDC.without("authMechanismProperties")
