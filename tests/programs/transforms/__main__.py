"""Transforms of the stack, of a component and of a lookup; they see dependencies and may add some."""

import pulumi
import pulumi_aws as aws


def elsewhere(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    if args.type_ != "aws:s3/bucket:Bucket":
        return None
    return pulumi.ResourceTransformResult(
        props={**args.props, "region": "eu-north-1"},
        opts=pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(retain_on_delete=True)),
    )


async def protect(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
    return pulumi.ResourceTransformResult(
        props=args.props, opts=pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=True))
    )


def other_region(args: pulumi.InvokeTransformArgs) -> pulumi.InvokeTransformResult:
    return pulumi.InvokeTransformResult(args={**args.args, "region": "eu-north-1"}, opts=args.opts)


class Storage(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("own:index:Storage", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        log = aws.s3.Bucket(f"{name}-log", opts=child)
        self.bucket = aws.s3.Bucket(
            f"{name}-data", tags={"log": log.id}, opts=pulumi.ResourceOptions(parent=self, transforms=[protect])
        )
        self.register_outputs({})


pulumi.runtime.register_resource_transform(elsewhere)
pulumi.runtime.register_invoke_transform(other_region)
storage = Storage("storage", pulumi.ResourceOptions(transforms=[protect]))
zones = aws.get_availability_zones_output(state="available")
pulumi.export("zone", zones.names[0])
