"""What an application reads from AWS Secrets Manager, and who may read it."""
