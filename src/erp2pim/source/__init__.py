"""Exports on disk or from a pipe become a stream of records."""
