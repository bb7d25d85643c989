"""What providers refuse before they ask their clouds, said offline: `refusals(type, inputs)`."""

from dolmen.review.refusals.judge import refusals
from dolmen.review.refusals.model import Refusal, RefusalKind

__all__ = ["Refusal", "RefusalKind", "refusals"]
