"""Hosts the components as a Pulumi package, for programs in any of Pulumi's languages."""

import sys
from pathlib import Path

# Python starts a folder with the folder itself on the path, where `platform` and `secrets` would hide the standard
# library's modules of these names. What is needed is the folder above.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

if __name__ == "__main__":
    from pulumi.provider.experimental import component_provider_host

    from components.package import EXPORTED, NAME

    component_provider_host(name=NAME, components=list(EXPORTED))
