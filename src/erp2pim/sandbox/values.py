"""Product values: what each attribute type takes, refuses, keeps and gives back.

`TYPES` is the whole rule book; everything in it was seen in recordings of a real PIM or read in
the factories, comparators and constraints of Akeneo's Enrichment component.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import TypeAlias

from erp2pim.sandbox.catalog import Catalog
from erp2pim.sandbox.refusal import Json, Malformed, Object, php_type, wrong_shape, wrong_type

Cell: TypeAlias = tuple[str | None, str | None]  # locale, scope
Problem: TypeAlias = tuple[str, Mapping[str, str]]  # message, keys added to the error

_NUMERIC = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*")
_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
_DATE = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*"
    r"(?:(Z|UTC)|([+-])(\d{2}):?(\d{2}))?"
)
_EXACT_FLOAT = 1e15


@dataclass(frozen=True, slots=True)
class AttributeType:
    """What one attribute type does with a value's data.

    Attributes:
        accept: Gives what is kept of the data, or raises `Malformed`; sees no empty data.
        problems: Gives what validation finds wrong with accepted data.
        show: Gives the data as the API returns it.
    """

    accept: Callable[[Object, Json], Json]
    problems: Callable[[Object, Json, Catalog], Iterator[Problem]]
    show: Callable[[Object, Json, Catalog], Json]


def is_numeric(value: Json) -> bool:
    """Say whether PHP takes a value for a number."""
    if isinstance(value, str):
        return _NUMERIC.fullmatch(value) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


def fixed(value: Json, places: int) -> str:
    """Format a number as PHP's `number_format` does: through a float, half away from zero."""
    number = float(value)
    if abs(number) >= _EXACT_FLOAT:
        return f"{number:.{places}f}"
    with localcontext(prec=60, rounding=ROUND_HALF_UP):
        rounded = Decimal(repr(number)).quantize(Decimal(1).scaleb(-places))
    return f"{abs(rounded) if rounded == 0 else rounded:f}"


def parse_date(text: str) -> datetime | None:
    """Read a date as PHP's `DateTime` does, days beyond a month's end running into the next."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups()[:3])
    hour, minute, second = (int(part or 0) for part in match.groups()[3:6])
    if not (1 <= month <= 12 and day <= 31 and hour <= 24 and minute < 60 and second < 60):
        return None
    sign, hours, minutes = match.groups()[7:]
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    zone = timezone(-offset if sign == "-" else offset) if sign else UTC
    start = datetime(max(year, 1), month, 1, tzinfo=zone)
    return start + timedelta(days=day - 1, hours=hour, minutes=minute, seconds=second)


def _text(attribute: Object, data: Json) -> Json:
    if php_type(data) in {"array", "NULL"}:
        raise _not_a_string(attribute, data)
    return data


def _line(attribute: Object, data: Json) -> Json:
    kept = _text(attribute, data)
    return re.sub(r"[\r\n]+", " ", kept) if isinstance(kept, str) else kept


def _string(attribute: Object, data: Json) -> Json:
    if not isinstance(data, str):
        raise _not_a_string(attribute, data)
    return data


def _not_a_string(attribute: Object, data: Json) -> Malformed:
    code, kind = attribute["code"], php_type(data)
    return Malformed(f"The {code} attribute requires a string, a {kind} was detected.")


def _identifier(attribute: Object, data: Json) -> Json:
    if not isinstance(data, str):
        raise wrong_type(attribute["code"], "a string", data)
    return data


def _number(attribute: Object, data: Json) -> Json:
    if php_type(data) not in {"integer", "double", "string"}:
        raise wrong_type(attribute["code"], "a numeric", data)
    return data.strip() if isinstance(data, str) else data


def _date(attribute: Object, data: Json) -> Json:
    date = parse_date(_string(attribute, data))
    if date is None:
        raise Malformed(
            f"The {attribute['code']} attribute requires a valid date. "
            "Please use the following format yyyy-mm-dd for dates."
        )
    return date.isoformat()


def _boolean(_attribute: Object, data: Json) -> Json:
    return data


def _metric(attribute: Object, data: Json) -> Json:
    code = attribute["code"]
    if not isinstance(data, dict):
        raise wrong_type(code, "an array", data)
    for key in ("amount", "unit"):
        if key not in data:
            raise Malformed(f'Property "{code}" expects an array with the key "{key}".')
    amount, unit = data["amount"], data["unit"]
    if not isinstance(unit, str):
        kind = php_type(unit)
        raise wrong_shape(code, f'key "unit" has to be a string, "{kind}" given')
    if isinstance(amount, str) and is_numeric(amount) and not _DECIMAL.fullmatch(amount):
        raise Malformed(f'Property "{code}" expects a decimal as data, "{amount}" given.')
    return {"amount": amount, "unit": unit}


def _prices(attribute: Object, data: Json) -> Json:
    code = attribute["code"]
    if not isinstance(data, list):
        raise wrong_type(code, "an array", data)
    for price in data:
        if not isinstance(price, dict):
            raise Malformed(f'Property "{code}" expects an array of arrays as data.')
        for key in ("amount", "currency"):
            if price.get(key) is None:
                raise Malformed(f'Property "{code}" expects an array with the key "{key}".')
    last = {price["currency"]: price for price in data}
    return [{k: last[c][k] for k in ("amount", "currency")} for c in sorted(last)]


def _options(attribute: Object, data: Json) -> Json:
    code = attribute["code"]
    if not isinstance(data, list):
        raise wrong_type(code, "an array", data)
    for wrong, what in (
        (lambda o: not isinstance(o, str), "not a string"),
        (lambda o: o == "", "an empty string"),
    ):
        if any(wrong(option) for option in data):
            raise wrong_shape(code, f"one of the options is {what}")
    return sorted(data)


def _text_problems(attribute: Object, data: Json, _catalog: Catalog) -> Iterator[Problem]:
    code = attribute["code"]
    if not isinstance(data, str):
        yield f"The {code} attribute requires a string, a {php_type(data)} was detected.", {}
        return
    longest = 65_535 if attribute["type"] == "pim_catalog_textarea" else 255
    longest = min(attribute.get("max_characters") or longest, longest)
    if len(data) > longest:
        yield (
            (
                f"The {code} attribute must not contain more than {longest} characters. "
                "The submitted value is too long."
            ),
            {},
        )
    rule, pattern = attribute.get("validation_rule"), attribute.get("validation_regexp")
    if rule == "email" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", data):
        yield f"The {code} attribute requires an e-mail address.", {}
    if rule == "url" and not re.fullmatch(r"https?://[^\s/?#]+\S*", data, re.IGNORECASE):
        yield f"The {code} attribute requires a url link.", {}
    if rule == "regexp" and pattern and not _php_regex(pattern).search(data):
        yield f"The {code} attribute must match the following regular expression: {pattern}.", {}


def _php_regex(pattern: str) -> re.Pattern[str]:
    """Compile a PCRE with delimiters and flags, as `/^[a-z]$/i`."""
    end = pattern.rindex(pattern[0])
    flags = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}
    return re.compile(pattern[1:end], sum(flags.get(flag, 0) for flag in pattern[end + 1 :]))


def _amount_problems(
    attribute: Object, amount: Json, extra: Mapping[str, str]
) -> Iterator[Problem]:
    code = attribute["code"]
    if not is_numeric(amount):
        yield (
            f"The {code} attribute requires a number, and the submitted {amount} value is not.",
            extra,
        )
        return
    if isinstance(amount, str) and " " in amount:
        yield (
            (
                f"The {code} attribute requires a value which does not contain space, "
                f'and the submitted "{amount}" has at least one.'
            ),
            extra,
        )
    number = float(amount)
    if not attribute.get("decimals_allowed") and number != int(number):
        yield (
            (
                f"The {code} attribute requires a non-decimal value, and {amount} is not a valid value."
            ),
            extra,
        )


def _range_problems(attribute: Object, amount: Json) -> Iterator[Problem]:
    if not is_numeric(amount):
        return
    code, low, high = attribute["code"], attribute.get("number_min"), attribute.get("number_max")
    if not attribute.get("negative_allowed") and (low is None or float(low) < 0):
        low = 0
    if low is not None and float(amount) < float(low):
        yield f"The {code} attribute requires an equal or greater than {float(low):g} value.", {}
    elif high is not None and float(amount) > float(high):
        yield f"The {code} attribute requires an equal or lesser than {float(high):g} value.", {}


def _number_problems(attribute: Object, data: Json, _catalog: Catalog) -> Iterator[Problem]:
    yield from _amount_problems(attribute, data, {})
    yield from _range_problems(attribute, data)


def _date_problems(attribute: Object, data: Json, _catalog: Catalog) -> Iterator[Problem]:
    date, code = datetime.fromisoformat(data), attribute["code"]
    for limit, word in (
        (attribute.get("date_min"), "after"),
        (attribute.get("date_max"), "before"),
    ):
        bound = datetime.fromisoformat(limit) if limit else date
        if date < bound if word == "after" else date > bound:
            yield (
                f"The {code} attribute requires a date that should be {bound:%Y-%m-%d} or {word}.",
                {},
            )


def _metric_problems(attribute: Object, data: Json, catalog: Catalog) -> Iterator[Problem]:
    yield from _amount_problems(attribute, data["amount"], {})
    yield from _range_problems(attribute, data["amount"])
    if catalog.unit(attribute.get("metric_family"), data["unit"]) is None:
        yield "Please specify a valid metric unit", {}


def _price_problems(attribute: Object, data: Json, catalog: Catalog) -> Iterator[Problem]:
    code = attribute["code"]
    for price in data:
        extra = {"currency": price["currency"]}
        yield from _amount_problems(attribute, price["amount"], extra)
        if price["currency"] not in catalog.currencies_in_use:
            yield (
                (
                    f"Please specify a valid currency for the {code} attribute, "
                    f"the {price['currency']} code was sent."
                ),
                extra,
            )


def _option_problems(attribute: Object, data: Json, catalog: Catalog) -> Iterator[Problem]:
    code, several = attribute["code"], isinstance(data, list)
    sent: list[str] = data if several else [data]
    unknown = ", ".join(option for option in sent if catalog.option(code, option) is None)
    if unknown:
        verb = "values are" if several else "value is"
        yield f"The {unknown} {verb} not in the {code} attribute option list.", {}
    lower = [option.lower() for option in sent]
    twice = ", ".join(dict.fromkeys(o for n, o in enumerate(sent) if lower[n] in lower[:n]))
    if twice:
        yield (
            (
                f'The following option was used multiple times: "{twice}". '
                "Please check your option list again."
            ),
            {},
        )


def _no_problems(_attribute: Object, _data: Json, _catalog: Catalog) -> Iterator[Problem]:
    return iter(())


def _as_kept(_attribute: Object, data: Json, _catalog: Catalog) -> Json:
    return data


def _show_amount(attribute: Object, amount: Json, places: int) -> Json:
    return fixed(amount, places) if attribute.get("decimals_allowed") else int(float(amount))


def _show_number(attribute: Object, data: Json, _catalog: Catalog) -> Json:
    whole, _, decimals = str(data).partition(".")
    if attribute.get("decimals_allowed") and len(decimals) > 4:
        return f"{whole}.{decimals[:4]}{decimals[4:].rstrip('0')}"
    return _show_amount(attribute, data, 4)


def _show_metric(attribute: Object, data: Json, catalog: Catalog) -> Json:
    unit = catalog.unit(attribute["metric_family"], data["unit"])
    return {"amount": _show_amount(attribute, data["amount"], 4), "unit": unit}


def _show_prices(attribute: Object, data: Json, _catalog: Catalog) -> Json:
    return [{**price, "amount": _show_amount(attribute, price["amount"], 2)} for price in data]


def _show_option(attribute: Object, data: Json, catalog: Catalog) -> Json:
    return catalog.option(attribute["code"], data)


def _show_options(attribute: Object, data: Json, catalog: Catalog) -> Json:
    return sorted(filter(None, (catalog.option(attribute["code"], option) for option in data)))


_FILE = AttributeType(_string, _no_problems, _as_kept)
TYPES: Mapping[str, AttributeType] = {
    "pim_catalog_identifier": AttributeType(_identifier, _no_problems, _as_kept),
    "pim_catalog_text": AttributeType(_line, _text_problems, _as_kept),
    "pim_catalog_textarea": AttributeType(_text, _text_problems, _as_kept),
    "pim_catalog_number": AttributeType(_number, _number_problems, _show_number),
    "pim_catalog_boolean": AttributeType(_boolean, _no_problems, _as_kept),
    "pim_catalog_date": AttributeType(_date, _date_problems, _as_kept),
    "pim_catalog_metric": AttributeType(_metric, _metric_problems, _show_metric),
    "pim_catalog_price_collection": AttributeType(_prices, _price_problems, _show_prices),
    "pim_catalog_simpleselect": AttributeType(_string, _option_problems, _show_option),
    "pim_catalog_multiselect": AttributeType(_options, _option_problems, _show_options),
    "pim_catalog_image": _FILE,
    "pim_catalog_file": _FILE,
}
