"""The older, in-process transformations."""

import pulumi
import pulumi_aws as aws


def rename(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    if args.type_ != "aws:s3/bucket:Bucket":
        return None
    return pulumi.ResourceTransformationResult(
        props={**args.props, "bucket": f"company-{args.name}"},
        opts=pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(retain_on_delete=True)),
    )


pulumi.runtime.register_stack_transformation(rename)
aws.s3.Bucket("data")
