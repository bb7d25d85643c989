"""Outputs of components."""

import inspect

import pulumi


def register(component: pulumi.ComponentResource) -> None:
    """Registers the outputs that a component's class declares, under the names that other languages give them."""
    declared = inspect.get_annotations(type(component))
    component.register_outputs({_camel(name): getattr(component, name) for name in declared})


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
