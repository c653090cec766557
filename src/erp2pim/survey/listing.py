"""Which names tell the entries of a list apart, and which are cells of a sheet."""

import re

_LANGUAGES = re.compile(
    r"(lang|langu|language|languagecode|languageid|langiso|lng|sprache|sprachcode|sprachid|spras|"
    r"sprasiso|langue|idioma|lingua|taal|locale|язык)$"
)
_TYPES = re.compile(
    r"(type|typ|тип|tipo|kind|role|qualifier|scheme|schema|usage|purpose|art|currency|"
    r"waehrung|währung|valuta|devise|валюта)(enum)?(id|code|nr)?$"
)
_NAMES = re.compile(
    r"(name|fname|nombre|nome|nom|naam|наименование|имя|название|bezeichnung|label|key|"
    r"schluessel|schlüssel|(attribute|attribut|feature|property|merkmal|eigenschaft|param|"
    r"parameter|field|характеристика|свойство)(id|code|nr|name|key)?)$"
)
_ALONE = frozenset({"id", "ид", "code", "n", "k"})
_CELLS = frozenset({"cell", "td", "th", "c", "zelle"})
_HTML_WORDS = (
    "a abbr b big blockquote br caption center dd div dl dt em font h1 h2 h3 h4 h5 h6 hr i img li "
    "ol p s small span strong sub sup table tbody td th thead tr u ul"
)
_HTML = frozenset(_HTML_WORDS.split())


def is_language(name: str) -> bool:
    """Say whether a name is one that languages are given under."""
    return _LANGUAGES.search(_plain(name)) is not None


def is_key(name: str) -> bool:
    """Say whether a name may be what tells entries apart: by language, type, currency or name."""
    plain = _plain(name)
    return (
        plain in _ALONE
        or is_language(name)
        or _TYPES.search(plain) is not None
        or _NAMES.search(plain) is not None
    )


def names_entries(name: str) -> bool:
    """Say whether a name is one under which entries of a list are named, as features are."""
    plain = _plain(name)
    return plain in _ALONE or _NAMES.search(plain) is not None


def is_cell(name: str) -> bool:
    """Say whether elements of that name are cells of a row."""
    return name.casefold() in _CELLS


def is_html(name: str) -> bool:
    """Say whether an element of that name may be part of a text's markup."""
    return name in _HTML and not is_cell(name)


def local(name: str) -> str:
    """Give lxml's name of an element, or of an attribute behind `@`, without its namespace."""
    mark = "@" if name.startswith("@") else ""
    return mark + name.rpartition("}")[2].removeprefix("@")


def _plain(name: str) -> str:
    return name.removeprefix("@").casefold().replace("-", "").replace("_", "").replace(".", "")
