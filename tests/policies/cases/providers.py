"""Policies of providers that a program registers; what a stack file sets up of default ones: `test_providers`."""

from __future__ import annotations

from typing import Any

import pulumi

from tests.policies.programs import Case, Program


def atlas(p: Program, **over: Any) -> Any:
    return pulumi.ProviderResource("mongodbatlas", "atlas", over)


def aws(p: Program, **over: Any) -> Any:
    return pulumi.ProviderResource("aws", "aws", {"region": "ap-northeast-2", **over})


CASES = {
    "provider-endpoint": Case(
        keeps=lambda p: atlas(p, baseUrl="https://cloud.mongodb.com/"),
        breaks=lambda p: atlas(p, baseUrl="http://proxy.company.com/"),
        near=lambda p: atlas(p, baseUrl="http://127.0.0.1:8080/"),
    ),
    "provider-own-address": Case(
        keeps=lambda p: atlas(p, baseUrl="https://cloud.mongodb.com/"),
        breaks=lambda p: aws(p, endpoints='[{"sts": "https://amazonaws.com.example"}]'),
        near=lambda p: aws(p, endpoints='[{"s3": "https://bucket.vpce-1a2b.s3.eu-west-1.vpce.amazonaws.com"}]'),
    ),
    "provider-checks": Case(
        keeps=lambda p: aws(p, skipCredentialsValidation="false"),
        breaks=lambda p: aws(p, skipCredentialsValidation="true"),
        near=lambda p: aws(p, skipRegionValidation="true"),
    ),
    "provider-account": Case(
        keeps=lambda p: aws(p, allowedAccountIds='["111122223333"]'),
        breaks=lambda p: aws(p, allowedAccountIds="[]"),
        near=lambda p: atlas(p, baseUrl="https://cloud.mongodb.com/"),
    ),
}
