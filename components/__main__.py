"""Hosts the components as a Pulumi package, for programs in any of Pulumi's languages."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pulumi.provider.experimental import component_provider_host

from components.package import EXPORTED, NAME

if __name__ == "__main__":
    component_provider_host(name=NAME, components=list(EXPORTED))
