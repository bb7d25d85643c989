"""From the typed stack file to component arguments: pure functions, tested without Pulumi."""
