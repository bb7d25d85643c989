"""Reviewable data platforms: the command, and beside it the components and policies that a program imports."""

from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parent.parent
if (_CHECKOUT / "components" / "PulumiPlugin.yaml").is_file():
    # In a checkout `components/` and `policies/` lie beside this folder; the wheel carries them inside it. Either way a
    # program finds them as dolmen.components and dolmen.policies.
    __path__.append(str(_CHECKOUT))
