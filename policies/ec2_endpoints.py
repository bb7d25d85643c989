"""VPC: endpoints and endpoint services."""

from __future__ import annotations

from collections.abc import Iterator

from .framework.documents import statements
from .framework.policy import Settings, resource_policy, words
from .framework.resources import Resource
from .framework.values import UNKNOWN
from .resource_types import VPC_ENDPOINT, VPC_ENDPOINT_POLICY, VPC_ENDPOINT_SERVICE


@resource_policy("vpc-endpoint-policy", VPC_ENDPOINT, VPC_ENDPOINT_POLICY, severity="medium", enforcement="production")
@words(
    title="An endpoint of an AWS service has a policy.",
    rationale="Without one, data can be carried through it to any account.",
    remedy="Give a policy that names principals and resources, or a condition on aws:PrincipalOrgID.",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html",
)
def endpoint_policy(endpoint: Resource, settings: Settings) -> Iterator[str]:
    """Endpoints of other companies' services have no policy. Their names are made when the service is: one that is not
    known yet is such a name, since those of AWS's own services are known to everybody."""
    service = endpoint.text("serviceName")
    if endpoint.type == VPC_ENDPOINT and (service is UNKNOWN or ".vpce." in str(service)):
        endpoint.unjudged.discard("serviceName")
        return
    if not endpoint.given("policy"):
        if endpoint.type == VPC_ENDPOINT and str(service).split(".")[-1] not in ("execute-api",):
            yield "It has no policy: everybody who reaches it may do everything with the service, in any account."
        return
    for statement in statements(endpoint, "policy"):
        if statement.public() and (not statement.resources or "*" in statement.resources):
            yield "Its policy lets everybody do what it names, in any account."


@resource_policy("vpc-endpoint-zones", VPC_ENDPOINT, severity="medium", enforcement="from-staging-growing")
@words(
    title="An interface endpoint stands in two zones.",
    rationale="One zone's failure takes the only way to the service.",
    remedy="Give subnetIds in two zones or more.",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
)
def endpoint_zones(endpoint: Resource, settings: Settings) -> Iterator[str]:
    if endpoint.known("vpcEndpointType").lower() != "interface":
        return
    subnets = endpoint.count("subnetIds")
    if subnets is not None and subnets < 2 and not (endpoint.count("subnetConfigurations") or 0) >= 2:
        yield "It stands in one zone, and fails with it."


@resource_policy("vpc-endpoint-security-group", VPC_ENDPOINT, severity="high", enforcement="beyond-development")
@words(
    title="An interface endpoint has a security group of its own.",
    rationale="Without one, the VPC's default group decides who reaches the service.",
    remedy="Give securityGroupIds.",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
)
def endpoint_security_group(endpoint: Resource, settings: Settings) -> Iterator[str]:
    if endpoint.known("vpcEndpointType").lower() == "interface" and not endpoint.given("securityGroupIds"):
        yield "securityGroupIds is absent: the VPC's default group decides who reaches it."


@resource_policy("vpc-endpoint-service", VPC_ENDPOINT_SERVICE, severity="high", enforcement="beyond-development")
@words(
    title="Who connects to an endpoint service is looked at.",
    rationale="A service that takes everybody is open to every AWS account.",
    remedy="Set acceptanceRequired: true and name allowedPrincipals.",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html",
)
def endpoint_service(service: Resource, settings: Settings) -> Iterator[str]:
    if service.flag("acceptanceRequired", default=False) is False:
        yield "acceptanceRequired is off: nobody looks at who connects."
    if "*" in service.texts("allowedPrincipals"):
        yield "Every AWS account may connect."
