import pulumi
import pulumi_aws as aws


def parse(name: str) -> int:
    return int(name)


bucket = aws.s3.Bucket("bucket", bucket="not-a-number")
pulumi.export("number", bucket.bucket.apply(parse))
