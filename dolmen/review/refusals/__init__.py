"""What providers refuse, said offline: at every preview, at a creation's, and once a value is known; and what they ignore."""

from dolmen.review.refusals.at_creation import refusals_at_creation
from dolmen.review.refusals.ignored import ignored
from dolmen.review.refusals.judge import refusals, refusals_at_apply
from dolmen.review.refusals.model import Moment, Refusal, RefusalKind

__all__ = ["Moment", "Refusal", "RefusalKind", "ignored", "refusals", "refusals_at_apply", "refusals_at_creation"]
