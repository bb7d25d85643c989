"""Programs closed in, and what they try."""
