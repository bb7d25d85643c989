"""What providers refuse, said offline: at every preview, at that of a creation, and once a value is known."""

from dolmen.review.refusals.at_creation import refusals_at_creation
from dolmen.review.refusals.judge import refusals, refusals_at_apply
from dolmen.review.refusals.model import Moment, Refusal, RefusalKind

__all__ = ["Moment", "Refusal", "RefusalKind", "refusals", "refusals_at_apply", "refusals_at_creation"]
