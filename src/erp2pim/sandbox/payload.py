"""The shape of a product's JSON, checked before anything else is looked at.

The rules and their order are those of Akeneo's `PayloadFormatValidator` and
`DuplicateValueChecker`; only the first thing wrong is told.
"""

import re
from collections.abc import Iterator

from erp2pim.sandbox.catalog import Catalog
from erp2pim.sandbox.refusal import CHECK_FORMAT, Json, Malformed, Object, php_type

NOT_A_COLLECTION = "This value should be of type array|(Traversable&ArrayAccess)."
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_UUID_OF_A_VERSION = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE
)


def is_uuid(text: Json) -> bool:
    return isinstance(text, str) and _UUID.fullmatch(text) is not None


def members(value: Json) -> list[Json]:
    """Give the members of what PHP calls an array: a list or an object."""
    return list(value.values()) if isinstance(value, dict) else value


def check_format(catalog: Catalog, data: Object) -> None:
    """Refuse a product whose uuid or values have the wrong shape."""
    fault = next(_faults(catalog, data), None)
    if fault is not None:
        raise Malformed(fault)


def check_no_duplicates(data: Object) -> None:
    """Refuse values that fill one cell twice; cells without data don't count."""
    values = data.get("values")
    for code, cells in values.items() if isinstance(values, dict) else ():
        if php_type(cells) != "array":
            return
        filled = [
            (cell.get("scope"), cell.get("locale"))
            for cell in members(cells)
            if isinstance(cell, dict) and cell.get("data") is not None
        ]
        if len(set(filled)) < len(filled):
            raise Malformed(
                f'You cannot update the same product value on the "{code}" attribute twice, '
                "with the same scope and locale."
            )


def _faults(catalog: Catalog, data: Object) -> Iterator[str]:
    uuid = data.get("uuid")
    if uuid not in (None, "") and not _UUID_OF_A_VERSION.fullmatch(str(uuid)):
        yield "This value is not a valid UUID."
    values = data.get("values")
    if values is not None and php_type(values) != "array":
        yield NOT_A_COLLECTION
    for code, cells in values.items() if isinstance(values, dict) else ():
        if cells is not None and php_type(cells) != "array":
            yield f'Property "{code}" expect to be an array'
        for cell in members(cells or []):
            yield from _cell_faults(catalog, code, cell)


def _cell_faults(catalog: Catalog, code: str, cell: Json) -> Iterator[str]:
    if cell is None:
        return
    if php_type(cell) != "array":
        yield f'Property "{code}" expect to be an array of array'
        return
    keys = cell if isinstance(cell, dict) else {}
    start = f'Property "{code}" expects an array with the key'
    for key in ("locale", "scope"):
        if key not in keys:
            yield f'{start} "{key}".{CHECK_FORMAT}'
        elif php_type(keys[key]) not in {"NULL", "string"}:
            yield f'{start} "{key}" as string.{CHECK_FORMAT}'
    if "data" not in keys:
        yield f'{start} "data".{CHECK_FORMAT}'
    else:
        yield from _data_faults(catalog, code, keys["data"])


def _data_faults(catalog: Catalog, code: str, data: Json) -> Iterator[str]:
    kind = (catalog.attribute(code) or {}).get("type")
    if kind == "pim_catalog_boolean" and php_type(data) not in {"NULL", "boolean"}:
        yield (
            f"The {code} attribute requires a boolean value (true or false) as data, "
            f"a {php_type(data)} was detected."
        )
    if kind == "pim_catalog_price_collection":
        wrong = (
            f'The data format sent for the "{code}" attribute is wrong. '
            "Please, fill in one value per amount field."
        )
        if php_type(data) != "array":
            yield wrong
        for price in members(data or []):
            yield from _price_faults(price, wrong)


def _price_faults(price: Json, wrong: str) -> Iterator[str]:
    if price is None:
        return
    if php_type(price) != "array":
        yield NOT_A_COLLECTION
        return
    price = price if isinstance(price, dict) else {}
    amount = php_type(price["amount"]) if "amount" in price else "missing"
    currency = php_type(price["currency"]) if "currency" in price else "missing"
    if amount not in {"string", "integer", "double", "NULL"} or currency != "string":
        yield wrong
    if set(price) - {"amount", "currency"}:
        yield "This field was not expected."
