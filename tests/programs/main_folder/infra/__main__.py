import pathlib

import pulumi
import pulumi_aws as aws
from beside import NAME

aws.s3.Bucket(NAME, tags={"folder": pathlib.Path.cwd().name, "root": pathlib.Path(pulumi.get_root_directory()).name})
