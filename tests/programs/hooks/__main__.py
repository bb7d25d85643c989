"""Resource hooks, which an offline plan lists and does not run."""

import pulumi
import pulumi_aws as aws


def before(args: pulumi.ResourceHookArgs) -> None:
    pulumi.log.info(f"hook for {args.urn}")


hook = pulumi.ResourceHook("announce", before, opts=pulumi.ResourceHookOptions(on_dry_run=True))
aws.s3.Bucket(
    "data",
    opts=pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(before_create=[hook], after_create=[before])),
)
