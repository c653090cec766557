from collections.abc import Callable
from typing import Any, Literal

import pytest

from erp2pim.structure import Difference, differences, from_json, touches
from tests.structure.shop import SHOP, given

How = Literal["added", "removed", "changed"]
Edit = Callable[[dict[str, Any]], object]


def added(pim: dict[str, Any]) -> None:
    pim["attributes"].append({"code": "new", "type": "pim_catalog_text"})


def removed(pim: dict[str, Any]) -> None:
    pim["categories"] = [one for one in pim["categories"] if one["code"] != "sale"]


def longer(pim: dict[str, Any]) -> None:
    short = next(one for one in pim["attributes"] if one["code"] == "short")
    short.update(max_characters=9, scopable=True)


def required(pim: dict[str, Any]) -> None:
    pim["families"][1]["attribute_requirements"] = {"web": ["name"]}


def switched(pim: dict[str, Any]) -> None:
    pim["channels"][0]["locales"] = ["en_US", "it_IT"]
    pim["locales"][2]["enabled"] = True


def options(pim: dict[str, Any]) -> None:
    pim["attribute_options"]["color"] = [{"code": "red", "labels": {"en_US": "Crimson"}}]


def levels(pim: dict[str, Any]) -> None:
    pim["family_variants"]["shoes"][0]["variant_attribute_sets"][0]["attributes"].append("name")


def units(pim: dict[str, Any]) -> None:
    pim["measurement_families"][0]["units"]["TON"] = {"code": "TON", "symbol": "t"}


def later(pim: dict[str, Any]) -> None:
    pim.update(version="CE 7.0.44", pulled="2026-12-24")


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (added, [Difference("attribute", "new", "added", "", old=None, new=None)]),
        (removed, [Difference("category", "sale", "removed", "", old=None, new=None)]),
        (
            longer,
            [
                Difference("attribute", "short", "changed", "max_characters", old=5, new=9),
                Difference("attribute", "short", "changed", "scopable", old=None, new=True),
            ],
        ),
        (
            required,
            [Difference("family", "hats", "changed", "attribute_requirements.web", None, ["name"])],
        ),
        (
            switched,
            [
                Difference("channel", "web", "changed", "locales.fr_FR", old=True, new=None),
                Difference("channel", "web", "changed", "locales.it_IT", old=None, new=True),
                Difference("locale", "it_IT", "added", "", old=None, new=None),
            ],
        ),
        (
            options,
            [
                Difference("option", "color.Blue", "removed", "", old=None, new=None),
                Difference(
                    *("option", "color.red", "changed", "labels.en_US"), old="Red", new="Crimson"
                ),
            ],
        ),
        (
            levels,
            [
                Difference(
                    *("family variant", "shoes.shoes_color", "changed", "variant_attribute_sets.1"),
                    old={"level": 1, "axes": ["color"], "attributes": ["color", "sku"]},
                    new={"level": 1, "axes": ["color"], "attributes": ["color", "name", "sku"]},
                )
            ],
        ),
        (
            units,
            [
                Difference(
                    *("measurement family", "Weight", "changed", "units.TON"),
                    old=None,
                    new={"code": "TON", "symbol": "t"},
                )
            ],
        ),
        (later, [Difference("PIM", "version", "changed", "", old="CE 7.0.43", new="CE 7.0.44")]),
    ],
)
def test_what_the_pim_has_changed_is_told(edit: Edit, expected: list[Difference]) -> None:
    changed: dict[str, Any] = _copy(given())
    edit(changed)

    assert list(differences(SHOP, from_json(changed))) == expected


def test_nothing_is_told_of_what_is_the_same() -> None:
    assert list(differences(SHOP, from_json(_copy(given())))) == []


def test_options_are_compared_where_both_have_read_them() -> None:
    changed: dict[str, Any] = _copy(given())
    del changed["attribute_options"]["color"]
    changed["attribute_options"]["unread"] = [{"code": "x"}]

    assert list(differences(SHOP, from_json(changed))) == []


def _copy(value: Any) -> Any:  # noqa: ANN401  # any JSON
    if isinstance(value, dict):
        return {name: _copy(one) for name, one in value.items()}
    return [_copy(one) for one in value] if isinstance(value, list) else value


RULES = {
    *("name", "categories", "associations.X_SELL", "quantified_associations.SET"),
    *("color", "brand", "options.brand", "labels.shade"),
}


@pytest.mark.parametrize(
    ("kind", "code", "how", "field", "expected"),
    [
        ("attribute", "name", "changed", "max_characters", True),
        ("attribute", "name", "removed", "", True),
        ("attribute", "name", "changed", "labels.en_US", False),
        ("attribute", "name", "changed", "group", False),
        ("attribute", "other", "changed", "max_characters", False),
        ("family", "shoes", "removed", "", True),
        ("family", "shoes", "added", "", False),
        ("family", "shoes", "changed", "attributes.name", True),
        ("family", "shoes", "changed", "attributes.other", False),
        ("family", "shoes", "changed", "attribute_requirements.web", False),
        ("family variant", "shoes.by_size", "changed", "variant_attribute_sets.1", True),
        ("family variant", "shoes.by_size", "added", "", False),
        ("channel", "web", "changed", "locales.de_DE", True),
        ("channel", "web", "changed", "category_tree", False),
        ("channel", "web", "added", "", False),
        ("locale", "de_DE", "removed", "", True),
        ("option", "color.red", "removed", "", True),
        ("option", "color.red", "added", "", True),
        ("option", "color.red", "changed", "labels.de_DE", False),
        ("option", "brand.acme", "removed", "", True),
        ("option", "brand.acme", "added", "", False),
        ("option", "shade.red", "added", "", True),
        ("option", "shade.red", "changed", "labels.de_DE", True),
        ("option", "size.s", "removed", "", False),
        ("measurement family", "Weight", "removed", "", True),
        ("measurement family", "Weight", "changed", "units.GRAM", True),
        ("measurement family", "Weight", "changed", "standard_unit_code", False),
        ("category", "sale", "added", "", True),
        ("category", "sale", "changed", "parent", False),
        ("association type", "X_SELL", "removed", "", True),
        ("association type", "SET", "removed", "", True),
        ("association type", "PACK", "removed", "", False),
        ("PIM", "version", "changed", "", False),
    ],
)
def test_a_change_touches_a_mapping_where_it_may_bear_on_what_that_gives(
    kind: str, code: str, how: How, field: str, expected: object
) -> None:
    change = Difference(kind, code, how, field, "old", None)

    assert touches(change, RULES) is expected


def test_a_unit_that_came_touches_no_mapping() -> None:
    change = Difference("measurement family", "Weight", "changed", "units.STONE", None, "STONE")

    assert not touches(change, RULES)


def test_categories_touch_no_mapping_that_has_no_rule_for_them() -> None:
    assert not touches(Difference("category", "sale", "removed", "", None, None), {"name"})
