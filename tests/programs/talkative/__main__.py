import sys

import pulumi
import pulumi_aws as aws

print("to the terminal")
print("to the error stream", file=sys.stderr)
pulumi.log.info("an information")
bucket = aws.s3.Bucket("bucket")
pulumi.log.warn("a warning", bucket)
pulumi.log.debug("a detail")
