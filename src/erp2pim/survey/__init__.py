"""What an export that nobody has described looks like, and the mapping proposed for it."""
