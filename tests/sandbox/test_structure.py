import pytest

from tests.sandbox.visitor import Json, Visitor, cell, errors

TEXT = {"code": "x", "type": "pim_catalog_text", "group": "other"}
VARIANT = {"code": "x", "variant_attribute_sets": [{"level": 1, "axes": ["color"]}]}


def test_an_attribute_has_defaults_and_keeps_its_type(visitor: Visitor) -> None:
    visitor.put("attributes", {**TEXT, "labels": {"en_US": "X", "de_DE": None}})
    attribute = visitor.get("attributes/x")
    assert (attribute["unique"], attribute["localizable"], attribute["sort_order"]) == (
        False,
        False,
        0,
    )
    assert attribute["labels"] == {"en_US": "X"}
    assert attribute["group_labels"]["en_US"] == "Other"
    answer = visitor.one("PATCH", "attributes/x", {"type": "pim_catalog_date"})
    assert errors(answer.json()) == [("type", "This property cannot be changed.")]


def test_an_attribute_keeps_amounts_and_dates_in_the_pims_form(visitor: Visitor) -> None:
    rules = {"decimals_allowed": False, "negative_allowed": False, "number_min": "1"}
    visitor.put("attributes", {**TEXT, "type": "pim_catalog_number", **rules})
    assert visitor.get("attributes/x")["number_min"] == "1.0000"
    visitor.put(
        "attributes",
        {**TEXT, "code": "y", "type": "pim_catalog_date", "date_min": "2020-01-01"},
    )
    assert visitor.get("attributes/y")["date_min"] == "2020-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"type": "nope"}, 'Property "type" expects a valid attribute type.'),
        ({"group": "nope"}, 'Property "group" expects a valid code.'),
        ({"available_locales": ["xx"]}, 'Property "available_locales" expects a valid locale'),
        ({"labels": "x"}, 'Property "labels" expects an array as data, "string" given.'),
        ({"labels": {"en_US": []}}, 'Property "labels" expects an array with valid data, one of'),
        ({"group": []}, 'Property "group" expects a scalar as data, "array" given.'),
        ({"date_min": "soon"}, 'Property "date_min" expects a string with the format'),
        ({"nope": 1}, 'Property "nope" does not exist.'),
    ],
    ids=ascii,
)
def test_an_attribute_of_the_wrong_shape_is_refused(
    visitor: Visitor, change: Json, message: str
) -> None:
    answer = visitor.one("PATCH", "attributes/x", {**TEXT, **change}).json()
    assert (answer["code"], answer["message"][: len(message)]) == (422, message)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"code": "a b"}, ("code", "Attribute code may contain only letters, numbers and under")),
        ({"code": "x" * 256}, ("code", "This value is too long.")),
        ({"unique": None}, ("unique", "This value should not be null.")),
        ({"localizable": "x"}, ("localizable", "This value should be of type bool.")),
        ({"max_characters": "x"}, ("max_characters", "This value should be of type numeric.")),
        ({"decimals_allowed": True}, ("decimals_allowed", "This value should be null.")),
        (
            {"type": "pim_catalog_number"},
            ("decimals_allowed", "This value should not be null."),
        ),
        ({"labels": {"xx_XX": "x"}}, ("labels", 'The locale "xx_XX" does not exist.')),
        ({"labels": {"en_US": "x" * 101}}, ("labels", "This value is too long.")),
    ],
    ids=ascii,
)
def test_an_attribute_has_rules(visitor: Visitor, change: Json, error: tuple[str, str]) -> None:
    answer = visitor.one("POST", "attributes", {**TEXT, **change}).json()
    name, message = errors(answer)[0]
    assert (name, message[: len(error[1])]) == error


def test_an_attribute_needs_a_type_and_a_group(visitor: Visitor) -> None:
    answer = visitor.one("POST", "attributes", {"code": "x"}).json()
    blank = "This value should not be blank."
    assert errors(answer) == [("type", blank), ("group", blank)]


def test_an_option_is_found_in_any_case_and_keeps_its_own(visitor: Visitor) -> None:
    path = "attributes/color/options"
    labels = {"en_US": "Red!", "de_DE": ""}
    answer = visitor.batch(path, {"code": "RED", "labels": labels})[0]
    assert answer == {"line": 1, "code": "RED", "status_code": 204}
    option = visitor.get(f"{path}/red")
    assert (option["code"], option["labels"]) == ("red", {"en_US": "Red!"})


def test_new_options_come_last(visitor: Visitor) -> None:
    path = "attributes/color/options"
    before = max(visitor.get(f"{path}/{code}")["sort_order"] for code in visitor.codes(path))
    visitor.put(path, {"code": "pink"}, {"code": "grey"})
    assert visitor.get(f"{path}/pink")["sort_order"] == before + 1
    assert visitor.get(f"{path}/grey")["sort_order"] == before + 2
    visitor.set("a", color="pink")
    assert visitor.value("a", "color") == "pink"


@pytest.mark.parametrize(
    ("attribute", "line", "message"),
    [
        ("nope", {}, 'Attribute "nope" does not exist.'),
        ("brand", {}, 'Attribute "brand" does not support options.'),
        ("color", {"code": "a b"}, "Option code may contain only letters, numbers and underscores"),
        ("color", {"code": "x" * 101}, "This value is too long."),
        ("color", {"sort_order": "x"}, 'Property "sort_order" expects an integer as data, "str'),
        ("color", {"attribute": "size"}, 'The attribute code "size" provided in the request body'),
        ("color", {"nope": 1}, 'Property "nope" does not exist.'),
    ],
    ids=ascii,
)
def test_an_option_that_is_wrong_is_refused(
    visitor: Visitor, attribute: str, line: Json, message: str
) -> None:
    path = f"attributes/{attribute}/options"
    answer = visitor.batch(path, {"code": "x", **line})[0]
    said = [answer["message"], *(text for _, text in errors({"errors": [], **answer}))]
    assert any(text.startswith(message) for text in said), said


def test_an_option_does_not_change_its_code_or_attribute(visitor: Visitor) -> None:
    answer = visitor.one("PATCH", "attributes/color/options/red", {"code": "pink"})
    assert errors(answer.json()) == [("code", "This property cannot be changed.")]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("attributes/nope/options", 'Attribute "nope" does not exist.'),
        ("attributes/brand/options", 'Attribute "brand" does not support options. Only'),
        ("attributes/nope/options/x", 'Attribute "nope" does not exist.'),
        ("attributes/color/options/x", 'Attribute option "x" does not exist or is not an option'),
        ("attributes/nope", 'Attribute "nope" does not exist.'),
        ("families/nope", 'Family "nope" does not exist.'),
        ("families/nope/variants", 'Family "nope" does not exist.'),
        (
            "families/clothing/variants/nope",
            'Family variant "nope" does not exist or is not a variant of the family "clothing".',
        ),
        ("products/nope", 'Product "nope" does not exist or you do not have permission'),
        (
            "product-models/nope",
            'Product model "nope" does not exist or you do not have permission',
        ),
        ("media-files/nope", 'Media file "nope" does not exist.'),
        ("categories/nope", 'Category "nope" does not exist.'),
        ("nope", "No route found"),
    ],
)
def test_what_is_not_there_is_answered_404(visitor: Visitor, path: str, message: str) -> None:
    answer = visitor.send("GET", path)
    assert answer.status_code == 404
    assert answer.json()["message"].startswith(message)


def test_a_family_has_the_identifier_and_requires_it(visitor: Visitor) -> None:
    visitor.put("families", {"code": "x", "attributes": ["brand"]})
    family = visitor.get("families/x")
    assert family["attributes"] == ["brand", "sku"]
    assert family["attribute_as_label"] == "sku"
    assert family["attribute_requirements"] == {"ecommerce": ["sku"], "print": ["sku"]}
    visitor.put("families", {"code": "x", "attribute_requirements": {"print": ["brand"]}})
    assert visitor.get("families/x")["attribute_requirements"] == {
        "ecommerce": ["sku"],
        "print": ["brand", "sku"],
    }


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"attributes": ["nope"]}, 'Property "attributes" expects a valid code. The attribute'),
        ({"attribute_requirements": {"nope": []}}, 'Property "attribute_requirements" expects a'),
        ({"attribute_requirements": {"print": 5}}, 'Property "attribute_requirements" expects an'),
        (
            {"attribute_requirements": {"print": [[]]}},
            'Property "attribute_requirements" expects an array with valid data, one of the attri',
        ),
        ({"attribute_as_label": "brand"}, 'Property "attribute_as_label" must belong to the fami'),
        (
            {"attributes": ["pieces"], "attribute_as_label": "pieces"},
            'Property "attribute_as_label" only supports "pim_catalog_text" and',
        ),
        (
            {"attributes": ["brand"], "attribute_as_image": "brand"},
            'Property "attribute_as_image" only supports "pim_catalog_image" attribute type',
        ),
    ],
    ids=ascii,
)
def test_a_family_that_is_wrong_is_refused(visitor: Visitor, line: Json, message: str) -> None:
    answer = visitor.batch("families", {"code": "x", **line})[0]
    said = [answer["message"], *(text for _, text in errors({"errors": [], **answer}))]
    assert any(text.startswith(message) for text in said), said


def test_a_family_variant_has_its_axes_among_its_attributes(visitor: Visitor) -> None:
    path = "families/clothing/variants"
    visitor.put(path, VARIANT)
    attribute_sets = visitor.get(f"{path}/x")["variant_attribute_sets"]
    assert attribute_sets == [
        {"level": 1, "axes": ["color"], "attributes": ["color", "ean", "sku"]}
    ]
    more = {"level": 1, "attributes": ["color", "picture"]}
    visitor.put(path, {"code": "x", "variant_attribute_sets": [more]})
    changed = visitor.get(f"{path}/x")["variant_attribute_sets"][0]
    assert changed["axes"] == ["color"]
    assert set(changed["attributes"]) == {"color", "picture", "ean", "sku"}


@pytest.mark.parametrize(
    ("sets", "message"),
    [
        ([], "There should be at least one level defined in the family variant"),
        ([5], 'Property "variant_attribute_sets" expects an array of objects as data'),
        ([{"level": "x"}], 'Property "level" in the property "variant_attribute_sets" expects an'),
        ([{"level": 1, "axes": 5}], 'Property "axes" in the property "variant_attribute_sets" exp'),
        ([{"level": 1, "axes": ["nope"]}], 'Property "attribute_set_1" expects a valid attribute'),
        ([{"level": 1}], "There should be at least one attribute defined as axis"),
        ([{"level": 1, "axes": ["brand"]}], 'Variant axes "brand" must be a boolean'),
        (
            [{"level": 1, "axes": ["size"], "attributes": ["power"]}],
            '"power" attribute cannot be added to "x" family variant, as it is not an attribute',
        ),
        (
            [{"level": n, "axes": ["size"]} for n in (1, 2, 3)],
            'Family variant cannot have more than "2" level',
        ),
    ],
    ids=ascii,
)
def test_a_family_variant_that_is_wrong_is_refused(
    visitor: Visitor, sets: Json, message: str
) -> None:
    line = {"code": "x", "variant_attribute_sets": sets}
    answer = visitor.batch("families/clothing/variants", line)[0]
    said = [answer["message"], *(text for _, text in errors({"errors": [], **answer}))]
    assert any(text.startswith(message) for text in said), said


def test_a_family_variant_gets_no_further_level(visitor: Visitor) -> None:
    visitor.put("families/clothing/variants", VARIANT)
    levels = [{"level": 1, "axes": ["color"]}, {"level": 2, "axes": ["size"]}]
    line = {"code": "x", "variant_attribute_sets": levels}
    answer = visitor.batch("families/clothing/variants", line)[0]
    assert answer["message"].startswith("The number of variant attribute sets cannot be changed.")


def test_a_category_moved_below_itself_dooms_the_rest_of_its_batch(visitor: Visitor) -> None:
    lines = ({"code": "tools", "parent": "drills"}, {"code": "x", "parent": "tools"})
    answers = visitor.batch("categories", {"code": "y"}, *lines)
    assert [answer["status_code"] for answer in answers] == [201, 422, 422]
    assert answers[1]["message"] == answers[2]["message"]
    assert answers[1]["message"].startswith("Cannot set child as parent to node: ")
    assert visitor.batch("categories", lines[1])[0]["status_code"] == 201


def test_a_tree_in_use_stays_a_tree(visitor: Visitor) -> None:
    visitor.put("categories", {"code": "other"}, {"code": "free"})
    visitor.put("channels", {"code": "shop", "category_tree": "other"})
    answers = visitor.batch(
        "categories", *({"code": code, "parent": "tools"} for code in ("master", "other", "free"))
    )
    assert [answer["status_code"] for answer in answers] == [422, 422, 204]
    assert answers[0]["message"].startswith("You can't move a category tree linked to a user.")
    assert answers[1]["message"].startswith("You can't move a category tree linked to a channel.")


@pytest.mark.parametrize("code", ["id", "Enabled", "my_products"])
def test_an_attribute_cannot_have_a_name_of_the_pims(visitor: Visitor, code: str) -> None:
    attribute = {"code": code, "type": "pim_catalog_text", "group": "other"}
    assert errors(visitor.batch("attributes", attribute)[0]) == [
        ("code", "This code is not available")
    ]


def test_categories_are_listed_in_their_own_order_with_their_position(visitor: Visitor) -> None:
    visitor.put("categories", {"code": "aa", "parent": "TOOLS"})
    listed = visitor.codes("categories", limit="100")
    assert listed.index("aa") > listed.index("saws") > listed.index("drills")
    page = visitor.get("categories", limit="100", with_position="true")["_embedded"]["items"]
    positions = {one["code"]: (one["parent"], one["position"]) for one in page}
    assert positions["aa"] == ("tools", 3)
    assert positions["master"] == (None, 1)


def test_channels_bring_locales_and_currencies_into_use(visitor: Visitor) -> None:
    channel = {
        "code": "shop",
        "locales": ["fr_FR"],
        "currencies": ["CHF"],
        "category_tree": "master",
    }
    assert visitor.one("POST", "channels", channel).status_code == 201
    assert errors(visitor.one("POST", "channels", channel).json()) == [
        ("code", "This value is already used.")
    ]
    visitor.set("a", price=[{"amount": 1, "currency": "CHF"}])
    visitor.put("products", {"identifier": "a", "values": {"name": [cell("x", "fr_FR")]}})
    assert "fr_FR" in visitor.find("locales", "enabled", "=", value=True)
    assert "shop" in visitor.get("families/tools")["attribute_requirements"]


def test_a_channel_that_names_what_is_not_there_is_refused(visitor: Visitor) -> None:
    for change, message in (
        ({"locales": ["xx"]}, 'Property "locales" expects a valid locale code.'),
        ({"currencies": ["XXX"]}, 'Property "currencies" expects a valid currency code.'),
        ({"category_tree": "x"}, 'Property "category_tree" expects a valid category code.'),
    ):
        answer = visitor.batch("channels", {"code": "print", **change})[0]
        assert answer["message"].startswith(message)


def test_an_association_type_is_not_both_two_way_and_quantified(visitor: Visitor) -> None:
    line = {"code": "X", "is_two_way": True, "is_quantified": True}
    answer = visitor.batch("association-types", line)[0]
    assert errors(answer) == [("", "Association type can be either quantified or two-way")]


@pytest.mark.parametrize("path", ["locales", "currencies", "attribute-groups"])
def test_what_only_a_catalogue_file_fills_cannot_be_changed(visitor: Visitor, path: str) -> None:
    answer = visitor.one("POST", path, {"code": "x"})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")
    assert "Method Not Allowed (Allow: GET)" in answer.json()["message"]


def test_measurement_families_are_one_list_without_pages(visitor: Visitor) -> None:
    families = visitor.get("measurement-families")
    weight = next(one for one in families if one["code"] == "Weight")
    assert "KILOGRAM" in weight["units"]
