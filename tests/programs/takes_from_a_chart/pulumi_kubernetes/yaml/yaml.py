"""Makes resources of manifests, as Pulumi's own package does.

Source: https://github.com/pulumi/pulumi-kubernetes/blob/v4.34.2/sdk/python/pulumi_kubernetes/yaml/yaml.py
"""

import pulumi


def _parse_yaml_document(objects, opts=None, transformations=None, resource_prefix=None):
    made = [(f"{one['apiVersion']}/{one['kind']}:{one['metadata']['name']}", one) for one in objects]
    return pulumi.Output.all(*made).apply(dict)
