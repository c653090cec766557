"""Product values: what each attribute type takes, refuses, keeps and gives back.

`TYPES` is the rule book. Its rules were seen in recordings of a real PIM, or read in the value
factories, constraints and normalizers of Akeneo's Enrichment component.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from erp2pim.sandbox import php
from erp2pim.sandbox.catalog import Catalog
from erp2pim.sandbox.enterprise import codes, link, rows, show_rows
from erp2pim.sandbox.php import Json, Object, is_list, is_object, type_name
from erp2pim.sandbox.refusal import Malformed, missing_key, wrong_shape, wrong_type

Cell: TypeAlias = tuple[str | None, str | None]  # locale, scope
Problems: TypeAlias = Iterator[tuple[str, Mapping[str, str]]]  # message, keys added to the error

FILES: Final = ("pim_catalog_image", "pim_catalog_file")
SELECTS: Final = ("pim_catalog_simpleselect", "pim_catalog_multiselect")
LONGEST_TEXT: Final = 255
LONGEST_TEXTAREA: Final = 65_535
LARGEST_INTEGER: Final = 2**63 - 1
PLACES: Final = 4
PRICE_PLACES: Final = 2
_DECIMAL: Final = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_URL: Final = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)


def _no_problems(_attribute: Object, _data: Json, _catalog: Catalog) -> Problems:
    return iter(())


def _as_kept(_attribute: Object, data: Json, _catalog: Catalog) -> Json:
    return data


@dataclass(frozen=True, slots=True)
class AttributeType:
    """What one attribute type does with a value's data.

    Attributes:
        accept: Gives what is kept of the data, or raises `Malformed`; sees no empty data.
        problems: Gives what validation finds wrong with accepted data.
        show: Gives valid data as the API returns it.
    """

    accept: Callable[[Object, Json], Json]
    problems: Callable[[Object, Json, Catalog], Problems] = _no_problems
    show: Callable[[Object, Json, Catalog], Json] = _as_kept


def _not_a_string(attribute: Object, data: Json) -> str:
    return f"The {attribute['code']} attribute requires a string, a {type_name(data)} was detected."


def _text(attribute: Object, data: Json) -> Json:
    if php.is_array(data):
        raise Malformed(_not_a_string(attribute, data))
    return data


def _line(attribute: Object, data: Json) -> Json:
    text = _text(attribute, data)
    return re.sub(r"[\r\n]+", " ", text) if isinstance(text, str) else text


def _string(attribute: Object, data: Json) -> Json:
    if not isinstance(data, str):
        raise Malformed(_not_a_string(attribute, data))
    return data


def _identifier(attribute: Object, data: Json) -> Json:
    if not isinstance(data, str):
        raise wrong_type(attribute["code"], "a string", data)
    return data


def _boolean(attribute: Object, data: Json) -> Json:
    if not isinstance(data, bool):
        raise wrong_type(attribute["code"], "a boolean", data)
    return data


def _number(attribute: Object, data: Json) -> Json:
    if type_name(data) not in {"integer", "double", "string"}:
        raise wrong_type(attribute["code"], "a numeric", data)
    return data.strip(php.BLANKS) if isinstance(data, str) else data


def _date(attribute: Object, data: Json) -> Json:
    date = php.date(_string(attribute, data))
    if date is None:
        raise Malformed(
            f"The {attribute['code']} attribute requires a valid date. "
            "Please use the following format yyyy-mm-dd for dates."
        )
    return date.isoformat()


def _metric(attribute: Object, data: Json) -> Json:
    code = attribute["code"]
    if not php.is_array(data):
        raise wrong_type(code, "an array", data)
    keys: Object = data if is_object(data) else {}
    for key in ("amount", "unit"):
        if key not in keys:
            raise missing_key(code, key)
    amount, unit = keys["amount"], keys["unit"]
    if not isinstance(unit, str):
        raise wrong_shape(code, f'key "unit" has to be a string, "{type_name(unit)}" given')
    if isinstance(amount, str) and php.is_numeric(amount) and not _DECIMAL.fullmatch(amount):
        raise Malformed(f'Property "{code}" expects a decimal as data, "{amount}" given.')
    return {"amount": amount, "unit": unit}


def _prices(attribute: Object, data: Json) -> Json:
    code = attribute["code"]
    if not php.is_array(data):
        raise wrong_type(code, "an array", data)
    amounts: Object = {}
    for price in php.members(data):
        if not is_object(price):
            raise Malformed(f'Property "{code}" expects an array of arrays as data.')
        for key in ("amount", "currency"):
            if price.get(key) is None:
                raise missing_key(code, key)
        amounts[price["currency"]] = price["amount"]
    return [{"amount": amounts[currency], "currency": currency} for currency in sorted(amounts)]


def _options(attribute: Object, data: Json) -> Json:
    return sorted(codes(attribute, data))


def _text_problems(attribute: Object, data: Json, _catalog: Catalog) -> Problems:
    code = attribute["code"]
    if not isinstance(data, str):
        yield _not_a_string(attribute, data), {}
        return
    is_area = attribute["type"] == "pim_catalog_textarea"
    longest = LONGEST_TEXTAREA if is_area else LONGEST_TEXT
    longest = min(attribute.get("max_characters") or longest, longest)
    if len(data) > longest:
        yield too_long(code, longest), {}
    rule, pattern = attribute.get("validation_rule"), attribute.get("validation_regexp")
    if rule == "email" and not _EMAIL.fullmatch(data):
        yield f"The {code} attribute requires an e-mail address.", {}
    if rule == "url" and not _URL.fullmatch(data):
        yield f"The {code} attribute requires a url link.", {}
    if rule == "regexp" and pattern and not php.regex(pattern).search(data):
        yield f"The {code} attribute must match the following regular expression: {pattern}.", {}


def too_long(code: str, longest: int) -> str:
    """Say that a value has too many characters."""
    return (
        f"The {code} attribute must not contain more than {longest} characters. "
        "The submitted value is too long."
    )


def _amount_problems(attribute: Object, amount: Json, extra: Mapping[str, str]) -> Problems:
    start = f"The {attribute['code']} attribute requires a"
    if not php.is_numeric(amount):
        yield f"{start} number, and the submitted {php.text(amount)} value is not.", extra
        return
    if " " in str(amount):
        what = f'and the submitted "{amount}" has at least one.'
        yield f"{start} value which does not contain space, {what}", extra
    if not attribute.get("decimals_allowed") and not float(amount).is_integer():
        yield f"{start} non-decimal value, and {amount} is not a valid value.", extra


def _range_problems(attribute: Object, amount: Json) -> Problems:
    if not php.is_numeric(amount):
        return
    start = f"The {attribute['code']} attribute requires an equal or"
    low, high = attribute.get("number_min"), attribute.get("number_max")
    if not attribute.get("negative_allowed") and (low is None or float(low) < 0):
        low = 0
    if low is not None and high is None:
        high = LARGEST_INTEGER
    if low is not None and float(amount) < float(low):
        yield f"{start} greater than {_plain(low)} value.", {}
    elif high is not None and float(amount) > float(high):
        yield f"{start} lesser than {_plain(high)} value.", {}


def _plain(limit: Json) -> str:
    return str(limit) if isinstance(limit, int) else f"{float(limit):g}"


def _number_problems(attribute: Object, data: Json, _catalog: Catalog) -> Problems:
    yield from _amount_problems(attribute, data, {})
    yield from _range_problems(attribute, data)


def _date_problems(attribute: Object, data: Json, _catalog: Catalog) -> Problems:
    start = f"The {attribute['code']} attribute requires a date that should be"
    low, high = (_limit(attribute, name) for name in ("date_min", "date_max"))
    if low and datetime.fromisoformat(data) < low:
        yield f"{start} {low:%Y-%m-%d} or after.", {}
    if high and datetime.fromisoformat(data) > high:
        yield f"{start} {high:%Y-%m-%d} or before.", {}


def _limit(attribute: Object, name: str) -> datetime | None:
    limit = attribute.get(name)
    return php.date(limit) if limit else None


def _metric_problems(attribute: Object, data: Json, catalog: Catalog) -> Problems:
    yield from _number_problems(attribute, data["amount"], catalog)
    if catalog.unit(attribute.get("metric_family"), data["unit"]) is None:
        yield "Please specify a valid metric unit", {}


def _price_problems(attribute: Object, data: Json, catalog: Catalog) -> Problems:
    for price in data:
        currency = price["currency"]
        yield from _amount_problems(attribute, price["amount"], {"currency": currency})
        if currency not in catalog.currencies_in_use:
            what = f"for the {attribute['code']} attribute, the {currency} code was sent."
            yield f"Please specify a valid currency {what}", {"currency": currency}


def _option_problems(attribute: Object, data: Json, catalog: Catalog) -> Problems:
    code, sent = attribute["code"], data if is_list(data) else [data]
    unknown = ", ".join(option for option in sent if catalog.option(code, option) is None)
    if unknown:
        verb = "values are" if is_list(data) else "value is"
        yield f"The {unknown} {verb} not in the {code} attribute option list.", {}
    lower = [option.lower() for option in sent]
    twice = ", ".join({lower[n]: o for n, o in enumerate(sent) if lower[n] in lower[:n]}.values())
    if twice:
        what = f'The following option was used multiple times: "{twice}".'
        yield f"{what} Please check your option list again.", {}


def _show_amount(attribute: Object, amount: Json, places: int) -> Json:
    whole = not attribute.get("decimals_allowed")
    return php.integer(amount) if whole else php.number_format(amount, places)


def _show_number(attribute: Object, data: Json, _catalog: Catalog) -> Json:
    whole, _, decimals = str(data).partition(".")
    if attribute.get("decimals_allowed") and len(decimals) > PLACES:
        return f"{whole}.{decimals[:PLACES]}{decimals[PLACES:].rstrip('0')}"
    return _show_amount(attribute, data, PLACES)


def _show_metric(attribute: Object, data: Json, catalog: Catalog) -> Json:
    unit = catalog.unit(attribute["metric_family"], data["unit"])
    return {"amount": _show_amount(attribute, data["amount"], PLACES), "unit": unit}


def _show_prices(attribute: Object, data: Json, _catalog: Catalog) -> Json:
    return [
        price | {"amount": _show_amount(attribute, price["amount"], PRICE_PLACES)} for price in data
    ]


def _show_option(attribute: Object, data: Json, catalog: Catalog) -> Json:
    return catalog.option(attribute["code"], data)


def _show_options(attribute: Object, data: Json, catalog: Catalog) -> Json:
    return sorted(filter(None, (catalog.option(attribute["code"], option) for option in data)))


TYPES: Final[Mapping[str, AttributeType]] = {
    "pim_catalog_identifier": AttributeType(_identifier),
    "pim_catalog_text": AttributeType(_line, _text_problems),
    "pim_catalog_textarea": AttributeType(_text, _text_problems),
    "pim_catalog_number": AttributeType(_number, _number_problems, _show_number),
    "pim_catalog_boolean": AttributeType(_boolean),
    "pim_catalog_date": AttributeType(_date, _date_problems),
    "pim_catalog_metric": AttributeType(_metric, _metric_problems, _show_metric),
    "pim_catalog_price_collection": AttributeType(_prices, _price_problems, _show_prices),
    "pim_catalog_simpleselect": AttributeType(_string, _option_problems, _show_option),
    "pim_catalog_multiselect": AttributeType(_options, _option_problems, _show_options),
    "pim_catalog_image": AttributeType(_string),
    "pim_catalog_file": AttributeType(_string),
    "pim_catalog_table": AttributeType(rows, show=show_rows),
    "pim_catalog_product_link": AttributeType(link),
    "pim_catalog_asset_collection": AttributeType(codes),
    "akeneo_reference_entity": AttributeType(_string),
    "akeneo_reference_entity_collection": AttributeType(codes),
    "pim_reference_data_simpleselect": AttributeType(_string),
    "pim_reference_data_multiselect": AttributeType(_options),
}
