"""The typed form of a stack file: frozen, free of I/O, camelCase as in the file."""
