"""What is never allowed: a CrossGuard policy pack, one module for each subject.

A pack's program is `from dolmen.policies import pack; pack()`, in a folder with a `PulumiPolicy.yaml`.
"""

from .framework.pack import pack

__all__ = ["pack"]
