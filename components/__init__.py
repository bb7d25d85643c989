"""What is provisioned: Pulumi components, each usable on its own. Imports nothing else of this repository."""
