"""What the PIM last accepted, and the history of runs: one SQLite file in a folder of its own."""
