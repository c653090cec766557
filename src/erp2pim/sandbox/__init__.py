"""A small Akeneo PIM look-alike for demos and tests."""

from erp2pim.sandbox.oauth import CLIENT_ID, PASSWORD, SECRET, USERNAME
from erp2pim.sandbox.server import Sandbox, serve
from erp2pim.sandbox.structure import NotACatalogError

__all__ = ["CLIENT_ID", "PASSWORD", "SECRET", "USERNAME", "NotACatalogError", "Sandbox", "serve"]
