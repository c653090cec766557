"""A structure as JSON: as the API gives its parts, and as the lock file keeps them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cache
from typing import cast

from pydantic import TypeAdapter, ValidationError

from erp2pim.model import Json
from erp2pim.structure.catalogue import Structure
from erp2pim.structure.codes import Coded, Codes

_MOST_FAULTS = 5


class NotAStructureError(ValueError):
    """The JSON is not the structure of a PIM."""


def from_json(data: Json) -> Structure:
    """Read a structure from the API's lists by their names, or from what `to_json` gives.

    Fields that are not known are left aside, since the PIM may have more.

    Raises:
        NotAStructureError: A field that is known holds something else.
    """
    try:
        return _adapter().validate_python(_gathered(data))
    except ValidationError as error:
        found = error.errors(include_url=False)
        told = [f"{_path(each['loc'])}: {each['msg']}" for each in found[:_MOST_FAULTS]]
        more = f" and {len(found) - len(told)} more" if len(found) > len(told) else ""
        raise NotAStructureError("; ".join(told) + more) from error


def to_json(structure: Structure) -> dict[str, Json]:
    """Give a structure in the API's form: sorted, and without what is empty, false or null."""
    plain = cast("dict[str, Json]", _plain(structure))
    variants: dict[str, list[Json]] = {}
    for variant in cast("list[dict[str, Json]]", plain.get("family_variants", [])):
        variants.setdefault(str(variant.pop("family", "")), []).append(variant)
    if variants:
        plain["family_variants"] = dict(sorted(variants.items()))
    if structure.attribute_options:
        plain["attribute_options"] = {
            code: _plain(structure.attribute_options[code])
            for code in sorted(structure.attribute_options)
        }
    return plain


def to_text(structure: Structure) -> str:
    """Give the lock file's text: one thing a line, so that a change of the PIM is one line."""
    return _block(to_json(structure), "") + "\n"


def _block(content: Json, indent: str) -> str:
    """Give a list with one member a line, and an object of lists likewise."""
    if isinstance(content, str) or not isinstance(content, Sequence | Mapping):
        return _dumped(content)
    inner = indent + " "
    if isinstance(content, Mapping):
        lines = [f"{_dumped(name)}: {_block(one, inner)}" for name, one in content.items()]
        return "{\n" + ",\n".join(inner + line for line in lines) + f"\n{indent}}}"
    return "[\n" + ",\n".join(inner + _dumped(one) for one in content) + f"\n{indent}]"


def _dumped(content: Json) -> str:
    return json.dumps(content, ensure_ascii=False)


@cache
def _adapter() -> TypeAdapter[Structure]:
    return TypeAdapter(Structure)


def _path(loc: Sequence[int | str]) -> str:
    return ".".join(str(step) for step in loc) or "the whole"


def _lean(data: Json) -> Json:
    """Leave out members that say nothing; PHP also writes an empty object as an empty list."""
    if isinstance(data, dict):
        lean = ((name, _lean(one)) for name, one in data.items())
        return {name: one for name, one in lean if not _says_nothing(one)}
    return [_lean(one) for one in data] if isinstance(data, list) else data


def _says_nothing(data: Json) -> bool:
    return data is None or data is False or data in ("", [], {})


def _gathered(data: Json) -> Json:
    """Put what the API gives apart into lists that name what they belong to.

    A select attribute without options stays in, since its options were read.
    """
    lean = _lean(data)
    if not isinstance(lean, Mapping) or not isinstance(data, Mapping):
        return lean
    result = dict(lean)
    variants = lean.get("family_variants")
    if isinstance(variants, Mapping):
        result["family_variants"] = [
            {**one, "family": family} if isinstance(one, Mapping) else one
            for family, ones in variants.items()
            for one in (ones if isinstance(ones, Sequence) else [ones])
        ]
    for name in ("locales", "currencies"):
        switched = lean.get(name)
        if isinstance(switched, Sequence):
            result[name] = [o for o in switched if not isinstance(o, Mapping) or o.get("enabled")]
    families = lean.get("measurement_families")
    if isinstance(families, Sequence):
        result["measurement_families"] = [_with_units(family) for family in families]
    options = data.get("attribute_options")
    if isinstance(options, Mapping):
        result["attribute_options"] = {code: _lean(ones) for code, ones in options.items()}
    return result


def _with_units(family: Json) -> Json:
    """Give a measurement family whose units are a list, whatever the API's age."""
    if not isinstance(family, Mapping):
        return family
    units = family.get("units", [])
    return {
        "standard_unit_code": family.get("standard", ""),
        **family,
        "units": list(units.values()) if isinstance(units, Mapping) else units,
    }


def _plain(value: object) -> Json:
    """Give dataclasses and what they hold as JSON that says something."""
    if is_dataclass(value):
        members = {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        return {name: one for name, one in members.items() if not _says_nothing(one)}
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Codes):
        return [_plain(thing) for thing in cast("Codes[Coded]", value).values()]
    if isinstance(value, Mapping):
        named = cast("Mapping[str, object]", value)
        return {name: _plain(named[name]) for name in sorted(named)}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in cast("Sequence[object]", value)]
    return cast("Json", value)
