"""Who reads an application's secrets: a role that has no other right."""

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from .policies import (
    ecs_trust,
    home_of,
    irsa_trust,
    lambda_trust,
    pod_identity_trust,
    reader_policy,
)

TRUSTED = ("ecs", "eks-pod-identity", "irsa", "lambda")
NEEDED_FOR = {
    "eks-pod-identity": ("eks_cluster", "namespace", "service_account"),
    "irsa": ("oidc_provider_arn", "namespace", "service_account"),
}
LAMBDA_IN_A_VPC = "service-role/AWSLambdaVPCAccessExecutionRole"


class SecretReaderArgs(TypedDict):
    application: pulumi.Input[str]
    """The application's name."""
    secret_arns: pulumi.Input[Sequence[pulumi.Input[str]]]
    """ARNs of the secrets that may be read, with AWS's six-character suffix or `-??????`; at least one."""
    kms_key_arn: NotRequired[pulumi.Input[str]]
    """ARN of the secrets' own KMS key. Default: they have none of their own, and need no right on one."""
    cache_arn: NotRequired[pulumi.Input[str]]
    """ARN of the cache (replication group), where the application authenticates to it with IAM."""
    cache_user_arn: NotRequired[pulumi.Input[str]]
    """ARN of the application's cache user; goes with `cache_arn`."""
    attach_to_role: NotRequired[pulumi.Input[str]]
    """Name of an existing role that gets the policy. Either this, or `trust` for a role of its own."""
    trust: NotRequired[str]
    """Who takes on the role: `ecs`, `eks-pod-identity`, `irsa` or `lambda`."""
    role_name: NotRequired[pulumi.Input[str]]
    """Name of the role that is made. Default: the component's name."""
    policy_name: NotRequired[pulumi.Input[str]]
    """Name of the policy on the role: unique among the role's policies. Default: `<application>-secrets`."""
    permissions_boundary: NotRequired[pulumi.Input[str]]
    """ARN of the policy that bounds the role that is made."""
    eks_cluster: NotRequired[pulumi.Input[str]]
    """Name of the EKS cluster, for `eks-pod-identity`."""
    oidc_provider_arn: NotRequired[pulumi.Input[str]]
    """ARN of the EKS cluster's OpenID Connect provider, for `irsa`."""
    namespace: NotRequired[pulumi.Input[str]]
    """Kubernetes namespace, for `eks-pod-identity` and `irsa`."""
    service_account: NotRequired[pulumi.Input[str]]
    """Kubernetes service account, for `eks-pod-identity` and `irsa`."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags of the role that is made."""


class SecretReader(pulumi.ComponentResource):
    """The right to read an application's secrets and, with IAM authentication, to log in to its cache; nothing else.

    Attached to a role that exists, or to a role of its own for ECS tasks, EKS pods or a Lambda function. A function's
    role also gets AWS's managed policy for functions in a VPC, without which it could not reach the cache at all.
    Not owned: the cluster, the service account, the task definition, the function."""

    role_name: pulumi.Output[str]
    """The role's name."""
    role_arn: pulumi.Output[str | None]
    """The role's ARN; nothing where the role was given."""
    policy: pulumi.Output[str]
    """The policy document."""

    def __init__(self, name: str, args: SecretReaderArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("dolmen:index:SecretReader", name, {}, opts)
        _check(args)
        child = pulumi.ResourceOptions(parent=self)
        self.policy = pulumi.Output.all(
            secrets=args["secret_arns"],
            key=args.get("kms_key_arn"),
            cache=args.get("cache_arn"),
            user=args.get("cache_user_arn"),
        ).apply(_policy)
        role = self._role(name, args, child) if args.get("trust") else None
        self.role_name = pulumi.Output.from_input(role.name if role else args.get("attach_to_role", ""))
        self.role_arn = pulumi.Output.from_input(role.arn if role else None)
        policy = aws.iam.RolePolicy(
            f"{name}-policy",
            name=args.get("policy_name", pulumi.Output.concat(args["application"], "-secrets")),
            role=self.role_name,
            policy=self.policy,
            opts=child,
        )
        if role and args.get("trust") == "eks-pod-identity":
            aws.eks.PodIdentityAssociation(
                f"{name}-pod-identity",
                cluster_name=args.get("eks_cluster", ""),
                namespace=args.get("namespace", ""),
                service_account=args.get("service_account", ""),
                role_arn=role.arn,
                tags=args.get("tags"),
                opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
            )
        self.register_outputs({"roleName": self.role_name, "roleArn": self.role_arn, "policy": self.policy})

    def _role(self, name: str, args: SecretReaderArgs, child: pulumi.ResourceOptions) -> aws.iam.Role:
        trust = args.get("trust")
        trust_policy = pulumi.Output.all(
            secrets=args["secret_arns"],
            cluster=args.get("eks_cluster"),
            provider=args.get("oidc_provider_arn"),
            namespace=args.get("namespace"),
            service_account=args.get("service_account"),
        ).apply(lambda known: _trust_policy(trust, known))
        role = aws.iam.Role(
            f"{name}-role",
            name=args.get("role_name", name),
            description=pulumi.Output.concat("Reads the secrets of ", args["application"]),
            assume_role_policy=trust_policy,
            permissions_boundary=args.get("permissions_boundary"),
            tags=args.get("tags"),
            opts=child,
        )
        if trust == "lambda":
            partition = pulumi.Output.all(secrets=args["secret_arns"]).apply(
                lambda known: home_of(known["secrets"][0]).partition
            )
            aws.iam.RolePolicyAttachment(
                f"{name}-vpc",
                role=role.name,
                policy_arn=pulumi.Output.concat("arn:", partition, ":iam::aws:policy/", LAMBDA_IN_A_VPC),
                opts=child,
            )
        return role


def _check(args: SecretReaderArgs) -> None:
    given = {key for key, value in args.items() if value is not None}
    if ("attach_to_role" in given) == ("trust" in given):
        raise ValueError("SecretReader: give either attach_to_role, or trust for a role of its own.")
    if ("cache_arn" in given) != ("cache_user_arn" in given):
        raise ValueError("SecretReader: cache_arn and cache_user_arn go together: AWS asks for both on a login.")
    trust = args.get("trust")
    if trust is not None and trust not in TRUSTED:
        raise ValueError(f"SecretReader: trust is one of {', '.join(TRUSTED)}.")
    missing = [key for key in NEEDED_FOR.get(trust or "", ()) if key not in given]
    if missing:
        raise ValueError(f"SecretReader: trust {trust} also needs {', '.join(missing)}.")


def _policy(known: dict[str, Any]) -> str:
    return reader_policy(
        known["secrets"], kms_key_arn=known["key"], cache_arn=known["cache"], cache_user_arn=known["user"]
    )


def _trust_policy(trust: str | None, known: dict[str, Any]) -> str:
    home = home_of(known["secrets"][0])
    pod = {"namespace": known["namespace"], "service_account": known["service_account"]}
    if trust == "ecs":
        return ecs_trust(home)
    if trust == "lambda":
        return lambda_trust()
    if trust == "irsa":
        return irsa_trust(oidc_provider_arn=known["provider"], **pod)
    return pod_identity_trust(home, cluster=known["cluster"], **pod)
