import boto3

boto3.client("sts", region_name="eu-west-1").get_caller_identity()
