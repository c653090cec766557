"""How complete products are, and searches for that (Akeneo's `CompletenessFilter`)."""

import operator
from collections.abc import Callable, Mapping
from typing import Final

from erp2pim.sandbox.catalog import Catalog
from erp2pim.sandbox.php import Json, Object, is_list, is_numeric, json_order
from erp2pim.sandbox.reading import Projection, own_and_inherited
from erp2pim.sandbox.refusal import Refusal, missing_key, wrong_type
from erp2pim.sandbox.store import Entity, Store, Values

PRICES: Final = "pim_catalog_price_collection"
COMPARISONS: Final[Mapping[str, tuple[str, Callable[[int, float], bool]]]] = {
    "=": ("EQUALS", operator.eq),
    "!=": ("NOT EQUALS", operator.ne),
    "<": ("LOWER THAN", operator.lt),
    "<=": ("LOWER OR EQUALS THAN", operator.le),
    ">": ("GREATER THAN", operator.gt),
    ">=": ("GREATER OR EQUALS THAN", operator.ge),
}
ON_ONE: Final = {
    name: compare
    for sign, (words, compare) in COMPARISONS.items()
    for name in (sign, f"{words} ON AT LEAST ONE LOCALE")
}
ON_ALL: Final = {
    f"{words} ON ALL LOCALES": compare
    for sign, (words, compare) in COMPARISONS.items()
    if sign[0] in "<>"
}


def shown(store: Store, product: Entity, only: Projection) -> list[Object]:
    """Give a product's completenesses as the API returns them, of the channels that are shown."""
    return [
        {"scope": channel, "locale": locale, "data": ratio}
        for channel, ratios in _ratios(store, product).items()
        for locale, ratio in ratios.items()
        if only.has("", (locale, channel))
    ]


def test(store: Store, one: Object) -> Callable[[Entity], bool]:
    """Give the test of one filter on completeness."""
    sign, scope = one["operator"], one.get("scope")
    value: Json = one.get("value")
    channel = store.catalog.channels.get(scope)
    if not is_numeric(value):
        raise Refusal(422, str(wrong_type("completeness", "a numeric", value)))
    if scope is None:
        raise Refusal(422, 'Property "completeness" expects a valid scope.')
    if sign in ON_ALL and not is_list(one.get("locales")):
        raise Refusal(422, str(missing_key("completeness", "locales")))
    if channel is None:
        raise Refusal(422, f'Channel with "{scope}" code does not exist')
    chosen = [one["locale"]] if one.get("locale") else one.get("locales") or channel["locales"]
    which, compare = (all, ON_ALL[sign]) if sign in ON_ALL else (any, ON_ONE[sign])

    def matches(product: Entity) -> bool:
        ratios = _ratios(store, product).get(channel["code"])
        return ratios is not None and which(
            locale in ratios and compare(ratios[locale], float(value)) for locale in chosen
        )

    return matches


def _ratios(store: Store, product: Entity) -> Mapping[str, Mapping[str, int]]:
    """Give the percentages by channel and locale; a product without a family has none."""
    catalog = store.catalog
    family, values = catalog.families.get(product.family), own_and_inherited(store, product)
    return {} if family is None else {
        channel["code"]: {
            locale: _ratio(catalog, family, channel, locale, values)
            for locale in sorted(channel["locales"])
        }
        for channel in sorted(catalog.channels, key=lambda one: json_order(one["code"]))
    }  # fmt: skip


def _ratio(catalog: Catalog, family: Object, channel: Object, locale: str, values: Values) -> int:
    codes = family["attribute_requirements"].get(channel["code"], ())
    required = [
        attribute
        for attribute in map(catalog.attribute, codes)
        if attribute is not None
        and (not attribute["available_locales"] or locale in attribute["available_locales"])
    ]
    filled = sum(_is_filled(attribute, channel, locale, values) for attribute in required)
    return 100 * filled // len(required) if required else 100


def _is_filled(attribute: Object, channel: Object, locale: str, values: Values) -> bool:
    """Say whether there is a value; prices must be there in all of the channel's currencies."""
    cell = (
        locale if attribute["localizable"] else None,
        (channel["code"] if attribute["scopable"] else None),
    )
    data: Json = values.get(attribute["code"], {}).get(cell)
    if data is None or attribute["type"] != PRICES:
        return data is not None
    return {*channel["currencies"]} <= {price["currency"] for price in data}
