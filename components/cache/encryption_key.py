"""A key of the platform's own."""

from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from .key_policies import caller_identity, platform_key_policy


class CacheEncryptionKeyArgs(TypedDict):
    platform: str
    """The platform's name: the key's alias is `alias/<platform>-cache`."""
    deletion_window_days: int
    """Days in which a deleted key can be brought back: 7 to 30."""
    protect_data: bool
    """Whether the key is protected against deletion, and kept when it leaves the program: without it, data is lost."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags of the key."""


class CacheEncryptionKey(pulumi.ComponentResource):
    """A KMS key with yearly rotation, for the cache's data at rest, its logs and the topics of its alarms.

    The account's own IAM policies govern it, as with a key made in the console; beside them CloudWatch Logs of this
    account may use it for its log groups, and CloudWatch alarms and SNS of this account for topics.
    """

    key_arn: pulumi.Output[str]
    """The key."""

    def __init__(self, name: str, args: CacheEncryptionKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("dolmen:index:CacheEncryptionKey", name, {}, opts)
        key = aws.kms.Key(
            f"{name}-key",
            description=f"Data, logs and alarm topics of the cache of {args['platform']}",
            deletion_window_in_days=int(args["deletion_window_days"]),
            enable_key_rotation=True,
            policy=caller_identity(self).apply(platform_key_policy),
            tags=args.get("tags"),
            opts=pulumi.ResourceOptions(
                parent=self, protect=args["protect_data"], retain_on_delete=args["protect_data"]
            ),
        )
        aws.kms.Alias(
            f"{name}-alias",
            name=f"alias/{args['platform']}-cache",
            target_key_id=key.key_id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.key_arn = key.arn
        self.register_outputs({"keyArn": self.key_arn})
