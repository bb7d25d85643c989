"""How two plans differ: which resources are which, what changed, and what caused it."""
