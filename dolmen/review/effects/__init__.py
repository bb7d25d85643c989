"""What a change does to a running platform, judged by what is known of each resource type."""
