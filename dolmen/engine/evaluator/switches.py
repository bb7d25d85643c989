"""Names variables that turn parts of an evaluator off."""

AHEAD = "DOLMEN_IMPORT_AHEAD"
"""`0`: a program's own modules are imported by each stack anew."""
