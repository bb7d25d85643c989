"""Opens the ways to a platform's cluster, one or, while clients move, two: whose string is used, and what is said of it."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas

from .. import names
from ..atlas import AtlasCluster, AtlasIpAccessList, AtlasPeering, AtlasPrivateLink
from . import atlas_connectivity, atlas_doors
from .atlas_doors import AwsPlace
from .parts import AtlasPart

Text = pulumi.Output[str]


class Doors:
    """Every way that the stack chooses. Made of the platform, whose children they are."""

    srv_connection_string: Text
    """Of the way that the applications use."""
    stack_output: dict[str, object]
    """What the stack's output says of the ways."""

    def __init__(
        self,
        parent: pulumi.Resource,
        stack: AtlasPart,
        in_atlas: mongodbatlas.Provider,
        *,
        project: Text,
        cluster: AtlasCluster,
        container: Text | None,
    ) -> None:
        self._parent, self._stack, self._in_atlas = parent, stack, in_atlas
        self._project, self._cluster, self._container = project, cluster, container
        self._strings: dict[str, Text] = {}
        self._entries: list[pulumi.Input[object]] = []
        ways = stack.atlas.connectivity
        self.stack_output = {"connectivity": ways.used}
        self._private_link()
        self._peering()
        self._access_list()
        self.srv_connection_string = self._strings[ways.used]
        if len(ways.chosen) > 1:
            self.stack_output["alsoOpen"] = [way for way in ways.chosen if way != ways.used]
        expected = self._entries[0] if len(self._entries) == 1 else _joined(self._entries)
        self.stack_output["expectedAccessEntries"] = expected

    def _options(self, name: str, place: AwsPlace | None = None) -> pulumi.ResourceOptions:
        """For a component of Atlas, whose AWS side may lie elsewhere: then with a provider of its own."""
        providers: list[pulumi.ProviderResource] = [self._in_atlas]
        if place is not None:
            account = None if place.account is None else [place.account]
            # As a class: of a mapping the SDK would not spell the keys as the provider reads them.
            roles = None if place.role is None else [aws.ProviderAssumeRoleArgs(role_arn=place.role)]
            opts = pulumi.ResourceOptions(parent=self._parent)
            providers.append(
                aws.Provider(name, region=place.region, assume_roles=roles, allowed_account_ids=account, opts=opts)
            )
        return pulumi.ResourceOptions(parent=self._parent, providers=providers)

    def _private_link(self) -> None:
        asked = self._stack.atlas.connectivity.private_link
        name = names.below(self._stack.name, "private-link")
        others: list[Text] = []
        for region, args in atlas_doors.region_link_args(self._stack, project_id=self._project).items():
            called = names.keyed(name, region)
            place = asked and atlas_doors.aws_place(self._stack, asked.regions[region], region)
            others.append(AtlasPrivateLink(called, args, self._options(called, place)).connected_endpoint_id)
        args = atlas_doors.private_link_args(
            self._stack, project_id=self._project, cluster_name=self._cluster.cluster_name, other_endpoints=others
        )
        if asked is None or args is None:
            return
        link = AtlasPrivateLink(name, args, self._options(name, atlas_doors.aws_place(self._stack, asked)))
        self._strings["privateLink"] = link.srv_connection_string
        self.stack_output |= {"endpointId": link.endpoint_id, "endpointServiceName": link.service_name}
        if further := self._further(name, link):
            self.stack_output["furtherEndpoints"] = further
        self._entries.append([])

    def _further(self, name: str, first: AtlasPrivateLink) -> Mapping[str, object]:
        """The further endpoints, each with its own connection string."""
        asked = self._stack.atlas.connectivity.private_link
        all_args = atlas_doors.further_link_args(
            self._stack,
            project_id=self._project,
            cluster_name=self._cluster.cluster_name,
            private_link_id=first.private_link_id,
            service_name=first.service_name,
        )
        found: dict[str, object] = {}
        for key, args in all_args.items():
            called = names.keyed(name, key)
            place = asked and atlas_doors.aws_place(self._stack, asked.further[key])
            link = AtlasPrivateLink(called, args, self._options(called, place))
            found[key] = {"endpointId": link.endpoint_id, "srvConnectionString": link.srv_connection_string}
        return found

    def _peering(self) -> None:
        args = self._container and atlas_connectivity.peering_args(
            self._stack,
            project_id=self._project,
            container_id=self._container,
            cluster_name=self._cluster.cluster_name,
        )
        asked = self._stack.atlas.connectivity.peering
        if args is None or asked is None:
            return
        name = names.below(self._stack.name, "peering")
        place = None if asked.aws_role is None else AwsPlace(self._stack.region, asked.aws_role)
        peering = AtlasPeering(name, args, self._options(name, place))
        self._strings["peering"] = peering.srv_connection_string
        self.stack_output["peeringConnectionId"] = peering.connection_id
        self._entries.append(peering.expected_entries)

    def _access_list(self) -> None:
        args = atlas_connectivity.access_list_args(self._stack, project_id=self._project)
        if args is not None:
            name = names.below(self._stack.name, "access-list")
            entries = AtlasIpAccessList(name, args, self._options(name))
            self._strings["ipAccessList"] = pulumi.Output.all(
                self._cluster.srv_connection_string, entries.expected_entries
            ).apply(lambda both: str(both[0]))
            self._entries.append(entries.expected_entries)


def _joined(lists: list[pulumi.Input[object]]) -> pulumi.Output[list[object]]:
    def flat(given: list[list[object]]) -> list[object]:
        return [entry for entries in given for entry in entries]

    return pulumi.Output.all(*lists).apply(flat)  # pyright: ignore[reportArgumentType]
