"""ElastiCache for Valkey and Redis OSS: who may log in, the replication group, its key, its alarms."""
