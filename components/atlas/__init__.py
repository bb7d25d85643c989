"""MongoDB Atlas: project, cluster, private networks, users, backup, alerts."""
