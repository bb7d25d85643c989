"""Lets a program take resources out of a Helm chart or a manifest that only Kubernetes' provider could read.

Source: https://github.com/pulumi/pulumi-kubernetes/blob/v4.34.2/sdk/python/pulumi_kubernetes/yaml/yaml.py
(`_parse_yaml_document`, which makes the resources of charts, files and kustomizations)
"""

from __future__ import annotations

from typing import Any

from pulumi import Output
from pulumi.resource import DependencyResource

from dolmen.engine import on_import
from dolmen.engine.placeholders import AssumedList, AssumedObject, AssumedText


def install() -> None:
    on_import.install({"pulumi_kubernetes.yaml.yaml": _install})


class AssumedField(AssumedText):
    """A field of a made-up resource, with fields of its own."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return AssumedField.of(f"{self.label}.{name}")


class AssumedManifest(DependencyResource):
    """A resource of a manifest. To depend on it is to depend on what the manifest is in."""

    def __init__(self, label: str, urn: str) -> None:
        super().__init__(urn)
        self.__dict__["label"] = label

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return AssumedField.of(f"{self.__dict__['label']}.{name}")


class _Manifests(AssumedObject):
    """Resources by `apps/v1/Deployment:namespace/name`: each is there that a program asks for."""

    def __init__(self, label: str, urn: str) -> None:
        super().__init__(label)
        self._urn = urn

    def __missing__(self, key: Any) -> Any:
        return AssumedManifest(f"{self.label}[{key}]", self._urn)

    def get(self, key: Any, default: Any = None) -> Any:  # noqa: ARG002 (it is there)
        return self[key]

    def values(self) -> Any:
        return ()  # what a program waits for


def _install(module: Any) -> None:
    original = module._parse_yaml_document

    def parse(objects: Any, opts: Any = None, *args: Any, **kwargs: Any) -> Any:
        parent = getattr(opts, "parent", None)
        if not isinstance(objects, AssumedList) or parent is None:
            return original(objects, opts, *args, **kwargs)
        label = str(getattr(parent, "_name", "manifest"))
        return Output.from_input(parent.urn).apply(lambda urn: _Manifests(label, urn))

    module._parse_yaml_document = parse
