"""What a new cache is filled from: a snapshot of ElastiCache, or RDB files in S3."""

import re
from collections.abc import Iterator, Sequence

import pulumi

from ..arguments import Problem, known

LONGEST_SNAPSHOT_NAME = 255
IGNORED = ("snapshotName", "snapshotArns")
"""Of a cache that exists, these are not compared: the provider would replace it for another value, or for none.

A replacement for another reason takes what is written then: the engine asks the program anew for a new resource
(pulumi v3.259.0, pkg/resource/deploy/step_generator.go, "recompute the default values")."""


def seed_problems(
    snapshot: str | None, rdb: Sequence[pulumi.Input[str]] | None, cluster_mode: bool | None
) -> Iterator[Problem]:
    """What ElastiCache would refuse.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html (SnapshotArns,
    SnapshotName) and https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-seeding-redis.html"""
    if snapshot is not None and rdb:
        yield Problem(
            ("seed_rdb",),
            "A cache is filled from a snapshot or from RDB files, not from both.",
            "Remove one of the two.",
        )
    if snapshot is not None and not (snapshot.strip() == snapshot and 1 <= len(snapshot) <= LONGEST_SNAPSHOT_NAME):
        yield Problem(
            ("seed_snapshot",),
            f"A snapshot's name has 1 to {LONGEST_SNAPSHOT_NAME} characters, and no space at its ends.",
            "Write a name that `aws elasticache describe-snapshots` lists.",
        )
    if rdb is not None and not rdb:
        yield Problem(("seed_rdb",), "A list of RDB files names at least one.", "Name one, or remove the list.")
    for index, file in enumerate(rdb or ()):
        yield from _file_problems(index, known(file), [known(earlier) for earlier in (rdb or ())[:index]])
    if cluster_mode is False and len(rdb or ()) > 1:
        yield Problem(
            ("seed_rdb",),
            "With cluster mode disabled there is one shard, and one RDB file for it.",
            "Keep one file, or enable cluster mode.",
        )


def _file_problems(index: int, arn: str | None, earlier: Sequence[str | None]) -> Iterator[Problem]:
    if arn is None:
        return
    if not re.fullmatch(r"arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.+", arn):
        yield Problem(
            ("seed_rdb", index),
            "An RDB file is named by the ARN of its object in S3.",
            "Write arn:aws:s3:::<bucket>/<path>.rdb.",
        )
    elif "," in arn:
        yield Problem(
            ("seed_rdb", index), "ElastiCache takes no object whose name has a comma.", "Copy it under another name."
        )
    elif arn in earlier:
        yield Problem(("seed_rdb", index), "This entry stands in the list twice.", "Remove one of the two.")
