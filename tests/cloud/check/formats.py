"""The formats that the constraint data name: what a text must look like.

The words are those of the data; what each one accepts follows from the services' documentation, and from the sample
values that the data say were accepted and refused.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import re
from collections.abc import Callable

from tests.cloud.check.failures import FailureKind

Format = Callable[[str], bool]

_PARTITION = r"aws(-[a-z]+)*"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _matches(pattern: str) -> Format:
    compiled = re.compile(pattern, re.ASCII)
    return lambda text: compiled.fullmatch(text) is not None


def arn(text: str) -> bool:
    """An ARN, or nothing. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html"""
    parts = text.split(":", 5)
    return text == "" or (
        len(parts) == 6
        and parts[0] == "arn"
        and re.fullmatch(_PARTITION, parts[1]) is not None
        and parts[2] != ""
        and re.fullmatch(r"([a-z]{2}(-[a-z]+)+-\d+|global)?", parts[3]) is not None
        and re.fullmatch(r"(\d{12}|aws|aws-managed|third-party|cloudfront)?", parts[4]) is not None
        and parts[5] != ""
    )


def _refuse(constant: str) -> object:
    raise ValueError(constant)


def json_text(text: str) -> bool:
    """JSON of any kind, or nothing."""
    try:
        json.loads(text or "{}", parse_constant=_refuse)
    except ValueError:
        return False
    return True


def iam_policy(text: str) -> bool:
    """A JSON object, without space before it. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"""
    return text.startswith("{") and json_text(text)


def network(text: str) -> bool:
    """A CIDR block whose address is the network's own."""
    try:
        return "/" in text and bool(ipaddress.ip_network(text, strict=True))
    except ValueError:
        return False


def cidr(text: str) -> bool:
    """A CIDR block, host bits or not."""
    try:
        return "/" in text and bool(ipaddress.ip_network(text, strict=False))
    except ValueError:
        return False


def address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def _of_version(version: int) -> Format:
    return lambda text: network(text) and ipaddress.ip_network(text).version == version


def vpc_block(text: str) -> bool:
    """An IPv4 network of /16 to /28. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"""
    return network(text) and 16 <= ipaddress.ip_network(text).prefixlen <= 28


def vpc_ipv6_block(text: str) -> bool:
    """An IPv6 network of /44 to /60, in steps of 4. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"""
    return _of_version(6)(text) and 44 <= ipaddress.ip_network(text).prefixlen <= 60


def base64_text(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"


def daily_window(text: str) -> bool:
    """hh24:mi-hh24:mi, or nothing. https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html"""
    return text == "" or re.fullmatch(f"{_CLOCK}-{_CLOCK}", text) is not None


def weekly_window(text: str) -> bool:
    """ddd:hh24:mi-ddd:hh24:mi, or nothing. https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/maintenance-window.html"""
    day = f"({'|'.join(_DAYS)})"
    return text == "" or re.fullmatch(f"{day}:{_CLOCK}-{day}:{_CLOCK}", text.lower()) is not None


def duration(text: str) -> bool:
    """A duration as Go reads it: `1h30m`, `90s`. https://pkg.go.dev/time#ParseDuration"""
    return re.fullmatch(r"[+-]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)", text) is not None


def engine_version(text: str) -> bool:
    """Redis to 5 has three numbers, Redis 6 also `6.x`, later ones and Valkey two.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html
    """
    return re.fullmatch(r"[1-5](\.\d+){2}|6\.x|[6-9]\.\d+", text, re.ASCII) is not None


def log_group_name(text: str) -> bool:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html"""
    return re.fullmatch(r"[.\-_/#A-Za-z0-9]+", text) is not None


FORMATS: dict[str, Format] = {
    "arn": arn,
    "atlasRoleName": lambda text: not text.startswith("x-gen"),
    "authToken": _matches(r'[^@"/]+'),
    "base64": base64_text,
    "booleanText": lambda text: text in ("", "true", "false"),
    "cidr": cidr,
    "cidrNetwork": network,
    "dailyWindow": daily_window,
    "dashboardName": _matches(r"[\w-]+"),
    "duration": duration,
    "ec2AutomateArn": _matches(rf"arn:{_PARTITION}:automate:[\w-]+:ec2:(reboot|recover|stop|terminate)"),
    "elasticacheName": lambda text: re.fullmatch(r"[A-Za-z](-?[0-9A-Za-z])*", text) is not None,
    "engineVersion": engine_version,
    "httpsUrl": lambda text: re.fullmatch(r"https://[^/\s]+(/\S*)?", text) is not None,
    "iamPath": lambda text: text == "/" or re.fullmatch(r"/([\x21-\x7e]*/)?", text) is not None,
    "iamPolicyJson": iam_policy,
    "ip": address,
    "ipv4Network": _of_version(4),
    "ipv6Network": _of_version(6),
    "json": json_text,
    "jsonDocument": lambda text: text != "" and json_text(text),
    "kmsAliasName": _matches(r"alias/[\w/-]+"),
    "kmsDescription": lambda text: len(text.encode()) <= 8192,
    "kmsGrantName": _matches(r"[\w:/-]{1,256}"),
    "logGroupName": log_group_name,
    "metricFilterName": _matches(r"[^:*]+"),
    "metricFilterTransformationName": _matches(r"[^:*$]*"),
    "notArn": lambda text: not text.startswith("arn:"),
    "notEmpty": lambda text: text != "",
    "notZero": lambda text: text != "",
    "numberText": _matches(r"([+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?)?"),
    "secretName": _matches(r"[\w/+=.@-]{1,512}"),
    "securityGroupRuleDescription": _matches(r"[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]*"),
    "servicePrincipal": _matches(r"([0-9a-z-]+\.){1,4}(amazonaws|amazon)\.com(\.cn)?"),
    "snapshotArn": lambda text: arn(text) and "," not in text,
    "uppercase": lambda text: text == text.upper(),
    "utf8Length": lambda text: len(text) <= 1024,
    "vpcBlock": vpc_block,
    "vpcIpv6Block": vpc_ipv6_block,
    "weeklyWindow": weekly_window,
}

KINDS: dict[str, FailureKind] = {
    "booleanText": "not-in-enum",
    "numberText": "wrong-type",
    "utf8Length": "bad-length",
    "kmsDescription": "bad-length",
}
"""What a format's failure is called, where it isn't `bad-format`."""
