"""Regions: AWS's names, and Atlas's."""

from collections.abc import Iterator

import pulumi

from ..arguments import Problem, closest, known
from . import tables


def atlas_region(region: pulumi.Input[str]) -> pulumi.Input[str]:
    """Atlas's name of a region of AWS: `AP_NORTHEAST_2` for `ap-northeast-2`."""
    plain = known(region)
    return pulumi.Output.from_input(region).apply(_translated) if plain is None else _translated(plain)


def _translated(region: str) -> str:
    return region.upper().replace("-", "_")


def region_problems(region: pulumi.Input[str] | None) -> Iterator[Problem]:
    """What is wrong with the argument `region` of a component."""
    plain, regions = known(region), tables.atlas_regions()
    if plain is not None and plain not in regions:
        separate = plain.startswith(("cn-", "us-gov-"))
        near = closest(plain, regions)
        yield Problem(
            ("region",),
            "AWS China and GovCloud belong to separate Atlas services, which this platform does not serve."
            if separate
            else "Atlas has no dedicated clusters in this region of AWS.",
            f"Did you mean {near}?" if near and not separate else "Choose a region such as ap-northeast-2.",
        )
