import pytest

from tests.sandbox.visitor import Json, Visitor, cell, errors

UUID = "abc00001-aaaa-4aaa-8aaa-000000000001"


def test_a_new_product_has_all_that_the_api_shows(visitor: Visitor) -> None:
    visitor.put("products", {"identifier": "a"})
    product = visitor.get("products/a")
    assert product.pop("created") == product.pop("updated")
    assert len(product.pop("uuid")) == 36
    lists: dict[str, list[str]] = {"products": [], "product_models": [], "groups": []}
    assert product == {
        "identifier": "a",
        "enabled": True,
        "family": None,
        "categories": [],
        "groups": [],
        "parent": None,
        "values": {"sku": [cell("a")]},
        "associations": {"PACK": lists, "UPSELL": lists, "X_SELL": lists},
        "quantified_associations": {},
    }


def test_properties_that_are_not_sent_stay(visitor: Visitor) -> None:
    visitor.put(
        "products",
        {"identifier": "a", "family": "tools", "categories": ["saws"], "enabled": False},
    )
    visitor.put("products", {"identifier": "a", "categories": ["drills", "SAWS", "saws"]})
    product = visitor.get("products/a")
    assert (product["family"], product["enabled"]) == ("tools", False)
    assert product["categories"] == ["drills", "saws"]
    visitor.put("products", {"identifier": "a", "family": None, "categories": []})
    product = visitor.get("products/a")
    assert (product["family"], product["categories"]) == (None, [])


def test_an_identifier_is_found_in_any_case_and_keeps_the_one_sent_last(visitor: Visitor) -> None:
    visitor.put("products", {"identifier": "Abc"})
    answer = visitor.batch("products", {"identifier": "aBC"})[0]
    assert answer == {"line": 1, "identifier": "aBC", "status_code": 204}
    assert visitor.codes("products") == ["aBC"]
    assert visitor.send("GET", "products/Abc").status_code == 404


def test_unchanged_products_keep_the_time_of_their_last_change(visitor: Visitor) -> None:
    line = {"identifier": "a", "family": "tools", "values": {"pieces": [cell(5)]}}
    visitor.put("products", line)
    before = visitor.pim.products["a"]
    visitor.put("products", line)
    assert visitor.pim.products["a"] is before


@pytest.mark.parametrize(
    ("property_", "value", "message"),
    [
        ("family", 5, 'Property "family" expects a string as data, "integer" given.'),
        ("family", [], 'Property "family" expects a scalar as data, "array" given.'),
        ("categories", "saws", 'Property "categories" expects an array as data, "string" given.'),
        ("categories", [5], 'Property "categories" expects an array with valid data, one of the'),
        ("categories", [[]], 'Property "categories" expects an array with valid data, one of the'),
        ("categories", ["nope"], "The nope category does not exist in your PIM."),
        ("enabled", "yes", 'Property "enabled" expects a boolean as data, "string" given.'),
        ("groups", ["nope"], 'Property "groups" expects a valid group code.'),
        ("parent", "nope", 'Property "parent" expects a valid parent code.'),
        ("uuid", "x", "This value is not a valid UUID."),
        ("variant_group", "x", 'Property "variant_group" does not exist anymore.'),
        ("foo", 1, 'Property "foo" does not exist.'),
    ],
    ids=ascii,
)
def test_a_property_that_is_wrong_is_refused(
    visitor: Visitor, property_: str, value: Json, message: str
) -> None:
    answer = visitor.batch("products", {"identifier": "a", property_: value})[0]
    assert (answer["status_code"], answer["message"][: len(message)]) == (422, message)


@pytest.mark.parametrize("name", ["created", "updated", "metadata", "quality_scores"])
def test_what_the_api_shows_may_be_sent_back(visitor: Visitor, name: str) -> None:
    visitor.put("products", {"identifier": "a", name: "anything"})


@pytest.mark.parametrize(
    ("identifier", "messages"),
    [
        ("a,b", ["This field should not contain any comma or semicolon or leading/trailing space"]),
        (" a", ["This field should not contain any comma or semicolon or leading/trailing space"]),
        ("a\nb", ["This field should not contain any line break"]),
        ("Å", ["This field should not contain any line break"]),
        ("\u00a0a", []),
        (
            "x" * 256,
            [
                (
                    "The sku attribute must not contain more than 255 characters. "
                    "The submitted value is too long."
                )
            ],
        ),
    ],
    ids=["comma", "space", "line break", "byte of a break", "no ASCII space", "length"],
)
def test_an_identifier_has_rules(visitor: Visitor, identifier: str, messages: list[str]) -> None:
    answer = visitor.batch("products", {"identifier": identifier})[0]
    assert answer["status_code"] == (422 if messages else 201)
    assert (errors(answer) if messages else []) == [("identifier", one) for one in messages]


def test_one_product_is_patched_posted_and_deleted_by_its_address(visitor: Visitor) -> None:
    created = visitor.one("PATCH", "products/a%20b", {"family": "tools"})
    assert (created.status_code, created.text) == (201, "")
    assert created.headers["Location"].endswith("/api/rest/v1/products/a%20b")
    assert visitor.one("PATCH", "products/a%20b", {"enabled": False}).status_code == 204
    assert visitor.one("PATCH", "products/x", {"identifier": "y"}).status_code == 422
    taken = visitor.one("POST", "products", {"identifier": "a b"})
    assert errors(taken.json()) == [
        ("identifier", "The a b identifier is already used for another product.")
    ]
    assert visitor.one("POST", "products", {"identifier": "c"}).status_code == 201
    assert visitor.send("DELETE", "products/a%20b").status_code == 204
    assert visitor.send("DELETE", "products/a%20b").status_code == 404
    assert visitor.codes("products") == ["c"]


def test_the_identifier_can_be_changed_by_the_old_one(visitor: Visitor) -> None:
    visitor.put("products", {"identifier": "a"})
    assert visitor.one("PATCH", "products/a", {"identifier": "b"}).status_code == 204
    assert visitor.codes("products") == ["b"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"identifier": None}, "Validation failed. The identifier field is required for this"),
        ({"parent": "nope"}, 'The given product model "nope" does not exist'),
        ({"values": {"brand": "x"}}, 'Property "brand" expect to be an array'),
        ({"values": {"brand": ["x"]}}, 'Property "brand" expect to be an array of array'),
        ({"values": {"price": [cell([5])]}}, "This value should be of type array"),
        ({"values": {"price": [cell([{}])]}}, 'The data format sent for the "price" attribute'),
    ],
    ids=ascii,
)
def test_a_product_that_is_there_is_not_changed_by_what_is_wrong(
    visitor: Visitor, body: Json, message: str
) -> None:
    visitor.put("products", {"identifier": "a"})
    before = visitor.get("products/a")
    answer = visitor.one("PATCH", "products/a", body)
    assert (answer.status_code, answer.json()["message"][: len(message)]) == (422, message)
    assert visitor.get("products/a") == before


@pytest.mark.parametrize("body", [{}, {"identifier": None}, {"identifier": ""}], ids=ascii)
def test_a_product_without_identifier_is_posted_by_uuid_only(visitor: Visitor, body: Json) -> None:
    answer = visitor.one("POST", "products", body)
    assert answer.status_code == 422
    assert "please use products-uuid endpoints" in answer.json()["message"]
    assert visitor.one("POST", "products-uuid", {}).status_code == 201
    assert len(visitor.codes("products-uuid")) == 1
    assert visitor.codes("products") == []


def test_products_by_uuid_have_their_identifier_among_the_values(visitor: Visitor) -> None:
    visitor.put("products-uuid", {"uuid": UUID.upper(), "values": {"sku": [cell("a")]}})
    product = visitor.get(f"products-uuid/{UUID}")
    assert "identifier" not in product
    assert product["uuid"] == visitor.get("products/a")["uuid"] == UUID
    visitor.put("products-uuid", {"uuid": UUID, "values": {"sku": [cell(None)]}})
    assert visitor.codes("products") == []
    assert visitor.codes("products-uuid") == [UUID]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"uuid": "x"}, "This value is not a valid UUID."),
        ({"uuid": UUID, "identifier": "a"}, 'Property "identifier" does not exist.'),
        ({"uuid": UUID.replace("-4", "-1")}, "Validation failed."),
    ],
    ids=["no uuid", "identifier", "version"],
)
def test_a_line_by_uuid_that_is_wrong_is_refused(
    visitor: Visitor, line: Json, message: str
) -> None:
    answer = visitor.batch("products-uuid", line)[0]
    assert (answer["status_code"], answer["message"][: len(message)]) == (422, message)


def test_the_uuid_in_the_body_must_be_the_one_in_the_address(visitor: Visitor) -> None:
    other = UUID.replace("1", "2")
    assert visitor.one("PATCH", f"products-uuid/{UUID}", {"uuid": other}).status_code == 422
    visitor.put("products-uuid", {"uuid": UUID})
    answer = visitor.one("POST", "products-uuid", {"uuid": UUID})
    assert errors(answer.json()) == [
        ("uuid", f"The {UUID} uuid is already used for another product.")
    ]


def test_associations_replace_list_by_list(visitor: Visitor) -> None:
    visitor.put("products", *({"identifier": one} for one in "abc"))
    first = {"X_SELL": {"products": ["b", "c", "b"]}, "PACK": {"products": ["c"]}}
    visitor.put("products", {"identifier": "a", "associations": first})
    visitor.put("products", {"identifier": "a", "associations": {"X_SELL": {"products": ["b"]}}})
    shown = visitor.get("products/a")["associations"]
    assert (shown["X_SELL"]["products"], shown["PACK"]["products"]) == (["b"], ["c"])
    uuid = visitor.get("products/a")["uuid"]
    by_uuid = visitor.get(f"products-uuid/{uuid}")["associations"]
    assert by_uuid["PACK"]["products"] == [visitor.get("products/c")["uuid"]]
    visitor.put(
        "products-uuid",
        {"uuid": uuid, "associations": {"PACK": {"products": by_uuid["X_SELL"]["products"]}}},
    )
    assert visitor.get("products/a")["associations"]["PACK"]["products"] == ["b"]


@pytest.mark.parametrize(
    ("associations", "message"),
    [
        (5, 'Property "associations" expects an array as data, "integer" given.'),
        ({"X_SELL": 5}, 'Property "associations" expects an array as data, "integer" given.'),
        ({"X_SELL": {"products": 5}}, 'Property "associations" expects an array as data'),
        ({"X_SELL": {}}, 'Property "associations" expects an array with valid data, association'),
        ({"X_SELL": {"products": [5]}}, 'Property "associations" expects an array with valid data'),
        ({"X_SELL": {"product_uuids": ["x"]}}, 'Property "associations" expects an array with val'),
        (
            {"X_SELL": {"product_uuids": [UUID], "products": ["b"]}},
            'Property "associations" expects an array with valid data, association format is not',
        ),
        ({"NOPE": {"products": []}}, 'Property "associations" expects a valid association type'),
        (
            {"SET": {"products": []}},
            'Property "associations" expects a valid association type code',
        ),
        (
            {"X_SELL": {"products": ["nope"]}},
            "The “associations” property expects a valid product identifier. The nope product",
        ),
        (
            {"X_SELL": {"product_models": ["nope"]}},
            'Property "associations" expects a valid product model identifier.',
        ),
        (
            {"X_SELL": {"product_uuids": [UUID]}},
            'Property "associations" expects a valid product uuid.',
        ),
        ({"X_SELL": {"groups": ["x"]}}, 'Property "associations" expects a valid group code.'),
    ],
    ids=ascii,
)
def test_associations_that_are_wrong_are_refused(
    visitor: Visitor, associations: Json, message: str
) -> None:
    answer = visitor.batch("products", {"identifier": "a", "associations": associations})[0]
    assert (answer["status_code"], answer["message"][: len(message)]) == (422, message)


def test_two_way_associations_show_on_both_sides(visitor: Visitor) -> None:
    visitor.put("association-types", {"code": "TWO", "is_two_way": True})
    visitor.put("products", {"identifier": "b"})
    visitor.put("products", {"identifier": "a", "associations": {"TWO": {"products": ["b"]}}})
    assert visitor.get("products/b")["associations"]["TWO"]["products"] == ["a"]
    visitor.put("products", {"identifier": "b", "associations": {"TWO": {"products": []}}})
    assert visitor.get("products/a")["associations"]["TWO"]["products"] == []
    answer = visitor.batch(
        "products", {"identifier": "a", "associations": {"TWO": {"products": ["a"]}}}
    )[0]
    assert "2-way association" in answer["message"]


def test_quantified_associations_keep_their_quantity(visitor: Visitor) -> None:
    visitor.put("products", {"identifier": "b"})
    links = {"SET": {"products": [{"identifier": "b", "quantity": 3}]}}
    visitor.put("products", {"identifier": "a", "quantified_associations": links})
    shown = visitor.get("products/a")
    assert shown["quantified_associations"] == {"SET": {**links["SET"], "product_models": []}}
    by_uuid = visitor.get(f"products-uuid/{shown['uuid']}")["quantified_associations"]
    uuid = visitor.get("products/b")["uuid"]
    assert by_uuid["SET"]["products"] == [{"uuid": uuid, "quantity": 3}]


@pytest.mark.parametrize(
    ("links", "message"),
    [
        (5, 'Property "quantified_associations" expects an array as data, "integer" given.'),
        ({"SET": 5}, '"SET" should contain an array'),
        ({"SET": [1]}, 'entity type in "SET" should be a string'),
        ({"SET": {"products": 5}}, '"SET[products]" should contain an array'),
        ({"SET": {"products": [{}]}}, 'should contain the key "quantity"'),
        ({"SET": {"products": [{"quantity": 1}]}}, 'one of these keys: "identifier" or "uuid"'),
        ({"SET": {"products": [{"quantity": "x", "identifier": "b"}]}}, "a valid quantity"),
        ({"SET": {"products": [{"quantity": 1, "identifier": 5}]}}, "a valid identifier"),
        ({"SET": {"products": [{"quantity": 1, "uuid": "x"}]}}, "a valid uuid"),
    ],
    ids=ascii,
)
def test_quantified_associations_of_the_wrong_shape_are_refused(
    visitor: Visitor, links: Json, message: str
) -> None:
    answer = visitor.batch("products", {"identifier": "a", "quantified_associations": links})[0]
    assert answer["status_code"] == 422
    assert message in answer["message"]


def test_an_empty_object_is_an_empty_list_of_links(visitor: Visitor) -> None:
    visitor.put(
        "products", {"identifier": "a", "quantified_associations": {"SET": {"products": {}}}}
    )


@pytest.mark.parametrize(
    ("code", "links", "message"),
    [
        ("NOPE", [], "This association type doesn't exist."),
        ("X_SELL", [], '"X_SELL" can’t be used for associations with quantities.'),  # noqa: RUF001
        ("SET", [{"identifier": "b", "quantity": 0}], '"0" is an invalid quantity.'),
        ("SET", [{"identifier": "x", "quantity": 1}], "The following products don't exist: x."),
        (
            "SET",
            [{"identifier": "b", "quantity": 1}] * 101,
            "You've reached the limit of 100 associations.",
        ),
    ],
    ids=["unknown", "plain", "quantity", "missing", "too many"],
)
def test_quantified_associations_have_rules(
    visitor: Visitor, code: str, links: list[Json], message: str
) -> None:
    visitor.put("products", {"identifier": "b"})
    line = {"identifier": "a", "quantified_associations": {code: {"products": links}}}
    answer = visitor.batch("products", line)[0]
    assert errors(answer)[0][1].startswith(message)


def test_only_products_and_models_can_be_associated_with_a_quantity(visitor: Visitor) -> None:
    line = {"identifier": "a", "quantified_associations": {"SET": {"x": []}}}
    answer = visitor.batch("products", line)[0]
    assert errors(answer)[0][1].startswith('The link type "x" doesn\'t exist.')


def test_a_second_identifier_belongs_to_one_product_and_has_the_rules_of_the_first(
    visitor: Visitor,
) -> None:
    kind = {"type": "pim_catalog_identifier", "group": "other"}
    visitor.put("attributes", {"code": "mpn", **kind})
    visitor.set("a", mpn="1")
    assert errors(visitor.set("b", mpn="1")) == [
        (
            "identifier",
            "The 1 value is already set on another product for the mpn identifier attribute.",
        )
    ]
    assert errors(visitor.set("b", mpn="1,2"))[0][0] == "identifier"


def test_an_identifier_is_text(visitor: Visitor) -> None:
    line = {"uuid": UUID, "values": {"sku": [cell(5)]}}
    answer = visitor.batch("products-uuid", line)[0]
    assert answer["message"].startswith('Property "sku" expects a string as data, "integer" given.')
