import pulumi_aws as aws
from parts import storage

aws.s3.Bucket("bucket")
storage.build({"bucket": 3})
