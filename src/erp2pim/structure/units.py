"""The PIM's unit behind what an ERP writes for one: a code, a symbol, a code of UN/ECE."""

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources

from erp2pim.structure.attribute import Attribute
from erp2pim.structure.catalogue import MeasurementFamily, Structure


def unit_code(structure: Structure, attribute: Attribute, text: str) -> str | None:
    """Give the code of the unit that a text means for a measurement attribute; None for none.

    Asked in this order: the codes and the symbols of the attribute's measurement family; the
    table of symbols and UN/ECE codes, as far as the family has the unit; the symbols whatever
    their case, if one alone fits. There `m` and `M` at the beginning stay apart: a milliwatt is no
    megawatt.
    """
    family = structure.measurement_families.find(attribute.metric_family or "")
    if family is None:
        return None
    plain = _plain(text)
    found = family.units.find(text.strip())
    if found is not None:
        return found.code
    by_symbol = [unit.code for unit in family.units.values() if _plain(unit.symbol) == plain]
    return _only(by_symbol or _listed(family, plain) or _folded(family, plain))


def _listed(family: MeasurementFamily, plain: str) -> Sequence[str]:
    known = (family.units.find(code) for code in _table().get(plain, ()))
    return [unit.code for unit in known if unit is not None]


def _folded(family: MeasurementFamily, plain: str) -> Sequence[str]:
    return [
        unit.code
        for unit in family.units.values()
        if (symbol := _plain(unit.symbol)).casefold() == plain.casefold()
        and {symbol[:1], plain[:1]} != {"m", "M"}
    ]


def _only(codes: Iterable[str]) -> str | None:
    different = set(codes)
    return different.pop() if len(different) == 1 else None


def _plain(text: str) -> str:
    """Give a symbol without blanks, with `2` for `²` and one sign for both of micro."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@cache
def _table() -> Mapping[str, Sequence[str]]:
    """Give the PIM's standard unit codes by symbol or UN/ECE code (Recommendation 20)."""
    file = resources.files("erp2pim.structure").joinpath("units.json")
    content: Mapping[str, Sequence[str]] = json.loads(file.read_text("utf-8"))
    return {_plain(text): codes for text, codes in content.items()}
