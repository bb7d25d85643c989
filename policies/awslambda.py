"""Lambda: who may call a function."""

from __future__ import annotations

from collections.abc import Iterator

from .framework.policy import Settings, resource_policy
from .framework.resources import Resource
from .resource_types import LAMBDA_PERMISSION, LAMBDA_URL


@resource_policy(
    "lambda-permission",
    LAMBDA_PERMISSION,
    title="A function's permission names who calls it.",
    severity="high",
    rationale="A service calls for whoever asks it, in any account, unless the source is named.",
    remedy="Give sourceArn or sourceAccount.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
    enforcement="always",
    scanners={
        "checkov": ["CKV_AWS_301", "CKV_AWS_364"],
        "prowler": ["awslambda_function_not_publicly_accessible"],
        "trivy": ["AVD-AWS-0067"],
        "security-hub": ["Lambda.1"],
        "config": ["lambda-function-public-access-prohibited"],
        "cfn-nag": ["F13"],
    },
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


@resource_policy(
    "lambda-url",
    LAMBDA_URL,
    title="A function's address asks who calls.",
    severity="critical",
    rationale="Everybody on the internet could call it.",
    remedy="Set authorizationType: AWS_IAM, and name the origins.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
    enforcement="always",
    scanners={
        "checkov": ["CKV_AWS_258", "CKV2_AWS_75"],
        "prowler": ["awslambda_function_url_public", "awslambda_function_url_cors_policy"],
    },
)
def url(address: Resource, settings: Settings) -> Iterator[str]:
    if address.known("authorizationType").upper() == "NONE":
        yield "Everybody on the internet may call the function."
    cors = address.view("cors")
    if cors and "*" in cors.texts("allowOrigins"):
        yield "Every website may call it with the visitor's credentials."
