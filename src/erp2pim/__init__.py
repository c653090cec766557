"""Bring an ERP's XML export into Akeneo PIM: read, map, compare, send."""

__version__ = "0.1.0"
