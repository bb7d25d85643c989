"""The rules: one function each, one module per service. What is said about them stands in `catalogue/`."""
