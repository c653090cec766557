"""What the sandbox keeps of each attribute type's data, shows of it, and refuses."""

import pytest

from erp2pim.sandbox import serve
from tests.sandbox.visitor import Json, Visitor, cell, errors

GRAM = {"amount": 1, "unit": "GRAM"}


@pytest.mark.parametrize(
    ("code", "sent", "shown"),
    [
        ("brand", "Bosch", "Bosch"),
        ("brand", " two\r\nlines ", " two lines "),
        ("brand", "😀", "😀"),
        ("pieces", 5, 5),
        ("pieces", "5", 5),
        ("pieces", " 5 ", 5),
        ("pieces", "5.0", 5),
        ("pieces", 5.0, 5),
        ("rating", 4, "4.0000"),
        ("rating", "4.5", "4.5000"),
        ("rating", 4.12345, "4.12345"),
        ("rating", "4.123450", "4.12345"),
        ("rating", "0.00004", "0.00004"),
        ("in_stock", True, True),
        ("in_stock", False, False),
        ("released", "2024-02-01", "2024-02-01T00:00:00+00:00"),
        ("released", "2024-02-01T10:00:00+02:00", "2024-02-01T10:00:00+02:00"),
        ("released", "2024-02-30", "2024-03-01T00:00:00+00:00"),
        ("weight", {"amount": 1.5, "unit": "KILOGRAM"}, {"amount": "1.5000", "unit": "KILOGRAM"}),
        ("weight", {"amount": "2", "unit": "gram"}, {"amount": "2.0000", "unit": "GRAM"}),
        (
            "price",
            [{"amount": 5, "currency": "USD"}, {"amount": "4.999", "currency": "EUR"}],
            [{"amount": "5.00", "currency": "EUR"}, {"amount": "5.00", "currency": "USD"}],
        ),
        (
            "price",
            [{"amount": 1, "currency": "EUR"}, {"amount": 2, "currency": "EUR"}],
            [{"amount": "2.00", "currency": "EUR"}],
        ),
        ("color", "RED", "red"),
        ("materials", ["wood", "STEEL"], ["steel", "wood"]),
    ],
    ids=ascii,
)
def test_data_is_shown_in_the_pims_own_form(
    visitor: Visitor, code: str, sent: Json, shown: Json
) -> None:
    assert visitor.set("a", **{code: sent})["status_code"] == 201
    assert visitor.value("a", code) == shown


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("brand", None),
        ("brand", ""),
        ("brand", " \n"),
        ("materials", []),
        ("price", []),
        ("price", [{"amount": None, "currency": "EUR"}]),
        ("weight", {"amount": None, "unit": "GRAM"}),
    ],
    ids=ascii,
)
def test_empty_data_clears_a_value(visitor: Visitor, code: str, data: Json) -> None:
    full: dict[str, Json] = {
        "brand": "x",
        "materials": ["wood"],
        "price": [{"amount": 1, "currency": "EUR"}],
        "weight": GRAM,
    }
    visitor.set("a", **full)
    assert visitor.set("a", **{code: data})["status_code"] == 204
    assert visitor.value("a", code) is None
    assert set(visitor.get("products/a")["values"]) == {"sku", *full} - {code}


@pytest.mark.parametrize(
    ("code", "data", "start"),
    [
        ("brand", ["x"], "The brand attribute requires a string, a array was detected."),
        ("pieces", True, 'Property "pieces" expects a numeric as data, "boolean" given.'),
        ("in_stock", "yes", "The in_stock attribute requires a boolean value (true or false)"),
        ("released", "soon", "The released attribute requires a valid date."),
        ("released", "２020-01-01", "The released attribute requires a valid date."),  # noqa: RUF001
        ("released", 5, "The released attribute requires a string, a integer was detected."),
        ("weight", 5, 'Property "weight" expects an array as data, "integer" given.'),
        ("weight", {"amount": 1}, 'Property "weight" expects an array with the key "unit".'),
        ("weight", {"amount": 1, "unit": 5}, 'Property "weight" expects an array with valid data'),
        ("weight", {"amount": "1e3", "unit": "GRAM"}, 'Property "weight" expects a decimal'),
        ("price", "5 EUR", 'The data format sent for the "price" attribute is wrong.'),
        ("price", None, 'The data format sent for the "price" attribute is wrong.'),
        ("price", [5], "This value should be of type array|(Traversable&ArrayAccess)."),
        ("price", [{"amount": 1}], 'The data format sent for the "price" attribute is wrong.'),
        (
            "price",
            [{"amount": 1, "currency": "EUR", "x": 1}],
            "This field was not expected.",
        ),
        ("color", 5, "The color attribute requires a string, a integer was detected."),
        ("materials", "wood", 'Property "materials" expects an array as data, "string" given.'),
        ("materials", [5], 'Property "materials" expects an array with valid data, one of the opt'),
        ("materials", [""], 'Property "materials" expects an array with valid data, one of the op'),
        ("picture", "nope.png", 'Property "picture" expects a valid pathname as data, "nope.png"'),
        ("picture", 5, 'Property "picture" expects a string as data, "integer" given.'),
    ],
    ids=ascii,
)
def test_data_of_the_wrong_shape_is_refused_at_once(
    visitor: Visitor, code: str, data: Json, start: str
) -> None:
    answer = visitor.set("a", **{code: data})
    assert answer["status_code"] == 422
    assert answer["message"].startswith(start)
    assert "errors" not in answer


@pytest.mark.parametrize(
    ("code", "data", "message"),
    [
        (
            "brand",
            5,
            "The brand attribute requires a string, a integer was detected.",
        ),
        (
            "brand",
            "x" * 256,
            (
                "The brand attribute must not contain more than 255 characters. "
                "The submitted value is too long."
            ),
        ),
        (
            "ean",
            "x" * 14,
            (
                "The ean attribute must not contain more than 13 characters. "
                "The submitted value is too long."
            ),
        ),
        ("pieces", "x", "The pieces attribute requires a number, and the submitted x value is not"),
        ("pieces", "５", "The pieces attribute requires a number, and the submitted ５ value"),  # noqa: RUF001
        (
            "pieces",
            5.5,
            "The pieces attribute requires a non-decimal value, and 5.5 is not a valid",
        ),
        ("pieces", -1, "The pieces attribute requires an equal or greater than 0 value."),
        ("rating", 5.5, "The rating attribute requires an equal or lesser than 5 value."),
        ("weight", {"amount": 1, "unit": "WATT"}, "Please specify a valid metric unit"),
        (
            "price",
            [{"amount": 1, "currency": "CHF"}],
            "Please specify a valid currency for the price attribute, the CHF code was sent.",
        ),
        ("color", "pink", "The pink value is not in the color attribute option list."),
        (
            "materials",
            ["wood", "glass", "clay"],
            "The clay, glass values are not in the materials attribute option list.",
        ),
        (
            "materials",
            ["wood", "WOOD"],
            'The following option was used multiple times: "wood".',
        ),
    ],
    ids=ascii,
)
def test_data_that_breaks_a_rule_is_a_validation_error(
    visitor: Visitor, code: str, data: Json, message: str
) -> None:
    answer = visitor.set("a", **{code: data})
    assert answer["message"] == "Validation failed."
    assert errors(answer)[0][1].startswith(message)
    assert answer["errors"][0]["attribute"] == code
    assert visitor.codes("products") == []


@pytest.mark.parametrize(
    ("code", "locale", "scope", "message"),
    [
        ("brand", "en_US", None, "The brand attribute requires neither a channel"),
        ("name", None, None, "The name attribute does not require a value per channel"),
        ("description", "en_US", None, "The description attribute requires a value per channel"),
    ],
    ids=ascii,
)
def test_a_cell_must_have_the_locale_and_channel_that_its_attribute_wants(
    visitor: Visitor, code: str, locale: str | None, scope: str | None, message: str
) -> None:
    line = {"identifier": "a", "values": {code: [cell("x", locale, scope)]}}
    answer = visitor.batch("products", line)[0]
    assert answer["message"].startswith(message)


@pytest.mark.parametrize(
    ("locale", "scope", "message"),
    [
        ("fr_FR", "print", "The fr_FR locale does not exist."),
        ("xx", "print", "The xx locale does not exist."),
        ("en_US", "shop", "The shop channel (scope) must exist in your PIM"),
    ],
    ids=ascii,
)
def test_a_locale_or_channel_that_is_not_in_use_is_a_validation_error(
    visitor: Visitor, locale: str, scope: str, message: str
) -> None:
    line = {"identifier": "a", "values": {"description": [cell("x", locale, scope)]}}
    answer = visitor.batch("products", line)[0]
    assert errors(answer)[0][1].endswith(message)


def test_locales_and_channels_are_kept_in_their_own_case(visitor: Visitor) -> None:
    visitor.put(
        "products", {"identifier": "a", "values": {"description": [cell("x", "EN_us", "PRINT")]}}
    )
    values = visitor.get("products/a")["values"]
    assert values["description"] == [cell("x", "en_US", "print")]


def test_only_the_cells_that_are_sent_change(visitor: Visitor) -> None:
    both = [cell("Drill", "en_US"), cell("Bohrer", "de_DE")]
    visitor.put("products", {"identifier": "a", "values": {"name": both}})
    assert visitor.get("products/a")["values"]["name"] == [*reversed(both)]
    visitor.put("products", {"identifier": "a", "values": {"name": [cell("Bit", "en_US")]}})
    assert visitor.get("products/a")["values"]["name"] == [
        cell("Bohrer", "de_DE"),
        cell("Bit", "en_US"),
    ]


def test_the_same_cell_twice_is_refused(visitor: Visitor) -> None:
    line = {"identifier": "a", "values": {"brand": [cell("x"), cell("y")]}}
    answer = visitor.batch("products", line)[0]
    assert answer["message"].startswith(
        'You cannot update the same product value on the "brand" attribute twice'
    )


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ("x", "This value should be of type array|(Traversable&ArrayAccess)."),
        ({"brand": "x"}, 'Property "brand" expect to be an array'),
        ({"brand": ["x"]}, 'Property "brand" expect to be an array of array'),
        ({"brand": [{"data": "x"}]}, 'Property "brand" expects an array with the key "locale".'),
        (
            {"brand": [{"data": "x", "locale": 5, "scope": None}]},
            'Property "brand" expects an array with the key "locale" as string.',
        ),
        (
            {"brand": [{"locale": None, "scope": None}]},
            'Property "brand" expects an array with the key "data".',
        ),
        ({"nope": [cell("x")]}, "The nope attribute does not exist in your PIM."),
        ({"BRAND": [cell("x")]}, "The BRAND attribute does not exist in your PIM."),
    ],
    ids=ascii,
)
def test_values_of_the_wrong_shape_are_refused(
    visitor: Visitor, values: Json, message: str
) -> None:
    answer = visitor.batch("products", {"identifier": "a", "values": values})[0]
    assert answer["status_code"] == 422
    assert answer["message"].startswith(message)


def test_a_unique_value_belongs_to_one_product(visitor: Visitor) -> None:
    visitor.set("a", ean="12x")
    assert visitor.set("a", ean="12X")["status_code"] == 204
    visitor.set("a", ean="123")
    answer = visitor.set("b", ean="123")
    assert errors(answer)[0][1] == (
        "The ean attribute can not have the same value more than once. "
        "The 123 value is already set on another product."
    )
    visitor.set("a", ean=None)
    assert visitor.set("b", ean="123")["status_code"] == 201


def test_data_in_another_form_changes_nothing(visitor: Visitor) -> None:
    visitor.set("a", pieces=5, rating="4.5", weight=GRAM, color="red")
    before = visitor.pim.products["a"]
    visitor.set(
        "a", pieces="5.0", rating=4.50, weight={"amount": "1.0", "unit": "gram"}, color="RED"
    )
    assert visitor.pim.products["a"] is before


@pytest.mark.parametrize(
    ("rules", "data", "message"),
    [
        ({"validation_rule": "email"}, "x", "requires an e-mail address."),
        ({"validation_rule": "url"}, "x", "requires a url link."),
        (
            {"validation_rule": "regexp", "validation_regexp": "/^[a-z]+$/i"},
            "5",
            "must match the following regular expression: /^[a-z]+$/i.",
        ),
        ({"type": "pim_catalog_number", "number_min": "1"}, 0, "equal or greater than 1 value."),
        (
            {"type": "pim_catalog_number", "negative_allowed": True, "number_max": "1"},
            2,
            "equal or lesser than 1 value.",
        ),
        ({"type": "pim_catalog_date", "date_min": "2020-01-01"}, "2019-01-01", "2020-01-01 or"),
        ({"type": "pim_catalog_date", "date_max": "2020-01-01"}, "2021-01-01", "2020-01-01 or"),
    ],
    ids=ascii,
)
def test_an_attributes_own_rules_hold(
    visitor: Visitor, rules: dict[str, Json], data: Json, message: str
) -> None:
    number = {"decimals_allowed": False, "negative_allowed": False}
    more = number if rules.get("type") == "pim_catalog_number" else {}
    base = {"code": "x", "type": "pim_catalog_text", "group": "other"}
    visitor.put("attributes", base | more | rules)
    assert message in errors(visitor.set("a", x=data))[0][1]


def test_a_locale_specific_attribute_takes_its_locales_only(visitor: Visitor) -> None:
    visitor.put(
        "attributes",
        {
            "code": "x",
            "type": "pim_catalog_text",
            "group": "other",
            "localizable": True,
            "available_locales": ["de_DE"],
        },
    )
    line = {"identifier": "a", "values": {"x": [cell("x", "en_US")]}}
    answer = visitor.batch("products", line)[0]
    assert errors(answer)[0][1] == "The en_US locale is not available on the x attribute."


def test_a_channel_takes_its_own_locales_only() -> None:
    with serve() as pim:
        visitor = Visitor(pim)
        visitor.put("channels", {"code": "print", "locales": ["de_DE"]})
        line = {"identifier": "a", "values": {"description": [cell("x", "en_US", "print")]}}
        answer = visitor.batch("products", line)[0]
    assert errors(answer)[0][1].endswith("The en_US locale is not bound to the print channel.")
