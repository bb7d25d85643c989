"""Explicit providers, and how children and components come by theirs."""

import pulumi
import pulumi_aws as aws
import pulumi_random as random


class Replica(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("own:index:Replica", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        suffix = random.RandomPet(f"{name}-suffix", opts=child)
        bucket = aws.s3.Bucket(f"{name}-bucket", tags={"suffix": suffix.id}, opts=child)
        aws.s3.BucketVersioning(
            f"{name}-versioning",
            bucket=bucket.id,
            versioning_configuration={"status": "Enabled"},
            opts=pulumi.ResourceOptions(parent=bucket),
        )
        self.zones = aws.get_availability_zones_output(opts=pulumi.InvokeOptions(parent=self))
        self.register_outputs({"bucket": bucket.id})


seoul = aws.Provider("seoul", region="ap-northeast-2")
tokyo = aws.Provider("tokyo", region="ap-northeast-1", default_tags={"tags": {"team": "chat"}})
Replica("one", pulumi.ResourceOptions(providers={"aws": seoul}, protect=True))
Replica("two", pulumi.ResourceOptions(providers=[tokyo]))
Replica("three", pulumi.ResourceOptions(provider=seoul))
aws.s3.Bucket("plain")
aws.s3.Bucket("chosen", opts=pulumi.ResourceOptions(provider=tokyo))
