"""The PIM, spoken to over HTTP: tokens, pace, tries, batches and the answers to them."""

from erp2pim.pim.client import Pim
from erp2pim.pim.tokens import Credentials
from erp2pim.pim.uploads import Upload
from erp2pim.pim.wire import ROOT, Line, batches, line

__all__ = ["ROOT", "Credentials", "Line", "Pim", "Upload", "batches", "line"]
