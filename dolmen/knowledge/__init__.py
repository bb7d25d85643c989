"""What is known of a resource type: one file each under `types/`, and `general.yaml` for all of them.

`docs/reference/knowledge.md` explains the shape of a file.
"""
