import sys

import pulumi_aws as aws

aws.s3.Bucket("bucket")
sys.exit(3)
