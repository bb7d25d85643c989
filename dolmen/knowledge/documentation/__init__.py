"""Reads what an installed SDK documents of a change; runs nothing."""
