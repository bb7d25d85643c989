"""Security groups, endpoints, routes; IAM."""

from __future__ import annotations

from typing import Any

from tests.policies.cases.aws_data import cache
from tests.policies.programs import OWN_ACCOUNT, Case, Program, allow, policy, trust

SG = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_SG = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
SERVICE = "aws:ec2/vpcEndpointService:VpcEndpointService"
ROUTE = "aws:ec2/route:Route"
ROUTES = "aws:ec2/routeTable:RouteTable"
SUBNET = "aws:ec2/subnet:Subnet"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
POLICY = "aws:iam/policy:Policy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ATLAS_ENDPOINT = "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint"
ATLAS_PEERING = "mongodbatlas:index/networkPeering:NetworkPeering"
ACCEPTER = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
AUTHORIZATION = "mongodbatlas:index/cloudProviderAccessAuthorization:CloudProviderAccessAuthorization"

SECRET_ARN = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:app/database-??????"
OIDC = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"


def ingress(p: Program, **over: Any) -> Any:
    return p.add(
        INGRESS,
        **{
            "securityGroupId": "sg-1",
            "ipProtocol": "tcp",
            "fromPort": 6379,
            "toPort": 6379,
            "description": "clients",
            **over,
        },
    )


def group(p: Program, name: str = "group", *rules: dict[str, Any], **over: Any) -> Any:
    return p.add(SG, name, **{"description": "clients", "ingress": list(rules), **over})


def inline(**over: Any) -> dict[str, Any]:
    return {"protocol": "tcp", "fromPort": 6379, "toPort": 6379, "description": "clients", **over}


def endpoint(p: Program, **over: Any) -> Any:
    return p.add(
        ENDPOINT,
        "endpoint",
        **{
            "vpcEndpointType": "Interface",
            "serviceName": "com.amazonaws.ap-northeast-2.secretsmanager",
            "subnetIds": ["subnet-1", "subnet-2"],
            "securityGroupIds": ["sg-1"],
            "policy": policy(
                allow(
                    "secretsmanager:GetSecretValue", SECRET_ARN, Principal={"AWS": "arn:aws:iam::123456789012:role/app"}
                )
            ),
            **over,
        },
    )


def atlas_endpoint(p: Program, first: int, last: int) -> None:
    service = p.add(ATLAS_ENDPOINT, "atlas", projectId="p", providerName="AWS", region="AP_NORTHEAST_2")
    doors = group(p, "doors", inline(fromPort=first, toPort=last, securityGroups=["sg-2"]))
    endpoint(p, serviceName=service.id, securityGroupIds=[doors.id], policy=None)


def cache_behind(p: Program, first: int, last: int, port: int = 6379) -> None:
    doors = group(p, "doors")
    cache(p, securityGroupIds=[doors.id], port=port)
    ingress(p, securityGroupId=doors.id, referencedSecurityGroupId="sg-2", fromPort=first, toPort=last)


def atlas_route(p: Program, destination: str) -> None:
    peering = p.add(ATLAS_PEERING, "peering", projectId="p")
    accepted = p.add(ACCEPTER, "accepter", vpcPeeringConnectionId=peering.id)
    p.add(ROUTE, "route", routeTableId="rtb-1", destinationCidrBlock=destination, vpcPeeringConnectionId=accepted.id)


def identity(p: Program, *statements: dict[str, Any]) -> Any:
    return p.add(ROLE_POLICY, role="app", policy=policy(*statements))


def role(p: Program, document: str, **over: Any) -> Any:
    return p.add(ROLE, "role", assumeRolePolicy=document, **over)


def web(condition: Any) -> str:
    return trust({"Federated": OIDC}, condition, "sts:AssumeRoleWithWebIdentity")


def atlas_role(p: Program, condition: Any) -> None:
    made = role(p, trust({"AWS": "arn:aws:iam::536727724300:root"}, condition))
    p.add(AUTHORIZATION, "authorization", projectId="p", roleId="r", aws={"iamAssumedRoleArn": made.id})


SUBJECT = "token.actions.githubusercontent.com:sub"

CASES = {
    "ec2-no-public-ingress": Case(
        keeps=lambda p: ingress(p, cidrIpv4="203.0.113.10/32"),
        breaks=lambda p: group(p, "group", inline(cidrBlocks=["10.0.0.0/16"], ipv6CidrBlocks=["0:0:0:0:0:0:0:0/0"])),
        near=lambda p: p.add(EGRESS, securityGroupId="sg-1", ipProtocol="-1", cidrIpv4="0.0.0.0/0", description="out"),
    ),
    "ec2-narrow-public-ingress": Case(
        keeps=lambda p: ingress(p, cidrIpv4="203.0.113.0/24"),
        breaks=lambda p: p.add(RULE, type="ingress", protocol="tcp", fromPort=1, toPort=2, cidrBlocks=["52.0.0.0/11"]),
        near=lambda p: ingress(p, cidrIpv4="10.0.0.0/8"),
    ),
    "ec2-narrow-private-ingress": Case(
        keeps=lambda p: ingress(p, cidrIpv4="10.20.0.0/16"),
        breaks=lambda p: ingress(p, cidrIpv4="10.0.0.0/8"),
        near=lambda p: ingress(p, referencedSecurityGroupId="sg-2"),
    ),
    "ec2-no-public-egress": Case(
        keeps=lambda p: p.add(EGRESS, securityGroupId="sg-1", ipProtocol="tcp", cidrIpv4="10.20.0.0/16"),
        breaks=lambda p: group(p, "group", egress=[inline(protocol="-1", cidrBlocks=["0.0.0.0/0"])]),
        near=lambda p: p.add(EGRESS, securityGroupId="sg-1", ipProtocol="tcp", cidrIpv4="203.0.113.7/32"),
    ),
    "ec2-limited-ports": Case(
        keeps=ingress,
        breaks=lambda p: ingress(p, fromPort=0, toPort=65535, referencedSecurityGroupId="sg-2"),
        near=lambda p: group(p, "group", inline(protocol="-1", fromPort=0, toPort=0, self=True)),
    ),
    "ec2-rule-description": Case(
        keeps=ingress,
        breaks=lambda p: group(p, "group", inline(description=None)),
        near=lambda p: group(p, "group"),
    ),
    "ec2-default-security-group": Case(
        keeps=lambda p: p.add(DEFAULT_SG, vpcId="vpc-1"),
        breaks=lambda p: p.add(DEFAULT_SG, vpcId="vpc-1", egress=[inline(cidrBlocks=["10.0.0.0/16"])]),
        near=lambda p: p.add(DEFAULT_SG, vpcId="vpc-1", ingress=[], egress=[]),
    ),
    "elasticache-reachable-on-its-port": Case(
        keeps=lambda p: cache_behind(p, 6379, 6379),
        breaks=lambda p: cache_behind(p, 6379, 6380),
        near=lambda p: cache_behind(p, 7000, 7000, port=7000),
    ),
    "atlas-endpoint-ports": Case(
        keeps=lambda p: atlas_endpoint(p, 1024, 65535),
        breaks=lambda p: atlas_endpoint(p, 0, 65535),
        near=lambda p: atlas_endpoint(p, 27017, 27100),
    ),
    "vpc-endpoint-policy": Case(
        keeps=endpoint,
        breaks=lambda p: endpoint(p, policy=None),
        near=lambda p: endpoint(p, serviceName="com.amazonaws.vpce.ap-northeast-2.vpce-svc-1", policy=None),
    ),
    "vpc-endpoint-zones": Case(
        keeps=endpoint,
        breaks=lambda p: endpoint(p, subnetIds=["subnet-1"]),
        near=lambda p: endpoint(p, vpcEndpointType="Gateway", subnetIds=None),
    ),
    "vpc-endpoint-security-group": Case(
        keeps=endpoint,
        breaks=lambda p: endpoint(p, securityGroupIds=None),
        near=lambda p: endpoint(p, vpcEndpointType="Gateway", securityGroupIds=None),
    ),
    "vpc-endpoint-service": Case(
        keeps=lambda p: p.add(SERVICE, acceptanceRequired=True),
        breaks=lambda p: p.add(SERVICE, acceptanceRequired=True, allowedPrincipals=["*"]),
        near=lambda p: p.add(SERVICE, acceptanceRequired="true", allowedPrincipals=["arn:aws:iam::123456789012:root"]),
    ),
    "vpc-peering-route": Case(
        keeps=lambda p: p.add(ROUTE, destinationCidrBlock="10.30.0.0/16", vpcPeeringConnectionId="pcx-1"),
        breaks=lambda p: p.add(ROUTES, vpcId="vpc-1", routes=[{"cidrBlock": "0/0", "vpcPeeringConnectionId": "pcx-1"}]),
        near=lambda p: p.add(ROUTE, destinationCidrBlock="0.0.0.0/0", natGatewayId="nat-1"),
    ),
    "atlas-peering-route": Case(
        keeps=lambda p: atlas_route(p, "192.168.248.0/21"),
        breaks=lambda p: atlas_route(p, "192.168.0.0/16"),
        near=lambda p: p.add(ROUTE, destinationCidrBlock="10.30.0.0/16", vpcPeeringConnectionId="pcx-1"),
    ),
    "vpc-private-subnet": Case(
        keeps=lambda p: p.add(SUBNET, vpcId="vpc-1"),
        breaks=lambda p: p.add(SUBNET, vpcId="vpc-1", mapPublicIpOnLaunch="true"),
        near=lambda p: p.add(SUBNET, vpcId="vpc-1", mapPublicIpOnLaunch=False),
    ),
    "iam-no-admin": Case(
        keeps=lambda p: identity(p, allow("secretsmanager:GetSecretValue", SECRET_ARN)),
        breaks=lambda p: p.add(POLICY, policy=policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})),
        near=lambda p: identity(p, {"Effect": "Deny", "Action": "*", "Resource": "*"}),
    ),
    "iam-no-service-wildcard": Case(
        keeps=lambda p: identity(p, allow("kms:Decrypt", "arn:aws:kms:ap-northeast-2:123456789012:key/k")),
        breaks=lambda p: identity(p, allow(["kms:*"], "arn:aws:kms:ap-northeast-2:123456789012:key/k")),
        near=lambda p: identity(p, allow("kms:ReEncrypt*", "arn:aws:kms:ap-northeast-2:123456789012:key/k")),
    ),
    "iam-no-wildcard-resource": Case(
        keeps=lambda p: identity(p, allow("s3:GetObject", "arn:aws:s3:::bucket/*")),
        breaks=lambda p: identity(p, allow("s3:GetObject", ["arn:aws:s3:::bucket/*", "*"])),
        near=lambda p: identity(p, allow(["ec2:DescribeSubnets", "ec2:CreateNetworkInterface"], "*")),
    ),
    "iam-no-privilege-escalation": Case(
        keeps=lambda p: identity(p, allow("iam:PassRole", "arn:aws:iam::123456789012:role/task")),
        breaks=lambda p: identity(p, allow("iam:Put*Policy", "arn:aws:iam::123456789012:role/task")),
        near=lambda p: identity(p, allow("iam:GetRolePolicy", "*")),
    ),
    "iam-no-secrets-of-others": Case(
        keeps=lambda p: identity(p, allow("secretsmanager:GetSecretValue", SECRET_ARN)),
        breaks=lambda p: identity(p, allow("secretsmanager:Get*", "arn:aws:secretsmanager:*:*:secret:*")),
        near=lambda p: identity(
            p, allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:app/*")
        ),
    ),
    "iam-trusted-principals": Case(
        keeps=lambda p: role(p, trust({"AWS": "arn:aws:iam::123456789012:role/deployer"})),
        breaks=lambda p: role(p, trust({"AWS": "123456789012"})),
        near=lambda p: role(
            p, trust({"AWS": "arn:aws:iam::123456789012:root"}, {"StringEquals": {"sts:ExternalId": "x"}})
        ),
    ),
    "iam-trusted-services": Case(
        keeps=lambda p: role(p, trust({"Service": "ecs-tasks.amazonaws.com"}, OWN_ACCOUNT)),
        breaks=lambda p: role(
            p, trust({"Service": "ecs-tasks.amazonaws.com"}, {"StringNotEquals": {"aws:SourceAccount": "1"}})
        ),
        near=lambda p: role(p, trust({"Service": "lambda.amazonaws.com"})),
    ),
    "iam-trusted-web-identities": Case(
        keeps=lambda p: role(p, web({"StringEquals": {SUBJECT: "repo:company/chat:ref:refs/heads/main"}})),
        breaks=lambda p: role(p, web({"StringLike": {SUBJECT: "repo:*"}})),
        near=lambda p: role(p, web({"StringLike": {SUBJECT: "repo:company/chat:*"}})),
    ),
    "atlas-trust-external-id": Case(
        keeps=lambda p: atlas_role(p, {"StringEquals": {"sts:ExternalId": "x"}}),
        breaks=lambda p: atlas_role(p, None),
        near=lambda p: role(p, trust({"AWS": "arn:aws:iam::123456789012:role/deployer"})),
    ),
    "iam-no-managed-admin": Case(
        keeps=lambda p: p.add(ATTACHMENT, role="r", policyArn="arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"),
        breaks=lambda p: role(
            p, trust({"AWS": "arn:aws:iam::1:role/d"}), managedPolicyArns=["arn:aws:iam::aws:policy/AmazonS3FullAccess"]
        ),
        near=lambda p: p.add(ATTACHMENT, role="r", policyArn="arn:aws:iam::123456789012:policy/AdministratorAccess"),
    ),
    "iam-no-users": Case(
        keeps=lambda p: role(p, trust({"AWS": "arn:aws:iam::123456789012:role/deployer"})),
        breaks=lambda p: p.add("aws:iam/accessKey:AccessKey", user="deployer"),
        near=lambda p: p.add(
            "aws:iam/groupPolicyAttachment:GroupPolicyAttachment", group="g", policyArn="arn:aws:iam::1:policy/p"
        ),
    ),
    "iam-policies-on-roles": Case(
        keeps=lambda p: p.add(ATTACHMENT, role="r", policyArn="arn:aws:iam::123456789012:policy/p"),
        breaks=lambda p: p.add(
            "aws:iam/userPolicyAttachment:UserPolicyAttachment", user="u", policyArn="arn:aws:iam::1:policy/p"
        ),
        near=lambda p: p.add(
            "aws:iam/policyAttachment:PolicyAttachment", roles=["r"], policyArn="arn:aws:iam::1:policy/p"
        ),
    ),
}
