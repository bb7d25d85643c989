"""The whole platform: every component, joined by the data that flows between them."""

from typing import TypedDict

import pulumi

from dolmen.outputs import VERSION

from .. import names
from ..arguments import check
from ..outputs import register
from .application import Application
from .loader import found_later
from .made_atlas import made_atlas
from .made_cache import made_cache
from .model.stack import StackConfig
from .overrides import Overrides
from .parts import atlas_part, cache_part
from .secret_values import ConfigSecretOf, secret_of


class PlatformArgs(TypedDict):
    stack: StackConfig
    """The stack file."""
    secret: ConfigSecretOf
    """Gives the values of secrets that the stack's configuration holds."""


class Platform(pulumi.ComponentResource):
    """MongoDB Atlas and ElastiCache side by side, or one of them, and for each application its users, secrets and reader.

    Nothing here waits for what it does not need: cluster, private endpoint and cache are made at the same time. An
    application's secret waits for its users and for the network path to the cluster.

    Not exported to other languages: it takes a typed stack file."""

    stack_output: dict[str, object]
    """What other tools and programs may rely on (`dolmen.outputs`), each value known or unknown for itself, so that a
    preview shows what is known already."""

    def __init__(self, name: str, args: PlatformArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check(name, args, PlatformArgs)
        stack = args["stack"]
        inputs = {"tier": stack.tier.value, "region": stack.region}
        overrides = Overrides(stack, args["secret"])
        # The policies are told by the platform's inputs what was overridden.
        said = {**inputs, "overrides": overrides.names} if stack.overrides else inputs
        super().__init__("dolmen:index:Platform", name, said, pulumi.ResourceOptions.merge(opts, overrides.options()))
        secret = secret_of(args["secret"], self)
        atlas = made_atlas(name, atlas_part(stack), secret, self)
        cache = made_cache(names.below(name, "cache"), cache_part(stack), secret, self)
        applications = {
            called: Application(
                names.keyed(name, called),
                {
                    "stack": stack,
                    "application": called,
                    "secret": secret,
                    "database_access": atlas.access.get(called),
                    "cache": cache.uses.get(called),
                },
                pulumi.ResourceOptions(parent=self, providers=atlas.providers),
            )
            for called in stack.applications
        }
        self.stack_output = {
            "version": VERSION,
            "platform": name,
            **inputs,
            **atlas.output,
            **cache.output,
            "applications": {called: application.stack_output for called, application in applications.items()},
        }
        if problems := [*overrides.problems()]:
            raise found_later(stack, problems)
        register(self)
