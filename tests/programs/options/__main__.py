"""Every option of a resource, on customs and components."""

import pulumi
import pulumi_aws as aws


class Group(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("own:index:Group", name, {"size": 1}, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.first = aws.s3.Bucket(f"{name}-first", opts=child)
        self.second = aws.s3.Bucket(
            f"{name}-second", opts=pulumi.ResourceOptions(parent=self, protect=False, retain_on_delete=False)
        )
        self.register_outputs({"first": self.first.id})


base = aws.ec2.Vpc("base", cidr_block="10.0.0.0/16")
group = Group("group", pulumi.ResourceOptions(protect=True, retain_on_delete=True, deleted_with=base))
aws.s3.Bucket(
    "all",
    tags={"secret": pulumi.Output.secret("x"), "vpc": base.id, "both": pulumi.Output.concat(base.id, base.arn)},
    opts=pulumi.ResourceOptions(
        depends_on=[group],
        ignore_changes=["tags", "tags.vpc"],
        replace_on_changes=["bucket"],
        delete_before_replace=True,
        additional_secret_outputs=["arn", "bucket"],
        custom_timeouts=pulumi.CustomTimeouts(create="5m", update="1h30m", delete="30s"),
        version="7.0.0",
        retain_on_delete=True,
        protect=True,
        deleted_with=base,
        replace_with=[base],
        hide_diffs=["tags"],
    ),
)
pulumi.export("group", group)
