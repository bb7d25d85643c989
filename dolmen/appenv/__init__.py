"""The contract between a platform and an application: the environment variables, their sources and their rules."""
