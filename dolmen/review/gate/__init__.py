"""`dolmen gate`: apply what was reviewed, and nothing else.

`binding` holds the checkout to the tree and the tool of the review. `deployment` holds a preview to it: `steps` the
operations, `inputs` old and new values, `options` what no provider sees. `again` holds a review that was made anew, after
a merge, to the first one. Whatever is not understood stops.
"""

from dolmen.review.gate.errors import GateInputError
from dolmen.review.gate.judge import compare, gate
from dolmen.review.gate.verdict import Verdict, text

__all__ = ["GateInputError", "Verdict", "compare", "gate", "text"]
