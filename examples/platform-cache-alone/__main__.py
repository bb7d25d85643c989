"""The platform that the stack's file describes."""

from dolmen.components.platform import deploy

deploy()
