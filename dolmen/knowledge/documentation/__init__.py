"""What an installed SDK's documentation says of a change, read as text and never run."""
