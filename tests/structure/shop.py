"""A small structure to hold items against."""

from typing import Any

from erp2pim.model import Json, Kind
from erp2pim.structure import Finding, Structure, findings, from_json

Given = dict[str, Any]


def attributes() -> list[Given]:
    """Give one attribute of each type and flag."""
    return [
        {"code": "sku", "type": "pim_catalog_identifier", "unique": True},
        {"code": "name", "type": "pim_catalog_text"},
        {"code": "short", "type": "pim_catalog_text", "max_characters": 5},
        {"code": "mail", "type": "pim_catalog_text", "validation_rule": "email"},
        {"code": "site", "type": "pim_catalog_text", "validation_rule": "url"},
        _ruled("serial", "/^[A-Z]{3}$/"),
        _ruled("posix", "/^[[:alpha:]]+$/"),
        {"code": "text", "type": "pim_catalog_textarea"},
        {"code": "title", "type": "pim_catalog_text", "localizable": True},
        {"code": "slogan", "type": "pim_catalog_text", "scopable": True},
        {"code": "claim", "type": "pim_catalog_text", "localizable": True, "scopable": True},
        _number("pieces", number_min="1.0000", number_max="100.0000"),
        _number("rating", decimals_allowed=True, negative_allowed=True),
        _number("ratio", decimals_allowed=True, decimal_places=2, decimal_places_strategy="forbid"),
        _number("share", decimals_allowed=True, decimal_places=2, decimal_places_strategy="round"),
        {"code": "active", "type": "pim_catalog_boolean"},
        {
            "code": "released",
            "type": "pim_catalog_date",
            "date_min": "2000-01-01T00:00:00+00:00",
            "date_max": "2030-12-31T00:00:00+00:00",
        },
        {
            "code": "weight",
            "type": "pim_catalog_metric",
            "metric_family": "Weight",
            "decimals_allowed": True,
        },
        {"code": "price", "type": "pim_catalog_price_collection", "decimals_allowed": True},
        {"code": "fee", "type": "pim_catalog_price_collection", "scopable": True},
        {"code": "color", "type": "pim_catalog_simpleselect"},
        {"code": "colors", "type": "pim_catalog_multiselect"},
        {"code": "unread", "type": "pim_catalog_simpleselect"},
        {"code": "picture", "type": "pim_catalog_image", "allowed_extensions": ["png", "jpg"]},
        {"code": "sheet", "type": "pim_catalog_file"},
        {"code": "brand", "type": "akeneo_reference_entity", "reference_data_name": "brands"},
        {"code": "makers", "type": "akeneo_reference_entity_collection"},
        {"code": "photos", "type": "pim_catalog_asset_collection"},
        {"code": "fabric", "type": "pim_reference_data_simpleselect"},
        {"code": "fabrics", "type": "pim_reference_data_multiselect"},
        {"code": "twin", "type": "pim_catalog_product_link"},
        {"code": "odd", "type": "pim_catalog_hologram"},
        {"code": "parts", "type": "pim_catalog_table", "table_configuration": _COLUMNS},
        {
            "code": "french",
            "type": "pim_catalog_text",
            "localizable": True,
            "available_locales": ["fr_FR"],
        },
    ]


_COLUMNS = [
    {"code": "part", "data_type": "select"},
    {"code": "share", "data_type": "number", "validations": {"min": "0", "max": "100"}},
    {"code": "note", "data_type": "text", "validations": {"max_length": 5}},
    {"code": "size", "data_type": "measurement"},
]


def _ruled(code: str, pattern: str) -> Given:
    rule = {"validation_rule": "regexp", "validation_regexp": pattern}
    return {"code": code, "type": "pim_catalog_text", **rule}


def _number(code: str, **more: Any) -> Given:  # noqa: ANN401  # fields of an attribute
    return {"code": code, "type": "pim_catalog_number", **more}


def given() -> dict[str, Any]:
    """Give the structure in the form of the API's lists."""
    return {
        "version": "CE 7.0.43",
        "pulled": "2026-11-24",
        "channels": [
            {"code": "web", "locales": ["en_US", "fr_FR"], "currencies": ["EUR", "USD"]},
            {"code": "print", "locales": ["en_US"], "currencies": ["USD"]},
        ],
        "locales": [
            {"code": "en_US", "enabled": True},
            {"code": "fr_FR", "enabled": True},
            {"code": "it_IT", "enabled": False},
        ],
        "currencies": [{"code": "EUR", "enabled": True}, {"code": "GBP", "enabled": False}],
        "attributes": attributes(),
        "families": [
            {"code": "shoes", "attributes": ["sku", "name", "color", "pieces", "price", "title"]},
            {"code": "hats", "attributes": ["sku", "name"]},
        ],
        "family_variants": {"shoes": [_BY_COLOR, _BY_BOTH]},
        "association_types": [
            {"code": "X_SELL"},
            {"code": "PAIR", "is_two_way": True},
            {"code": "SET", "is_quantified": True},
        ],
        "categories": [{"code": "master", "parent": None}, {"code": "sale", "parent": "master"}],
        "measurement_families": [
            {
                "code": "Weight",
                "standard_unit_code": "KILOGRAM",
                "units": {
                    "KILOGRAM": {"code": "KILOGRAM", "symbol": "kg"},
                    "GRAM": {"code": "GRAM", "symbol": "g"},
                },
            }
        ],
        "attribute_options": {
            "color": [{"code": "red", "labels": {"en_US": "Red"}}, {"code": "Blue"}],
            "colors": [{"code": "red"}, {"code": "Blue"}],
        },
    }


_BY_COLOR: Given = {
    "code": "shoes_color",
    "variant_attribute_sets": [{"level": 1, "axes": ["color"], "attributes": ["color", "sku"]}],
}
_BY_BOTH: Given = {
    "code": "shoes_both",
    "variant_attribute_sets": [
        {"level": 1, "axes": ["color"], "attributes": ["color", "price"]},
        {"level": 2, "axes": ["pieces"], "attributes": ["pieces", "sku"]},
    ],
}

SHOP: Structure = from_json(given())


def cell(data: Json, locale: str | None = None, scope: str | None = None) -> Json:
    return {"locale": locale, "scope": scope, "data": data}


def of_body(
    body: dict[str, Json],
    kind: Kind = "product",
    identifier: str = "A-1",
    variant: str | None = None,
) -> list[Finding]:
    """Give what is said of an item."""
    return findings(SHOP, kind, identifier, body, variant=variant)


def of_cell(
    attribute: str, data: Json, locale: str | None = None, scope: str | None = None
) -> list[Finding]:
    """Give what is said of a product with one cell."""
    return of_body({"values": {attribute: [cell(data, locale, scope)]}})


def told(found: list[Finding]) -> list[tuple[str, str]]:
    """Give severity and check of each finding."""
    return [(each.severity, each.check) for each in found]
