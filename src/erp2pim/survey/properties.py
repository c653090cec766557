"""What a product is beside its values: identifier, family, categories, enabled."""

from collections.abc import Iterator, Mapping

from erp2pim.survey.choices import Choice
from erp2pim.survey.describe import flags, is_code, is_unique
from erp2pim.survey.fields import Value
from erp2pim.survey.line import Line, chosen, path_of
from erp2pim.survey.rules import Setting, source
from erp2pim.survey.survey import Survey
from erp2pim.survey.targets import Target
from erp2pim.survey.words import Concept

_FALLBACK = 0.2
_ENABLED_LEAST = 0.5
_TABLE = "a table must turn these into the PIM's codes"
_SKU, _MANY = Target("sku", "text"), Target("categories", "multiselect")


def identifier(found: Mapping[Concept, Choice], setting: Setting) -> Line:
    """Write the identifier; where nothing is named like one, what each record has for itself."""
    survey = setting.survey
    choice = own_name(found, survey)
    unique = is_unique(choice.value, survey.records)
    checks = [] if unique else [_shared(choice.value, survey.records)]
    return chosen("identifier", choice, path_of(source(choice, _SKU, setting)), checks)


def own_name(found: Mapping[Concept, Choice], survey: Survey) -> Choice:
    """Give what was chosen as the identifier, or else a value that each record has for itself."""
    return found.get("identifier") or Choice("identifier", _own(survey), _FALLBACK)


def _own(survey: Survey) -> Value:
    unique = [each for each in survey.values if is_unique(each, survey.records)]
    codes = [each for each in unique if is_code(each.sketch)]
    return next(iter([*codes, *unique, *survey.values]))


def _shared(value: Value, records: int) -> str:
    number = value.sketch.distinct
    return f"{records} records have {number} different ones, and {value.records} have any"


def properties(found: Mapping[Concept, Choice], setting: Setting) -> Iterator[Line]:
    """Write whether the product is enabled, its family and its categories, as far as they show."""
    enabled, family, categories = (
        found.get(concept) for concept in ("enabled", "family", "categories")
    )
    if enabled is not None:
        words = flags(enabled.value.sketch) is not None and enabled.sureness >= _ENABLED_LEAST
        tree = path_of(source(enabled, _SKU, setting))
        yield chosen("enabled", enabled, tree, active=words)
    pim = setting.pim
    if family is not None:
        is_known = pim is not None and _are_codes(family.value, pim.families)
        tree = path_of(source(family, _SKU, setting))
        yield chosen("family", family, tree, [] if is_known else [_TABLE], active=is_known)
    if categories is not None:
        is_known = pim is not None and _are_codes(categories.value, pim.categories)
        tree = path_of(source(categories, _MANY, setting))
        yield chosen("categories", categories, tree, [] if is_known else [_TABLE], active=is_known)


def _are_codes(value: Value, codes: Mapping[str, object]) -> bool:
    words = value.sketch.words
    return bool(words) and all(word in codes for word in words or ())
