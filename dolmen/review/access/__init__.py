"""Who may do what, before a change and after it: policies, security groups, users, allow-lists."""
