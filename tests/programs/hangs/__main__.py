import subprocess
import time

import pulumi_aws as aws

aws.s3.Bucket("bucket")
print("started", subprocess.Popen(["sleep", "3000"]).pid, flush=True)
while True:
    time.sleep(1)
