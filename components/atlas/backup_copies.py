"""Copies of snapshots in other regions, for the day on which a whole region is lost."""

from collections.abc import Iterator, Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_mongodbatlas as mongodbatlas

from ..arguments import Problem, given_or, known, one_of, plain_list
from .regions import atlas_region, region_problems

CopySetting = mongodbatlas.CloudBackupScheduleCopySettingArgsDict


class AtlasBackupCopy(TypedDict):
    region: str
    """The AWS region that holds the copies: `ap-northeast-1`."""
    kinds: NotRequired[Sequence[str] | None]
    """Kinds of snapshots that are copied: `hourly`, `daily`, `weekly`, `monthly`, `yearly`. Default: all that are taken."""
    oplogs: NotRequired[bool | None]
    """Whether any second of the restore window can be restored from there, too. Default: where continuous backup is on."""


def copy_settings(
    copies: Sequence[AtlasBackupCopy], *, zone_id: pulumi.Input[str], taken: Sequence[str], continuous: bool
) -> list[CopySetting]:
    """Settings in the order of their regions: Atlas sees another order as a change.

    `zone_id` is the cluster's zone; `taken` are the kinds of snapshots that the schedule has."""
    return [
        {
            "cloud_provider": "AWS",
            "region_name": atlas_region(copy["region"]),
            "zone_id": zone_id,
            "frequencies": [kind.upper() for kind in taken if kind in given_or(copy.get("kinds"), taken)],
            "should_copy_oplogs": given_or(copy.get("oplogs"), continuous),
        }
        for copy in sorted(copies, key=lambda copy: copy["region"])
    ]


def copy_problems(
    given: Sequence[pulumi.Input[AtlasBackupCopy]] | None,
    *,
    zone_id: pulumi.Input[str] | None,
    cluster_regions: Sequence[str],
    taken: Sequence[str],
    continuous: bool | None,
) -> Iterator[Problem]:
    """What Atlas would refuse of copies, and copies that protect against nothing.

    https://www.mongodb.com/docs/atlas/backup/cloud-backup/snapshot-distribution/"""
    copies = plain_list("copies", known(given))
    if copies and zone_id is None:
        yield Problem(("zone_id",), "Copies are made of a cluster's zone.", "Give zone_id, an output of the cluster.")
    regions = [known(copy.get("region")) for copy in copies]
    for index, (copy, region) in enumerate(zip(copies, regions, strict=True)):
        for problem in region_problems(region):
            yield Problem(("copies", index, "region"), problem.rule, problem.remedy)
        if region is not None and region in cluster_regions:
            yield Problem(
                ("copies", index, "region"),
                "The cluster itself is in this region: its copies would be lost with it.",
                "Name another region.",
            )
        if region is not None and region in regions[:index]:
            yield Problem(
                ("copies", index, "region"), "This region stands in the list twice.", "Remove one of the two."
            )
        kinds = known(copy.get("kinds"))
        if kinds is not None and not kinds:
            yield Problem(
                ("copies", index, "kinds"), "A copy has at least one kind of snapshot.", "Remove kinds for all."
            )
        for place, kind in enumerate(kinds or ()):
            yield from one_of(("copies", index, "kinds", place), kind, taken)
        if known(copy.get("oplogs")) is True and continuous is False:
            yield Problem(
                ("copies", index, "oplogs"),
                "Only continuous backup keeps an oplog that could be copied.",
                "Remove oplogs, or write continuous: true.",
            )
