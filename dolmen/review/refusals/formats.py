"""Formats of text by the words of the providers' schemas: what fits, how it is said, and where that is written."""

from __future__ import annotations

import base64
import binascii
import functools
import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

_AWS = "https://docs.aws.amazon.com/"
_ATLAS = "https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/"


class Format(NamedTuple):
    fits: Callable[[str], bool]
    words: str
    """After "it must be"."""
    source: str


def _matches(pattern: str, longest: int | None = None, *, empty: bool = False) -> Callable[[str], bool]:
    def fits(text: str) -> bool:
        if not text:
            return empty
        found = re.fullmatch(pattern, text, re.ASCII | re.DOTALL)  # compiled when it is first needed, and kept by `re`
        return found is not None and (longest is None or len(text.encode("utf-8", "surrogatepass")) <= longest)

    return fits


_REGION = r"([a-z]{2}(-[a-z]+)+-\d{1,2})?"
_ACCOUNT = r"(aws|aws-managed|third-party|aws-marketplace|\d{12}|cw.{10})?"
_arn = _matches(rf"arn:aws(-[a-z]+)*:[^:]*:{_REGION}:{_ACCOUNT}:.+", empty=True)


def _json(text: str) -> bool:
    if not text:
        return True
    try:
        json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(constant: str) -> Any:
    raise ValueError(constant)  # Python reads NaN and Infinity, which JSON does not have


def _policy(text: str) -> bool:
    return text.startswith("{") and _json(text)


def _network(text: str, version: int | None, *, longest: int = 128, shortest: int = 0) -> bool:
    """A network in its shortest form: no bit set behind the prefix."""
    address, slash, prefix = text.partition("/")
    if not slash or not prefix.isdecimal() or not address:
        return False
    try:
        found = ipaddress.ip_network(text)
    except ValueError:
        return False
    return version in (None, found.version) and shortest <= found.prefixlen <= longest


def _address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def _https(text: str) -> bool:
    try:
        found = urlsplit(text)
    except ValueError:
        return False
    return found.scheme == "https" and not found.query


def _base64(text: str) -> bool:
    try:
        base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _number_text(text: str) -> bool:
    try:
        return not text or float(text) == float(text)
    except ValueError:
        return False


_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_DAY = r"(sun|mon|tue|wed|thu|fri|sat)"
_WEEKLY = _matches(rf"{_DAY}:{_TIME}-{_DAY}:{_TIME}", empty=True)

FORMATS: Mapping[str, Format] = {
    "arn": Format(_arn, "an ARN", f"{_AWS}IAM/latest/UserGuide/reference-arns.html"),
    "authToken": Format(
        _matches(r'[^@"/]+'),
        'text without `@`, `"` and `/`',
        f"{_AWS}AmazonElastiCache/latest/dg/auth.html",
    ),
    "base64": Format(_base64, "Base64", "https://www.rfc-editor.org/rfc/rfc4648#section-4"),
    "booleanText": Format(
        lambda text: text in {"", "1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"},
        "`true` or `false`",
        "https://pkg.go.dev/strconv#ParseBool",
    ),
    "cidr": Format(lambda text: _network(text, None), "a network such as 10.0.0.0/16", f"{_ATLAS}"),
    "cidrNetwork": Format(lambda text: _network(text, None), "a network such as 10.0.0.0/16", f"{_ATLAS}"),
    "dailyWindow": Format(
        _matches(rf"{_TIME}-{_TIME}", empty=True),
        "a window such as 03:00-04:00",
        f"{_AWS}AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html",
    ),
    "dashboardName": Format(
        _matches(r"[0-9A-Za-z_-]+"),
        "letters, digits, `_` and `-`",
        f"{_AWS}AmazonCloudWatch/latest/APIReference/API_PutDashboard.html",
    ),
    "duration": Format(
        _matches(r"[-+]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)"),
        "a duration such as 30m or 1h30m",
        "https://pkg.go.dev/time#ParseDuration",
    ),
    "ec2AutomateArn": Format(
        _matches(r"arn:[\w-]+:automate:[\w-]+:ec2:(reboot|recover|stop|terminate)"),
        "an ARN or an EC2 action such as arn:aws:automate:eu-west-1:ec2:recover",
        f"{_AWS}AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
    ),
    "elasticacheVersion": Format(
        _matches(r"[1-5](\.\d+){2}|6\.x|[6-9]\.\d+"),
        "a version such as 7.1, 6.x or 5.0.6",
        f"{_AWS}AmazonElastiCache/latest/dg/supported-engine-versions.html",
    ),
    "httpsUrl": Format(
        _https,
        "a URL that begins with https:// and has no query",
        f"{_AWS}IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html",
    ),
    "iamPath": Format(
        lambda text: text.startswith("/") and text.endswith("/"),
        "a path that begins and ends with `/`",
        f"{_AWS}IAM/latest/APIReference/API_CreatePolicy.html",
    ),
    "iamPolicyJson": Format(_policy, "a policy as a JSON object", f"{_AWS}IAM/latest/UserGuide/access_policies.html"),
    "ip": Format(_address, "an IP address", f"{_ATLAS}"),
    "ipv4Network": Format(
        lambda text: _network(text, 4),
        "an IPv4 network such as 10.0.0.0/16, with no bit set behind the prefix",
        f"{_AWS}vpc/latest/userguide/vpc-cidr-blocks.html",
    ),
    "ipv6Network": Format(
        lambda text: _network(text, 6),
        "an IPv6 network such as 2001:db8::/56, with no bit set behind the prefix",
        f"{_AWS}vpc/latest/userguide/vpc-cidr-blocks.html",
    ),
    "json": Format(_json, "JSON", "https://www.rfc-editor.org/rfc/rfc8259"),
    "kmsAliasName": Format(
        _matches(r"alias/[0-9A-Za-z_/-]+"),
        "`alias/` and then letters, digits, `_`, `/` and `-`",
        f"{_AWS}kms/latest/APIReference/API_CreateAlias.html",
    ),
    "kmsGrantName": Format(
        _matches(r"[0-9A-Za-z:/_-]+", 256),
        "at most 256 letters, digits, `:`, `/`, `_` and `-`",
        f"{_AWS}kms/latest/APIReference/API_CreateGrant.html",
    ),
    "logGroupName": Format(
        _matches(r"[0-9A-Za-z_./#-]+"),
        "letters, digits, `_`, `-`, `/`, `.` and `#`",
        f"{_AWS}AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
    ),
    "metricFilterName": Format(
        _matches(r"[^:*]+"),
        "text without `:` and `*`",
        f"{_AWS}AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html",
    ),
    "metricFilterTransformationName": Format(
        _matches(r"[^:*$]*", empty=True),
        "text without `:`, `*` and `$`",
        f"{_AWS}AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html",
    ),
    "noArn": Format(
        lambda text: not text.startswith("arn:"),
        "the role's name, not its ARN",
        f"{_AWS}IAM/latest/APIReference/API_PutRolePolicy.html",
    ),
    "notEmpty": Format(bool, "text that is not empty", ""),
    "notZero": Format(bool, "text that is not empty", ""),
    "numberText": Format(
        _number_text, "a number", f"{_AWS}AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html"
    ),
    "s3ObjectArn": Format(
        lambda text: _arn(text) and "," not in text,
        "the ARN of an S3 object without `,`",
        f"{_AWS}AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html",
    ),
    "secretName": Format(
        _matches(r"[0-9A-Za-z/_+=.@-]+", 512),
        "at most 512 letters, digits and `/_+=.@-`",
        f"{_AWS}secretsmanager/latest/apireference/API_CreateSecret.html",
    ),
    "securityGroupRuleDescription": Format(
        _matches(r"[0-9A-Za-z_ .:/()#,@\[\]+=&;{}!$*-]*", empty=True),
        "letters, digits, spaces and `._-:/()#,@[]+=&;{}!$*`",
        f"{_AWS}AWSEC2/latest/APIReference/API_IpRange.html",
    ),
    "servicePrincipal": Format(
        _matches(r"([0-9a-z-]+\.){1,4}(amazonaws|amazon)\.com"),
        "an ARN or a service principal such as logs.amazonaws.com",
        f"{_AWS}IAM/latest/UserGuide/reference_policies_elements_principal.html",
    ),
    "uppercase": Format(
        lambda text: text == text.upper(),
        "in capital letters",
        f"{_ATLAS}",
    ),
    "utf8Length": Format(
        lambda text: len(text) <= 1024,
        "at most 1024 characters",
        f"{_AWS}AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html",
    ),
    "vpcNetwork": Format(
        lambda text: _network(text, 4, shortest=16, longest=28),
        "an IPv4 network between /16 and /28",
        f"{_AWS}vpc/latest/userguide/vpc-cidr-blocks.html",
    ),
    "weeklyWindow": Format(
        lambda text: _WEEKLY(text.lower()),
        "a window such as sun:03:00-sun:04:00",
        f"{_AWS}AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html",
    ),
}
"""Word of a schema → what it means. A word that is missing here is a fault that a test finds."""


@functools.cache
def pattern(written: str) -> re.Pattern[str]:
    """A provider's pattern: Go's `$` is the end of the text, and its classes are ASCII."""
    return re.compile(re.sub(r"(?<!\\)\$(?=$|[|)])", r"\\Z", written), re.ASCII)
