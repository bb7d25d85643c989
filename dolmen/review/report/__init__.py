"""The report: one model that every format and `--fail-on` read."""
