"""What AWS and Atlas refuse of a private endpoint, or nobody could use.

Remedies spell arguments as stack files do, and all languages but Python.
"""

import re
from collections.abc import Iterator

from ..arguments import Problem, known
from .private_link_arguments import AtlasPrivateLinkArgs
from .regions import region_problems

_OF_AN_ENDPOINT = ("vpc_id", "subnet_ids", "client_security_group_ids", "security_group_ids")
_SERVICE_ID = re.compile(r"[0-9a-f]{24}")
_ENDPOINT_ID = re.compile(r"vpce-([0-9a-f]{8}|[0-9a-f]{17})")


def problems(args: AtlasPrivateLinkArgs) -> Iterator[Problem]:
    """What AWS would refuse of an endpoint, or nobody could use."""
    yield from region_problems(args.get("region"))
    service, endpoint = known(args.get("private_link_id")), known(args.get("endpoint_id"))
    if service is not None and not _SERVICE_ID.fullmatch(service):
        yield Problem(
            ("private_link_id",),
            "The id of Atlas's endpoint service has 24 hexadecimal digits.",
            "Copy it from Atlas: `atlas privateEndpoints aws list`.",
        )
    if endpoint is not None and not _ENDPOINT_ID.fullmatch(endpoint):
        yield Problem(
            ("endpoint_id",),
            "An interface endpoint's id is `vpce-` and 8 or 17 hexadecimal digits.",
            "Copy it from `aws ec2 describe-vpc-endpoints`: vpce-0a1b2c3d4e5f60718.",
        )
    if args.get("service_name") is not None and args.get("private_link_id") is None:
        yield Problem(
            ("service_name",), "Only a service that exists has a name beforehand.", "Give private_link_id beside it."
        )
    yield from _existing_problems(args) if args.get("endpoint_id") is not None else _made_problems(args)


def _existing_problems(args: AtlasPrivateLinkArgs) -> Iterator[Problem]:
    for argument in _OF_AN_ENDPOINT:
        if args.get(argument) is not None:
            yield Problem(
                (argument,),
                "The endpoint exists, and nothing of AWS is made for it.",
                "Remove this, or remove endpointId.",
            )


def _made_problems(args: AtlasPrivateLinkArgs) -> Iterator[Problem]:
    for argument in ("vpc_id", "subnet_ids"):
        if args.get(argument) is None:
            yield Problem(
                (argument,), "An endpoint that is made lies in a VPC and its subnets.", "Give them, or give endpointId."
            )
    if known(args.get("subnet_ids")) in ([], ()):
        yield Problem(
            ("subnet_ids",), "An endpoint lies in at least one subnet.", "List a private subnet of each zone."
        )
    clients, groups = args.get("client_security_group_ids"), args.get("security_group_ids")
    if clients is not None and groups is not None:
        yield Problem(
            ("security_group_ids",),
            "Groups of yours for the endpoint say themselves who may connect.",
            "Remove clientSecurityGroupIds, or let the endpoint's group be made.",
        )
    if known(groups) in ([], ()):
        yield Problem(
            ("security_group_ids",), "An endpoint without a group gets the VPC's default one.", "List at least one."
        )
    if known(clients) in ([], ()) or (clients is None and groups is None):
        yield Problem(
            ("client_security_group_ids",),
            "Nobody could connect: only the security groups listed here may.",
            "List the security groups of the clients.",
        )
