"""A small Akeneo PIM look-alike for demos and tests."""

from erp2pim.sandbox.oauth import CLIENT_ID, PASSWORD, SECRET, USERNAME
from erp2pim.sandbox.server import Sandbox, serve

__all__ = ["CLIENT_ID", "PASSWORD", "SECRET", "USERNAME", "Sandbox", "serve"]
