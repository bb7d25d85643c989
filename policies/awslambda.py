"""Lambda: who may call a function."""

from __future__ import annotations

from collections.abc import Iterator

from .framework.policy import Settings, resource_policy, words
from .framework.resources import Resource
from .resource_types import LAMBDA_PERMISSION, LAMBDA_URL


@resource_policy("lambda-permission", LAMBDA_PERMISSION, severity="high", enforcement="always")
@words(
    title="A function's permission names who calls it.",
    rationale="A service calls for whoever asks it, in any account, unless the source is named.",
    remedy="Give sourceArn or sourceAccount.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
)
def permission(grant: Resource, settings: Settings) -> Iterator[str]:
    if grant.given("principalOrgId"):
        return
    principal = grant.known("principal")
    source = grant.given("sourceArn") or grant.given("sourceAccount")
    if principal == "*" and not source:
        yield "Everybody may call the function."
    elif principal.endswith((".amazonaws.com", ".amazonaws.com.cn")) and not source:
        yield f"{principal} may call it for any account: sourceArn is absent."


@resource_policy("lambda-url", LAMBDA_URL, severity="critical", enforcement="always")
@words(
    title="A function's address asks who calls.",
    rationale="Everybody on the internet could call it.",
    remedy="Set authorizationType: AWS_IAM, and name the origins.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
)
def url(address: Resource, settings: Settings) -> Iterator[str]:
    if address.known("authorizationType").upper() == "NONE":
        yield "Everybody on the internet may call the function."
    cors = address.view("cors")
    if cors and "*" in cors.texts("allowOrigins"):
        yield "Every website may call it with the visitor's credentials."
