"""What each environment asks for: the typed model, its loader, and the mapping to component arguments."""
