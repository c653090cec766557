"""What attribute types of the Enterprise Edition take and give back.

They were not recorded: this is what the documentation says (Akeneo, concepts/products). Whether
the records, assets and items that values name exist is not looked at.
"""

from erp2pim.sandbox import php
from erp2pim.sandbox.catalog import Catalog
from erp2pim.sandbox.php import Json, Object
from erp2pim.sandbox.refusal import wrong_shape, wrong_type


def codes(attribute: Object, data: Json) -> list[str]:
    """Give a list of codes as it was sent."""
    code = attribute["code"]
    if not php.is_array(data):
        raise wrong_type(code, "an array", data)
    sent = list(php.members(data))
    if not all(isinstance(one, str) for one in sent):
        raise wrong_shape(code, "one of the options is not a string")
    if "" in sent:
        raise wrong_shape(code, "one of the options is an empty string")
    return sent


def link(attribute: Object, data: Json) -> Json:
    """Give a link to a product or model as it was sent."""
    if not php.is_object(data):
        raise wrong_type(attribute["code"], "an object", data)
    return data


def rows(attribute: Object, data: Json) -> Json:
    """Give the rows of a table as they were sent."""
    if not php.is_list(data) or not all(php.is_object(row) for row in data):
        raise wrong_type(attribute["code"], "an array of objects", data)
    return data


def show_rows(attribute: Object, data: Json, _catalog: Catalog) -> Json:
    """Give the rows of a table as the API returns them: numbers as texts."""
    columns: list[Object] = attribute.get("table_configuration") or []
    numbers = {one["code"] for one in columns if one["data_type"] == "number"}
    return [
        {name: str(cell) if name in numbers else cell for name, cell in row.items()} for row in data
    ]
