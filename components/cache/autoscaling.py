"""Shards and replicas that come and go with the load, by Application Auto Scaling."""

from collections.abc import Iterator
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from .. import names
from ..arguments import Problem, between, given_or, known
from . import tables
from .topology import MOST_NODES, MOST_REPLICAS, MOST_SHARDS, Topology

PARTS = ("shards", "replicas")
INPUTS = {"shards": "numNodeGroups", "replicas": "replicasPerNodeGroup"}
"""What of the group is no longer the program's: compared with what the load made of it, it would be taken back."""


class CacheScaling(TypedDict):
    """Within which bounds, and by what."""

    minimum: int
    """The fewest that there are."""
    maximum: int
    """The most."""
    cpu_percent: NotRequired[int | None]
    """The load of the thread that runs commands that is aimed at, on average: of primaries, or of replicas."""
    memory_percent: NotRequired[int | None]
    """Of shards, in its place: the share of the memory for keys that is aimed at."""
    scale_in: NotRequired[bool | None]
    """Whether there may be fewer again. Default: true."""


class CacheAutoscaling(TypedDict):
    """What follows the load."""

    shards: NotRequired[CacheScaling | None]
    """Shards of the cache."""
    replicas: NotRequired[CacheScaling | None]
    """Replicas of each shard."""


def scalings(autoscaling: CacheAutoscaling | None) -> dict[str, CacheScaling]:
    """Of shards and replicas, what scales."""
    if autoscaling is None:
        return {}
    given = {"shards": autoscaling.get("shards"), "replicas": autoscaling.get("replicas")}
    return {part: one for part, one in given.items() if one is not None}


def ignored_inputs(autoscaling: CacheAutoscaling | None) -> list[str]:
    return [INPUTS[part] for part in scalings(autoscaling)]


def bounds(autoscaling: CacheAutoscaling | None, part: str, begun_with: int) -> tuple[int, int]:
    """The fewest and the most that there can be of a part."""
    found = scalings(autoscaling).get(part)
    return (begun_with, begun_with) if found is None else (int(found["minimum"]), int(found["maximum"]))


def scale(
    name: str,
    group_id: str,
    made: pulumi.Output[str],
    node_type: str,
    autoscaling: CacheAutoscaling | None,
    tags: pulumi.Input[dict[str, pulumi.Input[str]]] | None,
    child: pulumi.ResourceOptions,
) -> None:
    """Registers what scales, and its policy. `made` is the group's id once the group exists."""
    for part, one in scalings(autoscaling).items():
        target = aws.appautoscaling.Target(
            names.keyed(name, part),
            service_namespace="elasticache",
            scalable_dimension=tables.autoscaling()["dimensions"][part],
            resource_id=pulumi.Output.concat("replication-group/", made),
            min_capacity=int(one["minimum"]),
            max_capacity=int(one["maximum"]),
            tags=tags,
            opts=child,
        )
        cpu, memory = one.get("cpu_percent"), one.get("memory_percent")
        aws.appautoscaling.Policy(
            names.keyed(name, part),
            name=names.scaling_policy(group_id, part),
            policy_type="TargetTrackingScaling",
            service_namespace=target.service_namespace,
            scalable_dimension=target.scalable_dimension,
            resource_id=target.resource_id,
            target_tracking_scaling_policy_configuration={
                "predefined_metric_specification": {"predefined_metric_type": _metric(part, cpu, node_type)},
                "target_value": float(given_or(cpu, given_or(memory, 0))),
                "disable_scale_in": not given_or(one.get("scale_in"), True),
            },
            opts=child,
        )


def _metric(part: str, cpu: int | None, node_type: str) -> str:
    """Nodes with data tiering fill their memory on purpose: of them memory and disk count together."""
    if cpu is not None:
        return tables.autoscaling()["metrics"][part]["cpu"]
    return tables.autoscaling()["metrics"][part]["capacity" if tables.node_type(node_type).data_tiering else "memory"]


def autoscaling_problems(autoscaling: CacheAutoscaling | None, topology: Topology) -> Iterator[Problem]:
    """What ElastiCache would refuse.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoScaling.html"""
    if autoscaling is None:
        return
    found = scalings(autoscaling)
    if not found:
        yield Problem((), "Shards scale, replicas, or both.", "Write shards or replicas, or remove it.")
    if topology.cluster_mode is False:
        yield Problem((), "A cache scales by itself in cluster mode only.", "Enable cluster mode, or remove it.")
    yield from _node_problems(topology)
    begun_with = {"shards": topology.shards, "replicas": topology.replicas}
    least, most = {"shards": 1, "replicas": 1}, {"shards": MOST_SHARDS, "replicas": MOST_REPLICAS}
    for part, one in found.items():
        yield from _bound_problems(part, one, least[part], most[part], begun_with[part])
        yield from _aim_problems(part, one)
    shards = known(found["shards"].get("maximum")) if "shards" in found else topology.shards
    replicas = known(found["replicas"].get("maximum")) if "replicas" in found else topology.replicas
    if shards is not None and replicas is not None and shards * (1 + replicas) > MOST_NODES:
        yield Problem(
            (),
            f"A cache has at most {MOST_NODES} nodes, and these would be up to {int(shards * (1 + replicas))}.",
            "Lower a maximum.",
        )


def _node_problems(topology: Topology) -> Iterator[Problem]:
    node, may = topology.node, tables.autoscaling()
    if node is not None and (node.family not in may["families"] or node.name.split(".")[-1] not in may["sizes"]):
        yield Problem(
            (),
            f"ElastiCache scales nodes of the families {', '.join(may['families'])} in the sizes "
            f"{', '.join(may['sizes'])}, and not {node.name}.",
            "Choose one of these, or remove it.",
        )
    elif node is not None and node.data_tiering and topology.engine == "redis" and topology.version == "7.0":
        yield Problem((), "Nodes with data tiering scale from Redis OSS 7.0.7 on.", 'Write version "7.1".')


def _bound_problems(part: str, one: CacheScaling, least: int, most: int, begun_with: float | None) -> Iterator[Problem]:
    low, high = known(one.get("minimum")), known(one.get("maximum"))
    yield from between((part, "minimum"), low, least, most)
    yield from between((part, "maximum"), high, least, most)
    if low is not None and high is not None and low > high:
        yield Problem(
            (part, "maximum"), f"The most are fewer than the fewest, {low}.", "Exchange the two, or raise it."
        )
    elif None not in (low, high, begun_with) and not float(low or 0) <= float(begun_with or 0) <= float(high or 0):
        yield Problem(
            (part,),
            f"The cache begins with {begun_with:g} {part}, which AWS would change at once.",
            f"Begin with {low} to {high}.",
        )


def _aim_problems(part: str, one: CacheScaling) -> Iterator[Problem]:
    cpu, memory = known(one.get("cpu_percent")), known(one.get("memory_percent"))
    yield from between((part, "cpu_percent"), cpu, 1, 99)
    if part == "replicas" and memory is not None:
        yield Problem(
            (part, "memory_percent"),
            "Each replica holds all keys of its shard: more of them hold no more.",
            "Remove it.",
        )
        return
    yield from between((part, "memory_percent"), memory, 1, 99)
    if (cpu is None) == (memory is None):
        yield Problem(
            (part,),
            "One load is aimed at: of the processor, or of the memory.",
            "Write cpu_percent or memory_percent." if cpu is None else "Remove one of the two.",
        )
