"""Checks of cells that hold codes, files or yes and no."""

import re
from collections.abc import Sequence

from erp2pim.model import Json
from erp2pim.structure.attribute import Attribute
from erp2pim.structure.catalogue import Structure
from erp2pim.structure.findings import Remarks, refuse
from erp2pim.structure.shapes import texts

_KEYS_OF_LINKS = {"product": ("id", "identifier"), "product_model": ("id",)}
_MOST_NAMED = 20
_FILE_CODE = re.compile(r"[0-9a-f]/[0-9a-f]/[0-9a-f]/[0-9a-f]/[0-9a-f]{40}_.")


def boolean_remarks(data: Json) -> Remarks:
    """Refuse anything but JSON's true and false; only null clears.

    Source: pim-community-dev (PayloadFormatValidator); recorded.
    """
    if data is not None and not isinstance(data, bool):
        message = "true or false is expected"
        yield refuse("boolean", message)


def select_remarks(structure: Structure, attribute: Attribute, data: Json) -> Remarks:
    """Check a simple select that is not empty.

    Source: pim-community-dev (OptionValueFactory, AttributeOptionsExistValidator); recorded.
    """
    if not isinstance(data, str):
        yield refuse("option", "the code of one option is expected")
    else:
        yield from options(structure, attribute, [data])


def multiselect_remarks(structure: Structure, attribute: Attribute, data: Json) -> Remarks:
    """Check a multi select that is not empty.

    Source: pim-community-dev (OptionsValueFactory, DuplicateOptionsValidator); recorded.
    """
    codes = _codes(data)
    if codes is None:
        message = "a list of option codes is expected"
        yield refuse("option", message)
        return
    yield from options(structure, attribute, codes)
    yield from repeated(codes)


def options(structure: Structure, attribute: Attribute, codes: Sequence[str]) -> Remarks:
    """Refuse options that the attribute does not have; case does not count.

    Options that nobody has read are let through.

    Source: pim-community-dev (AttributeOptionsExistValidator); recorded.
    """
    known = structure.attribute_options.get(attribute.code)
    unknown = [code for code in codes if structure.option(attribute.code, code) is None]
    if known is None or not unknown:
        return
    few = f": {', '.join(known)}" if len(known) <= _MOST_NAMED else ""
    message = f"an option of {attribute.code} is expected{few}"
    yield refuse("option", message, ", ".join(unknown))


def repeated(codes: Sequence[str]) -> Remarks:
    """Refuse an option that stands twice, in whatever case.

    Source: pim-community-dev (DuplicateOptionsValidator); recorded.
    """
    lower = [code.lower() for code in codes]
    twice = sorted({code for code in codes if lower.count(code.lower()) > 1})
    if twice:
        message = "each option once is expected"
        yield refuse("option twice", message, ", ".join(twice))


def file_remarks(attribute: Attribute, data: Json) -> Remarks:
    """Check the code of a file; only null clears.

    Whether it exists the PIM alone knows, but no file has a code of another form.

    Source: pim-community-dev (FileExtensionValidator, MediaAttributeSetter, PathGenerator);
    recorded.
    """
    if data is None:
        return
    if not isinstance(data, str) or not data:
        yield refuse("file", "the name of a file is expected")
        return
    if attribute.allowed_extensions:
        extension = data.rpartition(".")[2].lower() if "." in data.rpartition("/")[2] else ""
        if extension not in {one.lower() for one in attribute.allowed_extensions}:
            allowed = ", ".join(attribute.allowed_extensions)
            message = f"a file that ends in one of {allowed} is expected"
            yield refuse("extension", message)
    if not _FILE_CODE.match(data):
        message = "the code of a file is expected, as an upload gives it: a/b/c/d/…_name.jpg"
        yield refuse("file code", message)


def reference_remarks(data: Json) -> Remarks:
    """Refuse anything but the code of one record.

    Source: Akeneo's documentation (concepts/products).
    """
    if not isinstance(data, str):
        yield refuse("reference", "the code of one record is expected")


def references_remarks(data: Json) -> Remarks:
    """Refuse anything but a list of codes of records or assets.

    Source: Akeneo's documentation (concepts/products).
    """
    if _codes(data) is None:
        yield refuse("reference", "a list of codes is expected")


def product_link_remarks(data: Json) -> Remarks:
    """Refuse anything but a link to one product or one product model.

    Source: Akeneo's documentation (concepts/products).
    """
    kind = data.get("type") if isinstance(data, dict) else None
    keys = _KEYS_OF_LINKS.get(kind, ()) if isinstance(kind, str) else ()
    named = [key for key in keys if isinstance(data, dict) and isinstance(data.get(key), str)]
    if len(named) != 1:
        message = (
            "a link is expected: {type: product, identifier: …} or {type: product_model, id: …}"
        )
        yield refuse("product link", message)


def _codes(data: Json) -> list[str] | None:
    """Give the codes of a list of texts none of which is empty; None for anything else."""
    codes = texts(data)
    return None if codes is None or not all(codes) else codes
