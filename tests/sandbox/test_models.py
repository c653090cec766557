import pytest

from tests.sandbox.visitor import Json, Visitor, cell, errors

MODEL = {"code": "shirt", "family_variant": "clothing_by_size"}
TWO_LEVELS = {"code": "coat", "family_variant": "clothing_by_color_and_size"}
RED_COAT = {"code": "coat-red", "parent": "coat", "values": {"color": [cell("red")]}}


def variant(identifier: str, size: str, parent: str = "shirt") -> Json:
    return {"identifier": identifier, "parent": parent, "values": {"size": [cell(size)]}}


def test_a_variant_has_what_its_models_have(visitor: Visitor) -> None:
    named = {"name": [cell("Coat", "en_US")], "brand": [cell("x")]}
    visitor.put("product-models", {**TWO_LEVELS, "values": named, "categories": ["clothing"]})
    visitor.put("product-models", {**RED_COAT, "categories": ["garden"]})
    visitor.put("products", {**variant("coat-red-m", "m", "coat-red"), "categories": ["master"]})
    product = visitor.get("products/coat-red-m")
    assert (product["parent"], product["family"]) == ("coat-red", "clothing")
    assert set(product["values"]) == {"sku", "name", "brand", "color", "size"}
    assert product["categories"] == ["clothing", "garden", "master"]
    model = visitor.get("product-models/coat-red")
    assert model["family_variant"] == "clothing_by_color_and_size"
    assert set(model["values"]) == {"name", "brand", "color"}


def test_values_of_another_level_are_dropped_without_a_word(visitor: Visitor) -> None:
    values = {"brand": [cell("x")], "size": [cell("m")]}
    visitor.put("product-models", {**MODEL, "values": values})
    assert set(visitor.get("product-models/shirt")["values"]) == {"brand"}
    line = variant("a", "m")
    visitor.put("products", {**line, "values": {**line["values"], "brand": [cell("y")]}})
    assert visitor.value("a", "brand") == "x"


def test_variants_of_one_model_differ_in_their_axes(visitor: Visitor) -> None:
    visitor.put("product-models", MODEL)
    visitor.put("products", variant("a", "m"))
    answer = visitor.batch("products", variant("b", "M"))[0]
    assert errors(answer) == [
        (
            "attribute",
            (
                'Cannot set value "[M]" for the attribute axis "size" on variant product "b", '
                'as the variant product "a" already has this value'
            ),
        )
    ]


def test_models_of_one_model_differ_in_their_axes(visitor: Visitor) -> None:
    visitor.put("product-models", TWO_LEVELS, RED_COAT)
    answer = visitor.batch("product-models", {**RED_COAT, "code": "other"})[0]
    assert 'on product model "other"' in errors(answer)[0][1]


def test_a_variant_needs_its_axes(visitor: Visitor) -> None:
    visitor.put("product-models", MODEL)
    answer = visitor.batch("products", {"identifier": "a", "parent": "shirt"})[0]
    assert errors(answer) == [
        (
            "attribute",
            'Attribute "size" cannot be empty, as it is defined as an axis for this entity',
        )
    ]


def test_a_variant_stands_below_the_last_level(visitor: Visitor) -> None:
    visitor.put("product-models", TWO_LEVELS)
    answer = visitor.batch("products", variant("a", "m", "coat"))[0]
    assert any("can only have other product models as children" in e for _, e in errors(answer))


def test_a_simple_product_becomes_a_variant_and_back(visitor: Visitor) -> None:
    visitor.put("product-models", {**MODEL, "values": {"brand": [cell("of the model")]}})
    visitor.put("products", {"identifier": "a", "family": "clothing"})
    visitor.set("a", brand="own", size="m")
    answer = visitor.batch("products", {"identifier": "a", "parent": "shirt"})[0]
    assert answer["status_code"] == 201
    assert visitor.value("a", "brand") == "of the model"
    visitor.put("products", {"identifier": "a", "parent": None})
    product = visitor.get("products/a")
    assert (product["parent"], product["values"]["brand"]) == (None, [cell("of the model")])
    visitor.set("a", brand="own")
    assert visitor.value("a", "brand") == "own"


def test_a_variant_moves_within_its_family_variant_only(visitor: Visitor) -> None:
    visitor.put("product-models", MODEL, {**MODEL, "code": "shirt2"}, TWO_LEVELS, RED_COAT)
    visitor.put("products", variant("a", "m"))
    visitor.put("products", {"identifier": "a", "parent": "shirt2"})
    assert visitor.get("products/a")["parent"] == "shirt2"
    answer = visitor.batch("products", {"identifier": "a", "parent": "coat-red"})[0]
    assert answer["message"].startswith('New parent "coat-red" of variant product "a" must have')


def test_a_variant_has_the_family_of_its_parent(visitor: Visitor) -> None:
    visitor.put("product-models", MODEL)
    line = {**variant("a", "m"), "family": "tools"}
    answer = visitor.batch("products", line)[0]
    assert ("family", "The variant product family must be the same than its parent") in errors(
        answer
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({}, "The product model family variant must not be empty."),
        ({"family_variant": None}, 'Property "family_variant" does not expect an empty value.'),
        ({"family_variant": "nope"}, 'Property "family_variant" expects a valid family variant'),
        ({"parent": "nope"}, 'Property "parent" expects a valid parent code. The product model'),
        ({"parent": "shirt"}, 'The product model "x" cannot have a parent'),
        ({"parent": "coat-red"}, 'Property "parent" expects a valid parent code. The new parent'),
        ({**MODEL, "code": "x", "nope": 1}, 'Property "nope" does not exist.'),
        ({**MODEL, "code": "x", "family": "tools"}, 'The family "tools" does not match the family'),
        ({**MODEL, "code": "x", "family": 5}, 'Property "family" expects a string as data, "int'),
        (
            {**MODEL, "code": "x", "parent": "coat"},
            "The parent is not a product model of the family variant",
        ),
        ({**RED_COAT, "parent": None}, 'Property "parent" cannot be modified, "NULL" given.'),
        ({**MODEL, "code": "x", "family": None}, 'Property "family" does not expect an empty val'),
        ({**MODEL, "code": "x", "values": {"nope": []}}, 'Property "nope" does not exist.'),
    ],
    ids=ascii,
)
def test_a_model_that_is_wrong_is_refused(visitor: Visitor, line: Json, message: str) -> None:
    visitor.put("product-models", MODEL, TWO_LEVELS, RED_COAT)
    answer = visitor.batch("product-models", {"code": "x", **line})[0]
    said = [answer["message"], *(text for _, text in errors({"errors": [], **answer}))]
    assert any(text.startswith(message) for text in said), said


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"family_variant": "clothing_by_color_and_size"}, 'Property "family_variant" cannot be'),
        ({"parent": "coat"}, 'Property "parent" cannot be modified, "coat" given.'),
        ({"family": "tools"}, 'Property "family" cannot be modified, "tools" given.'),
    ],
    ids=ascii,
)
def test_a_models_place_does_not_change(visitor: Visitor, change: Json, message: str) -> None:
    visitor.put("product-models", MODEL, TWO_LEVELS)
    answer = visitor.batch("product-models", {"code": "shirt", **change})[0]
    assert answer["message"].startswith(message)


def test_a_model_is_deleted_with_all_below_it(visitor: Visitor) -> None:
    visitor.put("product-models", TWO_LEVELS, RED_COAT)
    visitor.put("products", variant("a", "m", "coat-red"), {"identifier": "b"})
    assert visitor.send("DELETE", "product-models/coat").status_code == 204
    assert visitor.codes("product-models") == []
    assert visitor.codes("products") == ["b"]


def test_a_model_is_posted_once(visitor: Visitor) -> None:
    assert visitor.one("POST", "product-models", MODEL).status_code == 201
    again = visitor.one("POST", "product-models", MODEL)
    assert errors(again.json()) == [
        ("code", "The same code is already set on another product model.")
    ]
    unnamed = visitor.one("POST", "product-models", {"family_variant": "clothing_by_size"})
    assert errors(unnamed.json()) == [("code", "The product model code must not be empty.")]


@pytest.mark.parametrize(("method", "path"), [("POST", ""), ("PATCH", "/coat")])
def test_the_code_of_a_model_is_a_text(visitor: Visitor, method: str, path: str) -> None:
    answer = visitor.one(method, f"product-models{path}", MODEL | {"code": 5})
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("The code field requires a string. Check the")


def test_a_model_says_of_a_boolean_what_its_value_factory_says(visitor: Visitor) -> None:
    line = MODEL | {"values": {"in_stock": [cell("yes")]}}
    answer = visitor.batch("product-models", line)[0]
    assert answer["message"].startswith('Property "in_stock" expects a boolean as data, "string"')


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (5, 'Property "values" expects an array as data, "integer" given.'),
        ({"brand": 5}, 'Property "brand" expects an array as data, "integer" given.'),
        ({"brand": [5]}, 'Property "brand" expects an array with valid data, one of the values'),
        ({"brand": [{"data": "x"}]}, 'Property "brand" expects an array with the key "locale".'),
        ({"price": [cell(5)]}, 'Property "price" expects an array as data, "integer" given.'),
        ({"price": [cell([5])]}, 'Property "price" expects an array of arrays as data.'),
        (
            {"price": [cell([{"amount": 5}])]},
            'Property "price" expects an array with the key "curr',
        ),
    ],
    ids=ascii,
)
def test_values_of_models_are_looked_at_less_closely_but_must_have_their_shape(
    visitor: Visitor, values: Json, message: str
) -> None:
    answer = visitor.batch("product-models", {**MODEL, "values": values})[0]
    assert (answer["status_code"], answer["message"][: len(message)]) == (422, message)


def test_a_price_of_a_model_is_cleared_by_null(visitor: Visitor) -> None:
    price = [cell([{"amount": 1, "currency": "EUR"}])]
    visitor.put("product-models", {**MODEL, "values": {"price": price}})
    visitor.put("product-models", {**MODEL, "values": {"price": [cell(None)]}})
    assert visitor.get("product-models/shirt")["values"] == {}


def test_what_a_variant_inherits_stays_when_it_leaves_its_model(visitor: Visitor) -> None:
    visitor.put("products", {"identifier": "x"}, {"identifier": "y"})
    of_model = {"associations": {"PACK": {"products": ["x"]}}, "categories": ["clothing"]}
    visitor.put("product-models", {**MODEL, **of_model})
    own = {"associations": {"PACK": {"products": ["y", "x"]}}}
    visitor.put("products", {**variant("a", "m"), **own})
    assert visitor.get("products/a")["associations"]["PACK"]["products"] == ["x", "y"]
    visitor.put("products", {"identifier": "a", "parent": None})
    product = visitor.get("products/a")
    assert product["associations"]["PACK"]["products"] == ["x", "y"]
    assert product["categories"] == ["clothing"]
    visitor.put("product-models", {**MODEL, "categories": []})
    assert visitor.get("products/a")["categories"] == ["clothing"]


def test_measurements_and_booleans_can_be_axes(visitor: Visitor) -> None:
    visitor.put("families", {"code": "f", "attributes": ["power", "in_stock"]})
    axes = [{"level": 1, "axes": ["power", "in_stock"]}]
    visitor.put("families/f/variants", {"code": "v", "variant_attribute_sets": axes})
    visitor.put("product-models", {"code": "m", "family_variant": "v"})
    lines = [
        {
            "identifier": identifier,
            "parent": "m",
            "values": {
                "power": [cell({"amount": amount, "unit": "WATT"})],
                "in_stock": [cell(in_stock)],
            },
        }
        for identifier, amount, in_stock in (("a", 5, True), ("b", 5, False), ("c", "5.0", True))
    ]
    first, second, third = visitor.batch("products", *lines)
    assert (first["status_code"], second["status_code"]) == (201, 201)
    assert 'value "5.0000 WATT,1" for the attribute axis "power,in_stock"' in errors(third)[0][1]
