"""The files that people write: YAML to checked values, every fault with its place."""
