"""The policy pack, as Pulumi's engine starts it (`pulumi preview --policy-pack policies`)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # this checkout, whichever dolmen is installed

from dolmen.policies import pack  # pyright: ignore[reportMissingImports, reportUnknownVariableType]

pack()
