"""The shape of a product's JSON, checked before anything else is looked at.

The rules and their order are those of Akeneo's `PayloadFormatValidator` and
`DuplicateValueChecker`; only the first fault is told.
"""

import re
from collections.abc import Iterator
from typing import Final

from erp2pim.sandbox.catalog import Catalog
from erp2pim.sandbox.php import Json, Object, is_array, is_object, members, type_name
from erp2pim.sandbox.refusal import CHECK_FORMAT, Malformed

NOT_A_COLLECTION: Final = "This value should be of type array|(Traversable&ArrayAccess)."
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_UUID_OF_A_VERSION: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE
)


def is_uuid(text: Json) -> bool:
    """Say whether a text has the form of a uuid, of whatever version."""
    return isinstance(text, str) and _UUID.fullmatch(text) is not None


def check_format(catalog: Catalog, data: Object) -> None:
    """Refuse a product whose uuid or values have the wrong shape."""
    for fault in _faults(catalog, data):
        raise Malformed(fault)


def check_no_duplicates(data: Object) -> None:
    """Refuse values that fill one cell twice; cells without data don't count."""
    values: Json = data.get("values")
    for code, cells in values.items() if is_object(values) else ():
        if not is_array(cells):
            return
        filled = [
            (cell.get("scope"), cell.get("locale"))
            for cell in (members(cells) if len(cells) > 1 else ())
            if is_object(cell) and cell.get("data") is not None
        ]
        if len(set(filled)) < len(filled):
            raise Malformed(
                f'You cannot update the same product value on the "{code}" attribute twice, '
                "with the same scope and locale."
            )


def _faults(catalog: Catalog, data: Object) -> Iterator[str]:
    uuid, values = data.get("uuid"), data.get("values")
    if uuid not in (None, "") and not _UUID_OF_A_VERSION.fullmatch(str(uuid)):
        yield "This value is not a valid UUID."
    if values is not None and not is_array(values):
        yield NOT_A_COLLECTION
    for code, cells in values.items() if is_object(values) else ():
        if cells is not None and not is_array(cells):
            yield f'Property "{code}" expect to be an array'
        for cell in members(cells):
            yield from _cell_faults(catalog, code, cell)


def _cell_faults(catalog: Catalog, code: str, cell: Json) -> Iterator[str]:
    if cell is None:
        return
    if not is_array(cell):
        yield f'Property "{code}" expect to be an array of array'
        return
    keys: Object = cell if is_object(cell) else {}
    start = f'Property "{code}" expects an array with the key'
    for key in ("locale", "scope"):
        if key not in keys:
            yield f'{start} "{key}".{CHECK_FORMAT}'
        elif not isinstance(keys[key], str | None):
            yield f'{start} "{key}" as string.{CHECK_FORMAT}'
    if "data" not in keys:
        yield f'{start} "data".{CHECK_FORMAT}'
    else:
        yield from _data_faults(catalog, code, keys["data"])


def _data_faults(catalog: Catalog, code: str, data: Json) -> Iterator[str]:
    kind = (catalog.attribute(code) or {}).get("type")
    if kind == "pim_catalog_boolean" and not isinstance(data, bool | None):
        yield (
            f"The {code} attribute requires a boolean value (true or false) as data, "
            f"a {type_name(data)} was detected."
        )
    if kind == "pim_catalog_price_collection":
        wrong = (
            f'The data format sent for the "{code}" attribute is wrong. '
            "Please, fill in one value per amount field."
        )
        if not is_array(data):
            yield wrong
        for price in members(data):
            yield from _price_faults(price, wrong)


def _price_faults(price: Json, wrong: str) -> Iterator[str]:
    if price is None:
        return
    if not is_array(price):
        yield NOT_A_COLLECTION
        return
    keys: Object = price if is_object(price) else {}
    amount: Json = keys.get("amount", False)
    if is_array(amount) or isinstance(amount, bool) or not isinstance(keys.get("currency"), str):
        yield wrong
    if set(keys) - {"amount", "currency"}:
        yield "This field was not expected."
