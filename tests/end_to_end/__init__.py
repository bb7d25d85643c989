"""The whole program through the real Pulumi engine, against simulated clouds."""
