"""Lambda: who may call a function."""

from __future__ import annotations

from collections.abc import Iterator

from .framework.resources import Resource
from .framework.rule import Settings, resource_rule
from .types import LAMBDA_PERMISSION, LAMBDA_URL


@resource_rule("lambda-permission", LAMBDA_PERMISSION)
def permission(grant: Resource, settings: Settings) -> Iterator[str]:
    if grant.given("principalOrgId"):
        return
    principal = grant.known("principal")
    source = grant.given("sourceArn") or grant.given("sourceAccount")
    if principal == "*" and not source:
        yield "Everybody may call the function."
    elif principal.endswith((".amazonaws.com", ".amazonaws.com.cn")) and not source:
        yield f"{principal} may call it for any account: sourceArn is absent."


@resource_rule("lambda-url", LAMBDA_URL)
def url(address: Resource, settings: Settings) -> Iterator[str]:
    if address.known("authorizationType").upper() == "NONE":
        yield "Everybody on the internet may call the function."
    cors = address.view("cors")
    if cors and "*" in cors.texts("allowOrigins"):
        yield "Every website may call it with the visitor's credentials."
