"""What several stacks of one repository claim at once: a name, an address range, a route."""
