"""What formats are written with: harmless text, escaping, values as JSON, drawings."""
