import pulumi_aws as aws
from beside import NAME

aws.s3.Bucket(NAME)
