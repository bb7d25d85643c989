"""A private endpoint's connection strings, which Atlas gives some time after the endpoint is available."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

import pulumi
import pulumi_mongodbatlas as mongodbatlas
from pulumi_mongodbatlas.outputs import GetAdvancedClusterConnectionStringsResult

Given = GetAdvancedClusterConnectionStringsResult

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 15.0
PATIENCE_SECONDS = 600.0
"""Atlas's own guide speaks of minutes; the provider waits for the endpoint alone, and swallows it when that fails.
https://www.mongodb.com/docs/atlas/troubleshoot-private-endpoints/"""


def private_strings(
    component: pulumi.Resource,
    *,
    project_id: pulumi.Input[str],
    cluster_name: pulumi.Input[str],
    endpoint_id: pulumi.Input[str],
    other_endpoints: Sequence[pulumi.Input[str]],
) -> pulumi.Output[tuple[str, str]]:
    """The SRV and the standard connection string of one endpoint, once it and the others are connected.

    Atlas is asked again and again, for ten minutes at most. A preview asks once, and what Atlas does not give yet is
    unknown there. Fails when Atlas gives none: another endpoint's string, or the public one, would not connect."""
    # The name waits for the endpoints: the cluster knows nothing of one that comes later.
    name = pulumi.Output.all(cluster_name, endpoint_id, *other_endpoints).apply(lambda values: str(values[0]))
    cluster = mongodbatlas.get_advanced_cluster_output(
        project_id=project_id, name=name, opts=pulumi.InvokeOutputOptions(parent=component)
    )
    # Of the endpoints and the cluster by name too: as long as a lookup's result is unknown, the SDK forgets what the
    # lookup waited for, and a plan would not see that the string changes with them.
    asked = pulumi.Output.all(cluster=cluster, endpoint=endpoint_id, name=name, project=project_id)

    def chosen(known: Mapping[str, object]) -> pulumi.Input[tuple[str, str]]:
        first, endpoint = cluster_strings(known["cluster"]), str(known["endpoint"])
        if (found := strings_of(endpoint, first)) is not None:
            return found
        if pulumi.runtime.is_dry_run():
            return unknown()

        async def again() -> Given:
            answer = await pulumi.runtime.invoke_async(
                "mongodbatlas:index/getAdvancedCluster:getAdvancedCluster",
                {"projectId": known["project"], "name": known["name"]},
                pulumi.InvokeOptions(parent=component),
                mongodbatlas.GetAdvancedClusterResult,
            )
            return cluster_strings(answer)

        return waited_for(endpoint, first, again)

    return asked.apply(chosen)


def cluster_strings(cluster: object) -> Given:
    """The connection strings in a lookup's answer."""
    assert isinstance(cluster, mongodbatlas.GetAdvancedClusterResult)
    return cluster.connection_strings


def unknown() -> pulumi.Output[tuple[str, str]]:
    """What only the deployment will know."""
    loop = asyncio.get_running_loop()
    value: asyncio.Future[tuple[str, str]] = loop.create_future()
    value.set_result(("", ""))
    known: asyncio.Future[bool] = loop.create_future()
    known.set_result(False)
    return pulumi.Output(set(), value, known)


async def waited_for(
    endpoint_id: str,
    given: Given,
    again: Callable[[], Awaitable[Given]],
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> tuple[str, str]:
    """The endpoint's strings, as soon as Atlas gives them. Raises when it does not in time."""
    for seconds in pauses():
        await pause(seconds)
        given = await again()
        if (found := strings_of(endpoint_id, given)) is not None:
            return found
    others = sorted({one for entry in _entries(given) for one in entry[0]})
    raise pulumi.RunError(
        f"Atlas gives no connection string for the private endpoint {endpoint_id}, after {PATIENCE_SECONDS / 60:g} minutes"
        + (f"; it knows {', '.join(others)}. " if others else ", nor for any other. ")
        + "Atlas gives it once the endpoint is available and every region of the cluster has an endpoint: look at them in "
        "Atlas under Network Access, and run `pulumi up` again."
    )


def pauses() -> Iterator[float]:
    """Seconds to wait before each further question: soon at first, then every quarter of a minute."""
    pause, left = FIRST_PAUSE_SECONDS, PATIENCE_SECONDS
    while left > 0:
        yield min(pause, left)
        left -= pause
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


def strings_of(endpoint_id: str, given: Given) -> tuple[str, str] | None:
    """The SRV and the standard connection string of one endpoint; nothing where Atlas has none for it yet."""
    return next(((srv, standard) for ids, srv, standard in _entries(given) if endpoint_id in ids and srv), None)


def _entries(given: Given) -> Iterator[tuple[list[str], str, str]]:
    """The endpoints of each entry, its SRV and its standard string."""
    for entry in getattr(given, "private_endpoints", None) or ():
        ids = [endpoint.endpoint_id for endpoint in entry.endpoints or ()]
        yield ids, entry.srv_connection_string or "", entry.connection_string or ""
