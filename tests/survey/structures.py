"""A PIM whose attributes are named otherwise than usual."""

from erp2pim.model import Json
from erp2pim.structure import from_json

_PIM: Json = {
    "channels": [
        {"code": "shop", "locales": ["de_DE", "en_US"], "currencies": ["EUR"]},
        {"code": "print", "locales": ["de_DE"], "currencies": ["EUR"]},
    ],
    "locales": [{"code": "de_DE", "enabled": True}, {"code": "en_US", "enabled": True}],
    "families": [{"code": "tools"}],
    "categories": [{"code": "saws"}, {"code": "drills"}],
    "attributes": [
        {"code": "sku", "type": "pim_catalog_identifier"},
        {"code": "title", "type": "pim_catalog_text", "localizable": True},
        {
            "code": "long_text",
            "type": "pim_catalog_textarea",
            "labels": {"de_DE": "Beschreibung"},
            "localizable": True,
            "scopable": True,
        },
        {"code": "list_price", "type": "pim_catalog_price_collection"},
        {
            "code": "gewicht",
            "type": "pim_catalog_metric",
            "metric_family": "Weight",
            "default_metric_unit": "GRAM",
        },
        {"code": "shade", "type": "pim_catalog_simpleselect", "labels": {"en_US": "Colour"}},
        {"code": "materials", "type": "pim_catalog_multiselect"},
        {"code": "voltage", "type": "pim_catalog_number", "labels": {"de_DE": "Netzspannung"}},
        {"code": "since", "type": "pim_catalog_date", "labels": {"en_US": "Listed on"}},
    ],
    "attribute_options": {
        "shade": [{"code": "blu", "labels": {"de_DE": "Blau"}}, {"code": "red", "labels": {}}],
        "materials": [{"code": "st"}, {"code": "ku"}],
    },
    "measurement_families": [
        {
            "code": "Weight",
            "standard_unit_code": "KILOGRAM",
            "units": {"KILOGRAM": {"code": "KILOGRAM", "symbol": "kg"}, "GRAM": {"code": "GRAM"}},
        }
    ],
}
PIM = from_json(_PIM)
