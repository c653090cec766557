"""How requests change the structure: attributes, options, families, categories, channels."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from erp2pim.sandbox.catalog import Catalog, Collection, same
from erp2pim.sandbox.checks import Errors, finish_family, line
from erp2pim.sandbox.kinds import KINDS, Kind
from erp2pim.sandbox.php import Json, Object, entries, is_array, is_object, members, text
from erp2pim.sandbox.refusal import (
    Malformed,
    Refusal,
    field_error,
    invalid,
    unknown_code,
    unknown_property,
    wrong_shape,
    wrong_type,
)
from erp2pim.sandbox.store import Store, now
from erp2pim.sandbox.values import TYPES

DATED: Final = frozenset({"attributes", "families", "categories"})
"""The kinds whose lists are searched by the time of the last change."""


LISTS: Final = frozenset({"attributes", "families", "channels", "categories", "association_types"})
"""What a catalogue may have; one that has none of them is none."""


class NotACatalogError(ValueError):
    """A file holds no catalogue; the text says what is wrong with it."""


def load(source: Mapping[str, Json]) -> Catalog:
    """Read a catalogue: the API's lists, or what `erp2pim structure pull` keeps of them.

    What its items don't say is as in new ones; those that don't say when they were changed count
    as changed a day ago, and units that don't say what they are worth are all worth the same.

    Raises:
        NotACatalogError: It is no catalogue, or an item has no code.
    """
    if not is_object(source) or LISTS.isdisjoint(source):
        raise NotACatalogError(f"one of the lists {', '.join(sorted(LISTS))} is expected")
    try:
        return _load(source)
    except (AttributeError, KeyError, TypeError) as error:
        raise NotACatalogError(f"the catalogue is not in its form: {error!r}") from error


def _load(source: Mapping[str, Json]) -> Catalog:
    filled: dict[str, Json] = {**source, "attribute_types": [{"code": code} for code in TYPES]}
    before = (datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="seconds")
    for name, kind in KINDS.items():
        listed = name.replace("-", "_")
        dated = {"updated": before} if name in DATED else {}
        filled[listed] = [{**kind.properties, **dated, **item} for item in source.get(listed, ())]
        if any(item["code"] is None for item in filled[listed]):
            raise NotACatalogError(f"{listed}: an item of the catalogue has no code")
    filled["family_variants"] = {
        family: [{**KINDS["variants"].properties, **variant} for variant in variants]
        for family, variants in source.get("family_variants", {}).items()
    }
    filled["attribute_options"] = {
        attribute: [
            {**KINDS["options"].properties, "attribute": attribute, "sort_order": place, **option}
            for place, option in enumerate(options)
        ]
        for attribute, options in source.get("attribute_options", {}).items()
    }
    filled["measurement_families"] = [
        {"labels": {}, **family, "units": _units(family["units"])}
        for family in source.get("measurement_families", ())
    ]
    filled.setdefault("attribute_groups", _groups(filled["attributes"]))
    return Catalog(filled)


def _units(units: Json) -> Object:
    """Give units by their code, as the API does, also where they are a list."""
    named = {unit["code"]: unit for unit in members(units)}
    return {
        code: {"labels": {}, "convert_from_standard": [], **unit} for code, unit in named.items()
    }


def _groups(attributes: Sequence[Object]) -> list[Object]:
    """Give the groups that attributes name."""
    groups: dict[str, list[str]] = {}
    for attribute in attributes:
        groups.setdefault(attribute["group"] or "other", []).append(attribute["code"])
    return [
        {"code": code, "sort_order": place, "attributes": own, "labels": {}}
        for place, (code, own) in enumerate(groups.items())
    ]


def update(catalog: Catalog, kind: Kind, data: Object, found: Object | None) -> Object:
    """Give the object that a request makes of a stored one, or of nothing."""
    item = dict(found) if found else {name: _copy(one) for name, one in kind.properties.items()}
    for name, value in data.items():
        if name in kind.ignored:
            continue
        if name not in kind.properties:
            raise unknown_property(name)
        if name in kind.integers and not isinstance(value, int | None):
            raise wrong_type(name, "an integer", value)
        _check_shape(name, kind.properties[name], value)
        _check_reference(catalog, kind, name, value)
        item[name] = _merged(name, item.get(name), value)
    if found and kind.any_case and item["code"].lower() == found["code"].lower():
        item["code"] = found["code"]
    kind.finish(catalog, item)
    errors = [*_immutable(kind, item, found), *_code(kind, item), *_labels(catalog, kind, item)]
    errors += kind.check(catalog, item)
    errors = errors or list(kind.check_last(catalog, item))
    if errors:
        raise invalid(errors)
    return item


def keep(store: Store, kind: str, item: Object, doom: list[str]) -> None:
    """Put a checked object into the catalogue, with what follows for others.

    Args:
        store: Where the catalogue is.
        kind: The object's kind, a key of `KINDS`.
        item: The object.
        doom: What makes every later line of the same batch fail; a category that is moved below
            itself does so (recorded: `poison.categories`).
    """
    catalog = store.catalog
    if kind in DATED:
        item["updated"] = now()
    if kind == "categories":
        if item["code"] in line(catalog, item["parent"]):
            number = [one["code"] for one in catalog.categories].index(item["code"]) + 1
            doom.append(f"Cannot set child as parent to node: {number}")
        if doom:
            raise Refusal(422, doom[0])
    collection(catalog, kind, item).put(item)
    store.journal(kind, f"{item.get('attribute', '')}/{same(item['code'])}", item)
    if kind in {"attributes", "channels"}:
        catalog.refresh()
    for family in catalog.families if kind == "channels" else ():
        finish_family(catalog, family)
        store.journal("families", f"/{same(family['code'])}", family)


def collection(catalog: Catalog, kind: str, item: Object) -> Collection:
    """Give the collection that an object of a kind belongs to."""
    if kind == "options":
        return catalog.options.setdefault(item["attribute"], Collection())
    return catalog.named("family_variants" if kind == "variants" else kind)


def taken() -> Refusal:
    """Give the refusal of a POST with a code that exists."""
    return invalid([field_error("code", "This value is already used.")])


def _copy(value: Json) -> Json:
    return value.copy() if is_array(value) else value


def _check_shape(name: str, default: Json, value: Json) -> None:
    """Refuse a scalar where the property holds a list or object, and the other way round."""
    if not is_array(default):
        if is_array(value):
            raise wrong_type(name, "a scalar", value)
        return
    if not is_array(value):
        raise wrong_type(name, "an array", value)
    check = NESTED.get(name, _check_scalars)
    for key, member in entries(value):
        check(name, key, member)


def _check_scalars(name: str, _key: str, member: Json) -> None:
    if is_array(member):
        raise wrong_shape(name, f"one of the {name} is not a scalar")


def _check_requirements(name: str, channel: str, codes: Json) -> None:
    if not is_array(codes):
        raise wrong_shape(name, f'the channel "{channel}" is not an array')
    if any(is_array(code) for code in members(codes)):
        raise wrong_shape(name, f'one of the attributes in the channel "{channel}" is not a scalar')


def _check_set(name: str, _key: str, attribute_set: Json) -> None:
    if not is_array(attribute_set):
        raise wrong_type(name, "an array of objects", attribute_set)
    for key, value in entries(attribute_set):
        if key in {"axes", "attributes"} and not is_array(value):
            raise wrong_type(f'{key}" in the property "{name}', "an array", value)
        if key == "level" and not (isinstance(value, int) and not isinstance(value, bool)):
            raise wrong_type(f'{key}" in the property "{name}', "an integer", value)


NESTED: Final[Mapping[str, Callable[[str, str, Json], None]]] = {
    "attribute_requirements": _check_requirements,
    "variant_attribute_sets": _check_set,
}


def _check_reference(catalog: Catalog, kind: Kind, name: str, value: Json) -> None:
    for reference in kind.references.get(name, ()):
        for code in reference.codes(value):
            if catalog.named(reference.collection).get(code) is None:
                reason = f"The {reference.noun} does not exist"
                raise unknown_code(name, reference.kind, reason, text(code))


def _merged(name: str, before: Json, value: Json) -> Json:
    """Merge an object key by key, empty texts removing a key, and attribute sets level by level.

    Anything else replaces.
    """
    if name == "variant_attribute_sets":
        levels = {one["level"]: one for one in before}
        given = [one for one in members(value) if is_object(one) and "level" in one]
        if levels and len(given) > len(levels):
            raise Malformed("The number of variant attribute sets cannot be changed.")
        for one in given:
            blank: Object = {"axes": [], "attributes": []}
            levels[one["level"]] = blank | levels.get(one["level"], {}) | one
        return list(levels.values())
    if not is_object(before):
        return text(value) if name == "code" and value is not None else value
    merged = before | dict(entries(value))
    return {
        key: one if is_array(one) else text(one)
        for key, one in merged.items()
        if one not in (None, "")
    }


def _immutable(kind: Kind, item: Object, found: Object | None) -> Errors:
    for name in sorted(kind.immutable):
        if found is not None and item[name] != found[name]:
            yield field_error(name, "This property cannot be changed.")


def _code(kind: Kind, item: Object) -> Errors:
    code = item["code"]
    if code in (None, ""):
        yield field_error("code", "This value should not be blank.")
        return
    if not re.fullmatch(r"[a-zA-Z0-9_]+", code):
        what = "code may contain only letters, numbers and underscores"
        yield field_error("code", f"{kind.label} {what}")
    if len(code) > kind.longest_code:
        yield field_error("code", _too_long(kind.longest_code))


def _labels(catalog: Catalog, kind: Kind, item: Object) -> Errors:
    for locale, label in item.get("labels", {}).items():
        if catalog.locales.get(locale) is None:
            language, _, region = locale.partition("_")
            yield field_error("labels", f'The locale "{language}_{region}" does not exist.')
        if len(str(label)) > kind.longest_label:
            yield field_error("labels", _too_long(kind.longest_label))


def _too_long(longest: int) -> str:
    return f"This value is too long. It should have {longest} characters or less."
