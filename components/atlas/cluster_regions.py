"""Nodes over regions: their arithmetic, what Atlas refuses of it, and what survives a loss, in words."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..arguments import Problem, between, given_or, known, plain_list
from .cluster_arguments import DEFAULT_ELECTABLE_NODES, AtlasClusterArgs, AtlasClusterRegion
from .regions import region_problems

ELECTABLE_NODES = (3, 5, 7)
"""An election needs a majority, and a replica set has seven votes.
https://www.mongodb.com/docs/manual/core/replica-set-architectures/"""
MOST_NODES = 50
"""https://www.mongodb.com/docs/manual/reference/limits/#mongodb-limit-Number-of-Members-of-a-Replica-Set"""
MOST_OTHER_NODES = MOST_NODES - min(ELECTABLE_NODES)
HIGHEST_PRIORITY = 7
"""Of the first region with electable nodes; the next ones have 6, 5…
https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-createcluster"""
ZONES = 3
"""Atlas spreads a region's nodes over its zones; these are the zones of the regions that it recommends.
https://www.mongodb.com/docs/atlas/reference/amazon-aws/"""
_COUNTS = ("electable_nodes", "read_only_nodes", "analytics_nodes")


@dataclass(frozen=True)
class Nodes:
    """How many nodes of which kind one region has."""

    region: str
    electable: int
    read_only: int
    analytics: int

    @property
    def number(self) -> int:
        return self.electable + self.read_only + self.analytics


def asked_regions(args: AtlasClusterArgs) -> list[AtlasClusterRegion]:
    """The regions, one for a cluster that says its region alone; those with electable nodes first, as Atlas wants them."""
    if args.get("regions") is None:
        alone: AtlasClusterRegion = {
            "region": given_or(args.get("region"), ""),
            "electable_nodes": given_or(args.get("electable_nodes"), DEFAULT_ELECTABLE_NODES),
            "read_only_nodes": args.get("read_only_nodes"),
            "analytics_nodes": args.get("analytics_nodes"),
        }
        return [alone]
    listed = plain_list("regions", args.get("regions"))
    return sorted(listed, key=lambda one: one.get("electable_nodes") in (None, 0))


# ---- what survives


def survival(regions: Sequence[Nodes]) -> str:
    """What goes on without one zone, and without each region, in sentences."""
    electable = sum(one.electable for one in regions)
    lost = max(math.ceil(one.electable / ZONES) for one in regions)
    left = electable - lost
    zone = "writes go on" if left >= _majority(electable) else "reads alone go on, until it is back"
    sentences = [f"Without one of {ZONES} zones {zone}, with {left} of {electable} electable nodes."]
    sentences += [_without(gone, regions, electable) for gone in regions]
    return " ".join(sentences)


def _without(gone: Nodes, regions: Sequence[Nodes], electable: int) -> str:
    others = [one for one in regions if one is not gone]
    left = electable - gone.electable
    if not others:
        return f"Without {gone.region} nothing goes on, until it is back or a backup is restored elsewhere."
    nodes = f"{left} of {electable} electable nodes"
    if left < _majority(electable):
        return f"Without {gone.region} reads alone go on: {nodes} are no majority."
    successor = next(one.region for one in others if one.electable)
    return f"Without {gone.region} writes go on in {successor}, with {nodes}."


def majority_region(regions: Sequence[Nodes]) -> str | None:
    """The region without which no primary can be elected; nothing where each may be lost."""
    electable = sum(one.electable for one in regions)
    return next((one.region for one in regions if electable - one.electable < _majority(electable)), None)


def _majority(electable: int) -> int:
    return electable // 2 + 1


# ---- what Atlas refuses


def region_arguments_problems(args: AtlasClusterArgs) -> Iterator[Problem]:
    """What is wrong with the regions and the numbers of their nodes."""
    if (regions := known(args.get("regions"))) is None:
        yield from _one_region_problems(args)
        return
    for argument in ("region", *_COUNTS):
        if args.get(argument) is not None:
            yield Problem((argument,), "Each of the regions says this itself.", "Write it there, and remove it here.")
    if not regions:
        yield Problem(("regions",), "A cluster lies in at least one region.", "List a region with 3 electable nodes.")
        return
    listed = [known(one) for one in regions]
    wrong = [
        problem
        for index, one in enumerate(listed)
        if one is not None
        for problem in _problems_of_region(index, one, listed[:index])
    ]
    yield from wrong
    counts = [[known(one.get(name)) if one.get(name) is not None else 0 for name in _COUNTS] for one in listed if one]
    if not wrong and None not in listed and not any(None in each for each in counts):
        yield from _sum_problems([[count or 0 for count in each] for each in counts])


def _one_region_problems(args: AtlasClusterArgs) -> Iterator[Problem]:
    if args.get("region") is None:
        yield Problem(("region",), "A cluster lies in a region.", "Give region, or several regions.")
    yield from region_problems(args.get("region"))
    electable = known(args.get("electable_nodes"))
    if electable is not None and electable not in ELECTABLE_NODES:
        yield Problem(
            ("electable_nodes",),
            "Electable nodes are 3, 5 or 7: an election needs a majority.",
            "Write 3 (one zone may fail) or 5 (two may fail).",
        )
        return
    others = (known(args.get("read_only_nodes")), known(args.get("analytics_nodes")))
    wrong = [
        *between(("read_only_nodes",), others[0], 0, MOST_OTHER_NODES),
        *between(("analytics_nodes",), others[1], 0, MOST_OTHER_NODES),
    ]
    yield from wrong
    if not wrong:
        nodes = (electable or DEFAULT_ELECTABLE_NODES) + sum(count or 0 for count in others)
        yield from _size_problems(("read_only_nodes",), nodes)


def _problems_of_region(
    index: int, one: AtlasClusterRegion, before: Sequence[AtlasClusterRegion | None]
) -> Iterator[Problem]:
    place = ("regions", index)
    region = known(one["region"])
    for problem in region_problems(region):
        yield Problem((*place, *problem.argument), problem.rule, problem.remedy)
    if region is not None and any(other is not None and known(other["region"]) == region for other in before):
        yield Problem((*place, "region"), "Each region stands here once.", "Put its nodes together.")
    counts = {name: known(one.get(name)) for name in _COUNTS}
    unknown = any(one.get(name) is not None and counts[name] is None for name in _COUNTS)
    wrong = [
        *between((*place, "electable_nodes"), counts["electable_nodes"], 0, max(ELECTABLE_NODES)),
        *between((*place, "read_only_nodes"), counts["read_only_nodes"], 0, MOST_OTHER_NODES),
        *between((*place, "analytics_nodes"), counts["analytics_nodes"], 0, MOST_OTHER_NODES),
    ]
    yield from wrong
    if not wrong and not unknown and not any(counts.values()):
        yield Problem(place, "A region of a cluster has at least one node.", "Give it electable nodes, or remove it.")


def _sum_problems(counts: Sequence[Sequence[int]]) -> Iterator[Problem]:
    electable = sum(each[0] for each in counts)
    if electable not in ELECTABLE_NODES:
        yield Problem(
            ("regions",),
            f"The electable nodes of all regions together are 3, 5 or 7: an election needs a majority. These are "
            f"{electable}.",
            "Write 2, 2 and 1 in three regions: any of them may be lost.",
        )
        return
    yield from _size_problems(("regions",), sum(map(sum, counts)))


def _size_problems(place: tuple[str], nodes: int) -> Iterator[Problem]:
    if nodes > MOST_NODES:
        yield Problem(
            place,
            f"A replica set has at most {MOST_NODES} members; these are {nodes}.",
            "Ask for fewer read-only or analytics nodes.",
        )
