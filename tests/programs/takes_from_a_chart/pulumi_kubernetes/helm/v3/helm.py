"""Reads a chart through its provider, as Pulumi's own package does.

Source: https://github.com/pulumi/pulumi-kubernetes/blob/v4.34.2/sdk/python/pulumi_kubernetes/helm/v3/helm.py
"""

import pulumi

from pulumi_kubernetes.yaml.yaml import _parse_yaml_document


class Chart(pulumi.ComponentResource):
    def __init__(self, name, chart, opts=None):
        super().__init__("kubernetes:helm.sh/v3:Chart", name, {}, opts)
        children = pulumi.ResourceOptions(parent=self)

        async def read(given):
            found = await pulumi.runtime.invoke_async("kubernetes:helm:template", {"jsonOpts": given})
            return (found or {}).get("result", [])

        objects = pulumi.Output.from_input(chart).apply(read)
        self.resources = objects.apply(lambda found: _parse_yaml_document(found, children, []))
        self.register_outputs({"resources": self.resources})
        self.ready = self.resources.apply(lambda found: list(found.values()))

    def get_resource(self, group_version_kind, name, namespace=None):
        full = pulumi.Output.from_input(name)
        if namespace is not None:
            full = pulumi.Output.concat(namespace, "/", name)
        key = full.apply(lambda it: f"{group_version_kind}:{it}")
        return key.apply(lambda it: self.resources[it])
