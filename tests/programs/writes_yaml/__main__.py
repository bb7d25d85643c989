"""Made-up values as YAML, which takes its own types alone."""

import pulumi_aws as aws
import pulumi_random as random
import yaml

me = aws.get_caller_identity()
values = {"account": me.account_id, "arn": f"arn:aws:iam::{me.account_id}:root", "parts": me.arn.split(":"), "plain": 1}
random.RandomPet("values", keepers={"plain": yaml.safe_dump({"a": [1]}), "values": yaml.safe_dump(values, width=999)})
random.RandomPet("dumped", keepers={"values": yaml.dump(values, width=999)})
