"""The report: one model that every format, gate and exit code reads."""
