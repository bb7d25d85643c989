"""Aliases of every kind."""

import pulumi
import pulumi_aws as aws


class Group(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("own:index:Group", name, {}, opts)
        aws.s3.Bucket(
            f"{name}-bucket",
            opts=pulumi.ResourceOptions(parent=self, aliases=[pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)]),
        )
        self.register_outputs({})


Group("new", pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old"), pulumi.Alias(type_="own:index:OldGroup")]))
aws.s3.Bucket(
    "renamed",
    opts=pulumi.ResourceOptions(
        aliases=[
            "urn:pulumi:test::other::aws:s3/bucket:Bucket::first",
            pulumi.Alias(name="second", stack="earlier", project="before"),
            pulumi.Alias(name="third", parent=None),
        ]
    ),
)
