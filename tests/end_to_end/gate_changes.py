"""One small platform, deployed once, and the changes of it that a gate is asked about."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.end_to_end.engine import write_program

PROGRAM = """\
import json

import pulumi
import pulumi_aws as aws
import pulumi_mongodbatlas as atlas
import pulumi_random as random

Opts = pulumi.ResourceOptions


class Box(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("test:index:Box", name, {}, opts)
        self.topic = aws.sns.Topic(f"{name}-topic", name=f"{name}-topic", opts=Opts(parent=self))
        self.register_outputs({"topic": self.topic.arn})


west = aws.Provider("west", region="eu-west-1", default_tags=aws.ProviderDefaultTagsArgs(tags={"team": "chat"}))
logs = aws.cloudwatch.LogGroup("logs", name="/logs", retention_in_days=7, tags={"team": "chat"})
westlogs = aws.cloudwatch.LogGroup("westlogs", name="/west", retention_in_days=7, opts=Opts(provider=west))
spare = aws.cloudwatch.LogGroup("spare", name="/spare", opts=Opts(retain_on_delete=True))
named = aws.sns.Topic("alerts")
box = Box("box")
role = aws.iam.Role("reader", name="reader", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}]}))
policy = aws.iam.RolePolicy("reading", name="reading", role=role.name, policy=json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["logs:GetLogEvents"], "Resource": "arn:aws:logs:eu-west-1:123456789012:*"}]}))
password = random.RandomPassword("password", length=20, keepers={"generation": "1"})
secret = aws.secretsmanager.Secret("secret", name="secret", recovery_window_in_days=7, opts=Opts(protect=True, retain_on_delete=True))
version = aws.secretsmanager.SecretVersion("version", secret_id=secret.id, secret_string=password.result)
keys = aws.secretsmanager.Secret("keys", name="keys")
key = aws.secretsmanager.SecretVersion("key", secret_id=keys.id, secret_string=pulumi.Output.secret("first"))
cluster = atlas.AdvancedCluster(
    "cluster",
    project_id="5f0000000000000000000001",
    name="shop",
    cluster_type="REPLICASET",
    backup_enabled=True,
    termination_protection_enabled=True,
    replication_specs=[{"region_configs": [{
        "provider_name": "AWS", "region_name": "EU_WEST_1", "priority": 7,
        "electable_specs": {"instance_size": "M20", "node_count": 3}}]}],
)
user = atlas.DatabaseUser("user", username="app", auth_database_name="admin", project_id="5f0000000000000000000001",
    password=pulumi.Output.secret("hunter2hunter2"), roles=[{"role_name": "readWrite", "database_name": "chat"}])
# more
pulumi.export("secret", secret.arn)
"""
CONFIG = {"aws:region": "eu-west-1"}

EDITS: dict[str, tuple[str, str]] = {
    "M30": ('"M20"', '"M30"'),
    "M50": ('"M20"', '"M50"'),
    "no backup": ("backup_enabled=True", "backup_enabled=False"),
    "no termination protection": ("termination_protection_enabled=True", "termination_protection_enabled=False"),
    "14 days": ('"/logs", retention_in_days=7', '"/logs", retention_in_days=14'),
    "30 days": ('"/logs", retention_in_days=7', '"/logs", retention_in_days=30'),
    "tag": ('tags={"team": "chat"})\nwestlogs', 'tags={"team": "messaging"})\nwestlogs'),
    "an unknown tag": ('tags={"team": "chat"})\nwestlogs', 'tags={"team": random.RandomPet("made").id})\nwestlogs'),
    "a secret tag": ('tags={"team": "chat"})\nwestlogs', 'tags={"team": pulumi.Output.secret("x")})\nwestlogs'),
    "unprotected": ("Opts(protect=True, retain_on_delete=True)", "Opts(retain_on_delete=True)"),
    "not retained": ("Opts(protect=True, retain_on_delete=True)", "Opts(protect=True)"),
    "protected": ('aws.sns.Topic("alerts")', 'aws.sns.Topic("alerts", opts=Opts(protect=True))'),
    "logs in the west": (
        'tags={"team": "chat"})\nwestlogs',
        'tags={"team": "chat"}, opts=Opts(provider=west))\nwestlogs',
    ),
    "west tags": ('tags={"team": "chat"}))\nlogs', 'tags={"team": "messaging"}))\nlogs'),
    "west to localhost": ('"west", region', '"west", endpoints=[{"sns": "https://evil.example"}], region'),
    "alarms, too": ("# more", 'aws.sns.Topic("alarms")\n# more'),
    "renamed": ('aws.sns.Topic("alerts")', 'aws.sns.Topic("alarms")'),
    "renamed with alias": (
        'aws.sns.Topic("alerts")',
        'aws.sns.Topic("alarms", opts=Opts(aliases=[pulumi.Alias(name="alerts")]))',
    ),
    "box renamed": ('box = Box("box")', 'box = Box("crate")'),
    "alerts retained": ('aws.sns.Topic("alerts")', 'aws.sns.Topic("alerts", opts=Opts(retain_on_delete=True))'),
    "another password": ("hunter2hunter2", "hunter3hunter3"),
    "no spare": ('spare = aws.cloudwatch.LogGroup("spare", name="/spare", opts=Opts(retain_on_delete=True))\n', ""),
    "no alerts": ('named = aws.sns.Topic("alerts")\n', ""),
    "spare not retained": ("Opts(retain_on_delete=True))\nnamed", "Opts())\nnamed"),
    "policy wider": ('["logs:GetLogEvents"]', '["logs:GetLogEvents", "logs:DescribeLogGroups"]'),
    "policy wide open": ('["logs:GetLogEvents"]', '["*"]'),
    "policy indented": (
        '"arn:aws:logs:eu-west-1:123456789012:*"}]}))',
        '"arn:aws:logs:eu-west-1:123456789012:*"}]}, indent=2))',
    ),
    "generation 2": ('{"generation": "1"}', '{"generation": "2"}'),
    "generation 3": ('{"generation": "1"}', '{"generation": "3"}'),
    "delete first, generation 2": (
        '{"generation": "1"})',
        '{"generation": "2"}, opts=Opts(delete_before_replace=True))',
    ),
    "another key": ('pulumi.Output.secret("first")', 'pulumi.Output.secret("second")'),
    "another role": ('"readWrite"', '"dbAdmin"'),
    "a group": ("# more", 'aws.cloudwatch.LogGroup("jobs", name="/jobs", retention_in_days=3)\n# more'),
    "a longer group": ("# more", 'aws.cloudwatch.LogGroup("jobs", name="/jobs", retention_in_days=5)\n# more'),
    "a protected group": (
        "# more",
        'aws.cloudwatch.LogGroup("jobs", name="/jobs", retention_in_days=3, opts=Opts(protect=True))\n# more',
    ),
    "a group in the west": (
        "# more",
        'aws.cloudwatch.LogGroup("jobs", name="/jobs", retention_in_days=3, opts=Opts(provider=west))\n# more',
    ),
    "a group of an unknown name": (
        "# more",
        'aws.cloudwatch.LogGroup("jobs", name=random.RandomPet("made").id)\n# more',
    ),
    "a named group": ("# more", 'random.RandomPet("made")\naws.cloudwatch.LogGroup("jobs", name="/jobs")\n# more'),
}
SETTINGS: dict[str, dict[str, str]] = {
    "config tags": {"aws:defaultTags": '{"tags": {"team": "chat"}}'},
    "config endpoint": {"aws:endpoints": '[{"sns": "https://evil.example"}]'},
}


def program(edits: Iterable[str]) -> str:
    text = PROGRAM
    for name in edits:
        if name in SETTINGS:
            continue
        old, new = EDITS[name]
        assert old in text, f"{name}: the program no longer has {old!r}"
        text = text.replace(old, new)
    return text


def config(edits: Iterable[str]) -> dict[str, str]:
    return {**CONFIG, **{key: value for name in edits if name in SETTINGS for key, value in SETTINGS[name].items()}}


def names(change: str) -> tuple[str, ...]:
    """`M30 + tag` → both edits; `nothing` → none."""
    return () if change == "nothing" else tuple(change.split(" + "))


def write_change(folder: Path, change: str, stack: str, stack_file: str) -> Path:
    """The project with a change, in a folder of its own."""
    edits = names(change)
    write_program(folder, program(edits))
    (folder / f"Pulumi.{stack}.yaml").write_text(stack_file)
    return folder
