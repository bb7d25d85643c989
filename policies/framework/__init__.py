"""What policies are written with: values that may be unknown, networks, IAM documents, the stack as a graph."""
