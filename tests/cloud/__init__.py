"""Simulated clouds, and the real Pulumi CLI to drive them. Nothing here talks to a network beyond loopback."""
