"""Metrics of the project's clusters for a Prometheus of yours, without an exporter."""

from collections.abc import Iterator
from typing import NotRequired, TypedDict

import pulumi
import pulumi_mongodbatlas as mongodbatlas
import pulumi_random as random

from ..arguments import Problem, between, check, given_or, known
from ..outputs import register

DEFAULT_GENERATION = 1
PASSWORD_LENGTH = 48


class AtlasPrometheusArgs(TypedDict):
    project_id: pulumi.Input[str]
    """The Atlas project: all its clusters of M10 and above are scraped."""
    user_name: str
    """With which Prometheus logs in."""
    generation: NotRequired[int | None]
    """Raise it by one for a new password, which replaces the old one at once. Default: 1."""


class AtlasPrometheus(pulumi.ComponentResource):
    """Atlas's own integration with Prometheus: service discovery over HTTPS, and a login that is made here.

    Atlas refuses it while the access list lets everybody in. A project has one. Scrapers reach the nodes as clients do,
    so they must be in the network. https://www.mongodb.com/docs/atlas/tutorial/prometheus-integration/"""

    user_name: pulumi.Output[str]
    """With which Prometheus logs in."""
    password: pulumi.Output[str]
    """Its password, secret."""
    discovery_url: pulumi.Output[str]
    """What Prometheus asks for its targets (`http_sd_configs`)."""

    def __init__(self, name: str, args: AtlasPrometheusArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, AtlasPrometheusArgs, problems(args))
        super().__init__("dolmen:index:AtlasPrometheus", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        password = random.RandomPassword(
            name,
            length=PASSWORD_LENGTH,
            special=False,
            keepers={"generation": str(int(given_or(args.get("generation"), DEFAULT_GENERATION)))},
            opts=child,
        )
        integration = mongodbatlas.ThirdPartyIntegration(
            name,
            project_id=args["project_id"],
            type="PROMETHEUS",
            user_name=args["user_name"],
            password=password.result,
            service_discovery="http",
            enabled=True,
            opts=child,
        )
        # Outputs of the integration, so that whoever publishes the login waits until it works.
        self.user_name = integration.id.apply(lambda _: args["user_name"])
        self.password = pulumi.Output.secret(
            pulumi.Output.all(integration.id, password.result).apply(lambda made: str(made[1]))
        )
        self.discovery_url = pulumi.Output.concat(
            "https://cloud.mongodb.com/prometheus/v1.0/groups/", args["project_id"], "/discovery"
        )
        register(self)


def problems(args: AtlasPrometheusArgs) -> Iterator[Problem]:
    """What would be refused of a login."""
    name = known(args.get("user_name"))
    if name is not None and not name.strip():
        yield Problem(("user_name",), "A login has a name.", "Write such as chat-prod_prometheus.")
    yield from between(("generation",), known(args.get("generation")), 1)
