"""What the catalogue of one PIM looks like, and items held against it."""

from erp2pim.structure.attribute import Attribute
from erp2pim.structure.canonical import canonical
from erp2pim.structure.catalogue import Structure
from erp2pim.structure.check import findings
from erp2pim.structure.drift import Difference, differences, touches
from erp2pim.structure.findings import Finding
from erp2pim.structure.form import NotAStructureError, from_json, to_json, to_text
from erp2pim.structure.spelling import spelled
from erp2pim.structure.units import unit_code

__all__ = [
    "Attribute",
    "Difference",
    "Finding",
    "NotAStructureError",
    "Structure",
    "canonical",
    "differences",
    "findings",
    "from_json",
    "spelled",
    "to_json",
    "to_text",
    "touches",
    "unit_code",
]
