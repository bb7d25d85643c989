"""Transforms and transformations: of one resource, of a component, of the whole stack."""

import pulumi
import pulumi_aws as aws
import pulumi_random as random


def tag(args):
    if args.type_.startswith("aws:"):
        return pulumi.ResourceTransformResult(
            props={**args.props, "tags": {**(args.props.get("tags") or {}), "owner": "platform"}}, opts=args.opts
        )
    return None


def protect(args):
    return pulumi.ResourceTransformResult(
        props=args.props, opts=pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=True))
    )


async def hide(args):
    if args.type_.endswith("RandomPet"):
        return pulumi.ResourceTransformResult(
            props={**args.props, "prefix": pulumi.Output.secret("hidden")}, opts=args.opts
        )
    return None


def legacy(args):
    if args.type_.endswith("RandomString"):
        return pulumi.ResourceTransformationResult(
            props={**args.props, "length": 9},
            opts=pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(ignore_changes=["length"])),
        )
    return None


pulumi.runtime.register_resource_transform(tag)
pulumi.runtime.register_stack_transformation(legacy)


class Box(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("test:index:Box", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        random.RandomPet(f"{name}-pet", length=2, opts=child)
        random.RandomString(f"{name}-string", length=4, opts=child)
        aws.cloudwatch.LogGroup(f"{name}-group", name=f"/{name}", tags={"own": "tag"}, opts=child)


Box("plain")
Box("protected", pulumi.ResourceOptions(transforms=[protect]))
Box("hidden", pulumi.ResourceOptions(transforms=[hide, protect]))
random.RandomPet("alone", opts=pulumi.ResourceOptions(transforms=[hide]))
random.RandomString("old-style", length=3, opts=pulumi.ResourceOptions(transformations=[legacy]))
aws.cloudwatch.LogGroup("own", name="/own")
