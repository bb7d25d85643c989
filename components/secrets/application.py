"""Everything that one application reads, and its right to read it."""

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict, cast

import pulumi
import pulumi_aws as aws

from .database import DatabaseSecret, DatabaseSecretArgs
from .environment import application_environment
from .generated import GeneratedSecret
from .given import GivenSecret
from .jwt import JwtSecret
from .key import SecretsKey
from .policies import Home, partition_of
from .reader import SecretReader, SecretReaderArgs
from .store import StorageArgs

LOGIN = frozenset(DatabaseSecretArgs.__annotations__) - frozenset(StorageArgs.__annotations__)
"""What the database secret takes that the others do not."""


class GeneratedValueArgs(TypedDict):
    """A random value."""

    length: int
    """Characters: letters and digits."""
    generation: int
    """Raise it for a new value."""


class ApplicationSecretsArgs(TypedDict):
    application: str
    """The application's name: its secrets are called `<application>/database`, `<application>/jwt-secrets` and so on."""
    platform: str
    """The platform's name: prefix of the reader's role and of the key's alias."""
    region: pulumi.Input[str]
    """The AWS region of the secrets."""
    name_prefix: NotRequired[str]
    """Put before the secrets' names, such as `staging/` where environments share an account. Default: nothing."""
    mongo_connection_string: pulumi.Input[str]
    """Atlas's connection string for the application's network, without credentials."""
    mongo_user: pulumi.Input[str]
    """The database user that clients log in as: an output of the user, so that the version waits for it."""
    mongo_password: pulumi.Input[str]
    """Its password, not percent-encoded."""
    mongo_database: pulumi.Input[str]
    """The application's database."""
    redis_host: pulumi.Input[str]
    """The cache's endpoint."""
    redis_port: pulumi.Input[int]
    """The cache's port."""
    redis_user: pulumi.Input[str]
    """The cache user: an output of the user, so that the version waits for it."""
    redis_password: NotRequired[pulumi.Input[str]]
    """Its password; absent where the application authenticates with IAM."""
    redis_tls: pulumi.Input[bool]
    """Whether the cache takes TLS connections only."""
    redis_cluster_mode: pulumi.Input[bool]
    """Whether the client must speak the cluster protocol."""
    usable_after: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Outputs of whatever else must exist before these credentials work. They are waited for and not stored."""
    jwt_generation: int
    """The newest generation of token keys: `jwt_active`, or one more."""
    jwt_active: int
    """The generation of the key that signs."""
    generated: NotRequired[dict[str, GeneratedValueArgs]]
    """Further secrets with random values, by name."""
    given: NotRequired[dict[str, pulumi.Input[str]]]
    """Further secrets with given values, by name."""
    own_key_deletion_window_days: NotRequired[int]
    """Make a KMS key for these secrets, which can be restored for so many days. Default: no key of their own."""
    kms_key_id: NotRequired[str]
    """ARN of an existing KMS key. Default: the account's `aws/secretsmanager`."""
    recovery_window_days: NotRequired[pulumi.Input[int]]
    """Days in which a deleted secret can be restored: 7 to 30, or 0 to delete at once. Default 30."""
    allowed_principals: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs of the only principals that may read the values; must name the deploying role. The reader's role
    is added. Default: no such limit."""
    cross_account_readers: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs of principals in other accounts that may read the secrets; needs a key. Default: none."""
    cache_arn: NotRequired[pulumi.Input[str]]
    """ARN of the cache, where the application authenticates to it with IAM."""
    cache_user_arn: NotRequired[pulumi.Input[str]]
    """ARN of the application's cache user; goes with `cache_arn`."""
    reader_attach_to_role: NotRequired[str]
    """Name of an existing role that may read the secrets. Either this, or `reader_trust`, or no reader."""
    reader_trust: NotRequired[str]
    """Make a role for `ecs`, `eks-pod-identity`, `irsa` or `lambda`."""
    reader_eks_cluster: NotRequired[str]
    """Name of the EKS cluster, for `eks-pod-identity`."""
    reader_oidc_provider_arn: NotRequired[str]
    """ARN of the EKS cluster's OpenID Connect provider, for `irsa`."""
    reader_namespace: NotRequired[str]
    """Kubernetes namespace, for `eks-pod-identity` and `irsa`."""
    reader_service_account: NotRequired[str]
    """Kubernetes service account, for `eks-pod-identity` and `irsa`."""
    reader_permissions_boundary: NotRequired[str]
    """ARN of the policy that bounds the role that is made."""
    mongo_pool_size: pulumi.Input[int]
    """Connections that each process keeps (`MONGO_POOL_SIZE`)."""
    contract: dict[str, dict[str, str]]
    """The environment's variables, each as `{"value": …}`, `{"platform": …}` or `{"secret": …, "key": …}`."""
    protect_data: bool
    """Whether secrets and key are protected against deletion, as in production."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags of everything that takes tags."""


class ApplicationSecrets(pulumi.ComponentResource):
    """One application's secrets, their key, their reader, and the environment that names them. Applications share
    nothing here: adding or removing one leaves the others' resources as they are."""

    secret_arns: pulumi.Output[dict[str, str]]
    """The ARN of each secret, by the part of its name after the application's."""
    key_arn: pulumi.Output[str | None]
    """The ARN of the KMS key that encrypts them; nothing where it is the account's own."""
    reader_role_name: pulumi.Output[str | None]
    """The name of the role that reads them; nothing without a reader."""
    reader_role_arn: pulumi.Output[str | None]
    """The ARN of the role that was made; nothing where it was given."""
    environment: pulumi.Output[Any]
    """The application's environment: `plain` variables, and `secrets` as ARN and key."""

    def __init__(self, name: str, args: ApplicationSecretsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("dolmen:index:ApplicationSecrets", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        key_arn = self._key(name, args, child)
        arns = self._secrets(name, args, key_arn, child)
        reader = self._reader(name, args, list(arns), key_arn, child)
        self.secret_arns = pulumi.Output.all(**arns)
        self.key_arn = pulumi.Output.from_input(key_arn)
        self.reader_role_name = pulumi.Output.from_input(reader.role_name if reader else None)
        self.reader_role_arn = pulumi.Output.from_input(reader.role_arn if reader else None)
        # As parts each variable is known or unknown for itself: exported so, a preview shows what is known already.
        self.environment_parts = application_environment(
            args["contract"],
            facts={
                "mongo_pool_size": args["mongo_pool_size"],
                "redis_host": args["redis_host"],
                "redis_port": args["redis_port"],
                "redis_user": args["redis_user"],
                "redis_tls": args["redis_tls"],
                "redis_cluster_mode": args["redis_cluster_mode"],
                "aws_region": args["region"],
                "jwt_secret_name": _name(args, "jwt-secrets"),
            },
            secret_arns=arns,
        )
        self.environment = pulumi.Output.from_input(self.environment_parts)
        self.register_outputs(
            {
                "secretArns": self.secret_arns,
                "keyArn": self.key_arn,
                "readerRoleName": self.reader_role_name,
                "readerRoleArn": self.reader_role_arn,
                "environment": self.environment_parts,
            }
        )

    def _key(self, name: str, args: ApplicationSecretsArgs, child: pulumi.ResourceOptions) -> pulumi.Input[str] | None:
        if args.get("own_key_deletion_window_days") is None:
            return args.get("kms_key_id")
        labels = ("database", "jwt-secrets", *args.get("generated", {}), *args.get("given", {}))
        key = SecretsKey(
            f"{name}-key",
            {
                "alias": f"{args['platform']}-{args['application']}-secrets",
                "region": args["region"],
                "secret_names": [_name(args, label) for label in labels],
                "cross_account_readers": args.get("cross_account_readers", []),
                "deletion_window_days": args.get("own_key_deletion_window_days", 30),
                "protect_data": args["protect_data"],
                "tags": args.get("tags", {}),
            },
            child,
        )
        return key.key_arn

    def _secrets(
        self,
        name: str,
        args: ApplicationSecretsArgs,
        key_arn: pulumi.Input[str] | None,
        child: pulumi.ResourceOptions,
    ) -> dict[str, pulumi.Output[str]]:
        application = args["application"]
        prefix = args.get("name_prefix", "")
        storage = _storage(args, key_arn)
        login = cast(DatabaseSecretArgs, {key: args[key] for key in args if key in LOGIN})
        arns = {
            "database": DatabaseSecret(f"{name}-database", {**login, **storage}, child).arn,
            "jwt-secrets": JwtSecret(
                f"{name}-jwt",
                {
                    "application": application,
                    "name_prefix": prefix,
                    "generation": args["jwt_generation"],
                    "active": args["jwt_active"],
                    **storage,
                },
                child,
            ).arn,
        }
        for label, value in args.get("generated", {}).items():
            arns[label] = GeneratedSecret(
                f"{name}-{label}",
                {"application": application, "label": label, "name_prefix": prefix, **value, **storage},
                child,
            ).arn
        for label, given in args.get("given", {}).items():
            arns[label] = GivenSecret(
                f"{name}-{label}",
                {"application": application, "label": label, "name_prefix": prefix, "value": given, **storage},
                child,
            ).arn
        return arns

    def _reader(
        self,
        name: str,
        args: ApplicationSecretsArgs,
        labels: list[str],
        key_arn: pulumi.Input[str] | None,
        child: pulumi.ResourceOptions,
    ) -> SecretReader | None:
        chosen = {key.removeprefix("reader_"): value for key, value in args.items() if key.startswith("reader_")}
        if not chosen:
            return None
        # From names, not from the secrets' outputs: so a plan shows the policy before the secrets exist.
        caller = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=self))
        arns = pulumi.Output.all(account=caller.account_id, region=args["region"]).apply(
            lambda known: [
                Home(partition_of(known["region"]), known["region"], known["account"]).secret_arn(_name(args, label))
                for label in labels
            ]
        )
        reader = cast(SecretReaderArgs, {**chosen, "application": args["application"], "secret_arns": arns})
        # Two platforms may share a role: each has a policy of its own there.
        reader["policy_name"] = f"{args['platform']}-{args['application']}-secrets"
        if key_arn is not None:
            reader["kms_key_arn"] = key_arn
        if "cache_arn" in args and "cache_user_arn" in args:
            reader["cache_arn"], reader["cache_user_arn"] = args["cache_arn"], args["cache_user_arn"]
        if "trust" in reader:
            reader["role_name"] = _role_name(args)
        if "tags" in args:
            reader["tags"] = args["tags"]
        return SecretReader(f"{name}-reader", reader, child)


def _name(args: ApplicationSecretsArgs, label: str) -> str:
    return f"{args.get('name_prefix', '')}{args['application']}/{label}"


def _role_name(args: ApplicationSecretsArgs) -> str:
    return f"{args['platform']}-{args['application']}-reader"


def _storage(args: ApplicationSecretsArgs, key_arn: pulumi.Input[str] | None) -> StorageArgs:
    storage = cast(StorageArgs, {key: args[key] for key in args if key in StorageArgs.__annotations__})
    if key_arn is not None:
        storage["kms_key_id"] = key_arn
    if "reader_trust" in args:
        storage["allowed_roles"] = [_role_name(args)]
    elif "reader_attach_to_role" in args:
        storage["allowed_roles"] = [args["reader_attach_to_role"]]
    return storage
