"""The review of a change: what differs, what that does, what it costs, and what the policies say."""

POLICIES = {"policies": "dolmen.review.policies:observe"}
"""The observer that runs a project's policy pack; named, not imported, so that a plan without policies does not pay."""

REFUSALS = {"refusals": "dolmen.review.refusals.observe:observe"}
"""The observer that holds what a program registers to its providers' own schemas."""
