"""Who reads an application's secrets: a role that has no other right."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NotRequired, TypedDict, get_args

import pulumi
import pulumi_aws as aws

from .. import names
from ..arguments import Problem, check, given_or, known, one_of
from ..keys import kms_key_problems
from ..outputs import register
from .arns import Home, home_of, is_full_arn
from .limits import IAM_POLICY, OIDC_PROVIDER, arn_problems, owner_problems, role_name_problems
from .policies import ecs_trust, irsa_trust, lambda_trust, pod_identity_trust, reader_policy

READER = "reader"
LAMBDA_IN_A_VPC = "service-role/AWSLambdaVPCAccessExecutionRole"
ECS_EXECUTION = "service-role/AmazonECSTaskExecutionRolePolicy"
"""Pulls images and writes logs. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html"""
EcsUse = Literal["execution", "task"]
ECS_USES: tuple[EcsUse, ...] = get_args(EcsUse)
CHOICES = ("attach_to_role", "ecs_tasks", "eks_pod_identity", "irsa", "lambda_function")
_CLUSTER = re.compile(r"[0-9A-Za-z][A-Za-z0-9_-]{0,99}")
"""https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html"""
_KUBERNETES_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
"""https://kubernetes.io/docs/concepts/overview/working-with-objects/names/"""


class EksPodIdentityArgs(TypedDict):
    """Pods of one service account, through EKS Pod Identity."""

    cluster: pulumi.Input[str]
    """The EKS cluster's name."""
    namespace: pulumi.Input[str]
    """The service account's namespace."""
    service_account: pulumi.Input[str]
    """The service account's name."""


class IrsaArgs(TypedDict):
    """Pods of one service account, through the cluster's OpenID Connect provider."""

    oidc_provider_arn: pulumi.Input[str]
    """The ARN of the cluster's provider in IAM."""
    namespace: pulumi.Input[str]
    """The service account's namespace."""
    service_account: pulumi.Input[str]
    """The service account's name."""


class SecretReaderArgs(TypedDict):
    platform: str
    """The platform's name: it begins the names of role and policy."""
    application: str
    """The application's name."""
    secret_arns: pulumi.Input[Sequence[pulumi.Input[str]]]
    """ARNs of the secrets that may be read, with AWS's six-character suffix or `-??????`; at least one."""
    kms_key_arn: NotRequired[pulumi.Input[str] | None]
    """ARN of the secrets' own KMS key. Default: they have none of their own, and need no right on one."""
    replica_key_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]] | None]
    """ARNs of the keys of the secrets' copies in other regions, whose ARNs stand in `secret_arns`. Default: none."""
    cache_arn: NotRequired[pulumi.Input[str] | None]
    """ARN of the cache (replication group), where the application authenticates to it with IAM."""
    cache_user_arn: NotRequired[pulumi.Input[str] | None]
    """ARN of the application's cache user; goes with `cache_arn`."""
    attach_to_role: NotRequired[pulumi.Input[str] | None]
    """Name of an existing role that gets the right. Either this, or one of the four that make a role."""
    ecs_tasks: NotRequired[str | None]
    """Make a role for ECS tasks of this account and region. `task`: the application reads at run time. `execution`: ECS
    injects variables, and the role also pulls images and writes logs."""
    eks_pod_identity: NotRequired[EksPodIdentityArgs | None]
    """Make a role for EKS pods, through Pod Identity."""
    irsa: NotRequired[IrsaArgs | None]
    """Make a role for EKS pods, through the cluster's OpenID Connect provider."""
    lambda_function: NotRequired[bool | None]
    """Make a role for a Lambda function in the VPC."""
    permissions_boundary: NotRequired[pulumi.Input[str] | None]
    """ARN of the policy that bounds the role that is made."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]] | None]
    """Tags of the role that is made."""


class SecretReader(pulumi.ComponentResource):
    """The right to read an application's secrets and, with IAM authentication, to log in to its cache; nothing else.

    Attached to a role that exists, or to a role of its own for ECS tasks, EKS pods or a Lambda function. A function's
    role also gets AWS's managed policy for functions in a VPC, without which it could not reach the cache at all; an ECS
    execution role AWS's policy for these, without which no task starts.
    Not owned: the cluster, the service account, the task definition, the function."""

    role_name: pulumi.Output[str]
    """The role's name."""
    role_arn: pulumi.Output[str | None]
    """The role's ARN; nothing where the role was given."""
    policy: pulumi.Output[str]
    """The policy document."""

    def __init__(self, name: str, args: SecretReaderArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, SecretReaderArgs, problems(args))
        super().__init__("dolmen:index:SecretReader", name, {}, opts)
        self.policy = pulumi.Output.all(
            secret_arns=args["secret_arns"],
            kms_key_arn=args.get("kms_key_arn"),
            replica_key_arns=given_or(args.get("replica_key_arns"), []),
            cache_arn=args.get("cache_arn"),
            cache_user_arn=args.get("cache_user_arn"),
        ).apply(lambda known: reader_policy(**known))
        attached = args.get("attach_to_role")
        role = self._role(name, args) if attached is None else None
        self.role_name = role.name if role else pulumi.Output.from_input(given_or(attached, ""))
        self.role_arn = pulumi.Output.from_input(role.arn if role else None)
        policy = aws.iam.RolePolicy(
            name,
            # Two platforms may share a role: each has a policy of its own there.
            name=names.role(args["platform"], args["application"], "secrets"),
            role=self.role_name,
            policy=self.policy,
            opts=pulumi.ResourceOptions(parent=self),
        )
        pods = args.get("eks_pod_identity")
        if role and pods is not None:
            aws.eks.PodIdentityAssociation(
                name,
                cluster_name=pods["cluster"],
                namespace=pods["namespace"],
                service_account=pods["service_account"],
                role_arn=role.arn,
                tags=args.get("tags"),
                opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
            )
        register(self)

    def _role(self, name: str, args: SecretReaderArgs) -> aws.iam.Role:
        child = pulumi.ResourceOptions(parent=self)
        home = pulumi.Output.all(arns=args["secret_arns"]).apply(lambda known: home_of(known["arns"][0]))
        role = aws.iam.Role(
            name,
            name=names.role(args["platform"], args["application"], READER),
            description=f"Reads the secrets of {args['application']}",
            assume_role_policy=_trust(args, home),
            permissions_boundary=args.get("permissions_boundary"),
            tags=args.get("tags"),
            opts=child,
        )
        managed = _managed_policy(args)
        if managed is not None:
            aws.iam.RolePolicyAttachment(
                name,
                role=role.name,
                policy_arn=home.apply(lambda known: f"arn:{known.partition}:iam::aws:policy/{managed}"),
                opts=child,
            )
        return role


def _managed_policy(args: SecretReaderArgs) -> str | None:
    """What AWS's own policy adds, where a role is of no use without it."""
    if args.get("lambda_function"):
        return LAMBDA_IN_A_VPC
    return ECS_EXECUTION if args.get("ecs_tasks") == "execution" else None


def _trust(args: SecretReaderArgs, home: pulumi.Output[Home]) -> pulumi.Output[str]:
    """Who takes on the role."""
    pods, irsa = args.get("eks_pod_identity"), args.get("irsa")
    if pods is not None:
        return pulumi.Output.all(
            home=home, cluster=pods["cluster"], namespace=pods["namespace"], service_account=pods["service_account"]
        ).apply(lambda known: pod_identity_trust(**known))
    if irsa is not None:
        return pulumi.Output.all(
            oidc_provider_arn=irsa["oidc_provider_arn"],
            namespace=irsa["namespace"],
            service_account=irsa["service_account"],
        ).apply(lambda known: irsa_trust(**known))
    return home.apply(ecs_trust) if args.get("ecs_tasks") else pulumi.Output.from_input(lambda_trust())


def problems(args: SecretReaderArgs) -> Iterator[Problem]:
    """What would be refused of a reader."""
    yield from owner_problems(known(args.get("platform")), known(args.get("application")))
    yield from _choice_problems(args)
    yield from role_name_problems(known(args.get("attach_to_role")), ("attach_to_role",))
    yield from arn_problems(known(args.get("permissions_boundary")), IAM_POLICY, ("permissions_boundary",))
    yield from _pod_problems(args)
    yield from one_of(("ecs_tasks",), known(args.get("ecs_tasks")), ECS_USES)
    yield from kms_key_problems(known(args.get("kms_key_arn")), None, ("kms_key_arn",))
    for index, key in enumerate(known(args.get("replica_key_arns")) or ()):
        yield from kms_key_problems(known(key), None, ("replica_key_arns", index))
    if (args.get("cache_arn") is None) != (args.get("cache_user_arn") is None):
        yield Problem(
            ("cache_arn",), "cache_arn and cache_user_arn go together: AWS asks for both on a login.", "Give both."
        )
    arns = known(args.get("secret_arns"))
    if arns is not None and not arns:
        yield Problem(("secret_arns",), "A reader reads at least one secret.", "Name one.")
    for index, arn in enumerate(map(known, arns or ())):
        if arn is not None and not is_full_arn(arn):
            yield Problem(
                ("secret_arns", index),
                "A secret's full ARN ends in a hyphen and six characters of AWS's.",
                "Give the secret's own output, or write -?????? in their place.",
            )


def _choice_problems(args: SecretReaderArgs) -> Iterator[Problem]:
    chosen = [key for key in CHOICES if args.get(key) not in (None, False)]
    rule = "A reader is one of five: a role that exists, or a role for ECS tasks, for EKS pods (two ways) or for a function"
    if not chosen:
        yield Problem((), f"{rule}.", "Choose one, such as the role for ECS tasks.")
    for extra in chosen[1:]:
        yield Problem((extra,), f"{rule}; one stands here already.", "Remove one of the two.")
    if args.get("attach_to_role") is not None and args.get("permissions_boundary") is not None:
        yield Problem(
            ("permissions_boundary",), "A role that exists keeps the boundary it has.", "Remove the boundary."
        )


def _pod_problems(args: SecretReaderArgs) -> Iterator[Problem]:
    pods, irsa = args.get("eks_pod_identity"), args.get("irsa")
    for choice, given in (("eks_pod_identity", pods), ("irsa", irsa)):
        if given is None:
            continue
        for key in ("namespace", "service_account"):
            value = known(given.get(key))
            if value is not None and not _KUBERNETES_NAME.fullmatch(value):
                yield Problem(
                    (choice, key),
                    "A Kubernetes name has lower-case letters, digits, hyphens and dots, and begins and ends with a "
                    "letter or digit.",
                    "Copy it from `kubectl get serviceaccounts --all-namespaces`.",
                )
    cluster = known(pods.get("cluster")) if pods is not None else None
    if cluster is not None and not _CLUSTER.fullmatch(cluster):
        yield Problem(
            ("eks_pod_identity", "cluster"),
            "An EKS cluster's name has 1 to 100 letters, digits, hyphens and underscores, and begins with a letter or "
            "digit.",
            "Copy it from `aws eks list-clusters`.",
        )
    if irsa is not None:
        yield from arn_problems(known(irsa.get("oidc_provider_arn")), OIDC_PROVIDER, ("irsa", "oidc_provider_arn"))
