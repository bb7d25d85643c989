"""Replays what the real providers answered, against the simulated clouds and against the report."""
