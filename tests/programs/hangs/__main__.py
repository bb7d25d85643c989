import subprocess
import time

import pulumi_aws as aws

aws.s3.Bucket("bucket")
subprocess.Popen(["sleep", "300"])
while True:
    time.sleep(1)
