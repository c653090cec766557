"""Codes that exports share: languages, currencies and units, with what the PIM calls them."""

import re
from collections.abc import Mapping

# By ISO 639-1, the locale that most PIMs have for it.
_LOCALES: Mapping[str, str] = {
    "bg": "bg_BG",
    "cs": "cs_CZ",
    "da": "da_DK",
    "de": "de_DE",
    "el": "el_GR",
    "en": "en_US",
    "es": "es_ES",
    "et": "et_EE",
    "fi": "fi_FI",
    "fr": "fr_FR",
    "hr": "hr_HR",
    "hu": "hu_HU",
    "it": "it_IT",
    "ja": "ja_JP",
    "ko": "ko_KR",
    "lt": "lt_LT",
    "lv": "lv_LV",
    "nb": "nb_NO",
    "nl": "nl_NL",
    "no": "nb_NO",
    "pl": "pl_PL",
    "pt": "pt_PT",
    "ro": "ro_RO",
    "ru": "ru_RU",
    "sk": "sk_SK",
    "sl": "sl_SI",
    "sv": "sv_SE",
    "tr": "tr_TR",
    "uk": "uk_UA",
    "zh": "zh_CN",
}

# ISO 639-2 in both of its forms, and what people write.
_LANGUAGE_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("deu", "ger", "deutsch", "german", "allemand"), "de"),
    **dict.fromkeys(("eng", "englisch", "english", "anglais"), "en"),
    **dict.fromkeys(("fra", "fre", "französisch", "french", "francais", "français"), "fr"),
    **dict.fromkeys(("spa", "spanisch", "spanish", "espanol", "español"), "es"),
    **dict.fromkeys(("ita", "italienisch", "italian", "italiano"), "it"),
    **dict.fromkeys(("nld", "dut", "niederländisch", "dutch", "nederlands"), "nl"),
    **dict.fromkeys(("rus", "russisch", "russian", "русский"), "ru"),
    **dict.fromkeys(("ces", "cze"), "cs"),
    **dict.fromkeys(("ron", "rum"), "ro"),
    **dict.fromkeys(("slk", "slo"), "sk"),
    **dict.fromkeys(("zho", "chi"), "zh"),
    "dan": "da",
    "ell": "el",
    "fin": "fi",
    "hrv": "hr",
    "hun": "hu",
    "jpn": "ja",
    "nor": "no",
    "pol": "pl",
    "por": "pt",
    "swe": "sv",
    "tur": "tr",
    "ukr": "uk",
}

# SAP's field SPRAS; other German systems write the same letters.
_SAP_LANGUAGES: Mapping[str, str] = {
    "d": "de",
    "e": "en",
    "f": "fr",
    "s": "es",
    "i": "it",
    "n": "nl",
    "r": "ru",
    "p": "pt",
    "l": "pl",
    "c": "cs",
    "k": "da",
    "v": "sv",
    "o": "no",
    "u": "fi",
    "h": "hu",
}

_LOCALE = re.compile(r"([a-z]{2,3})[_-]([A-Za-z]{2})$")


def language(text: str, *, letters: bool = False) -> str | None:
    """Give the ISO 639-1 code that a text means; None for what is no language.

    Args:
        text: Such as `de`, `DE`, `deu`, `de_DE` or `German`.
        letters: Whether a single letter, as SAP writes it, is one, too.
    """
    folded = text.strip().casefold()
    whole = _LOCALE.match(text.strip())
    if whole is not None:
        folded = whole[1]
    if folded in _LOCALES:
        return folded
    return _LANGUAGE_WORDS.get(folded) or (_SAP_LANGUAGES.get(folded) if letters else None)


def locale(text: str, *, letters: bool = True) -> str | None:
    """Give the locale that a language's text most probably means; None for no language."""
    whole = _LOCALE.match(text.strip())
    if whole is not None and whole[1] in _LOCALES:
        return f"{whole[1]}_{whole[2].upper()}"
    found = language(text, letters=letters)
    return None if found is None else _LOCALES[found]


_CURRENCIES = (
    "AED ARS AUD BGN BRL BYN CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GEL HKD HRK HUF IDR ILS INR "
    "ISK JPY KRW KZT LTL LVL MAD MXN MYR NOK NZD PEN PHP PLN RON RSD RUB RUR SAR SEK SGD THB TND "
    "TRY TWD UAH USD VND ZAR"
)
CURRENCIES = frozenset(_CURRENCIES.split())
CURRENCY_SIGNS: Mapping[str, str] = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₽": "RUB"}


def currency(text: str) -> str | None:
    """Give the currency's code that a text means; None for what is no currency."""
    upper = text.strip().upper()
    return upper if upper in CURRENCIES else CURRENCY_SIGNS.get(upper)


# The unit's code in Akeneo's measurement families (akeneo-measurement-bundle, measure.yml) by what
# exports write: UN/ECE recommendation 20, ISO 80000, SAP, BMEcat, ONIX, people.
_UNITS: Mapping[str, tuple[str, str]] = {
    "KILOGRAM": ("Weight", "kg kgm kgs kilo kilos kilogram kilograms kilogramm kilogrammes кг"),
    "GRAM": ("Weight", "g gr grm gram grams gramm grammes г"),  # noqa: RUF001  Russian
    "MILLIGRAM": ("Weight", "mg mgm"),
    "TON": ("Weight", "t tne to"),
    "POUND": ("Weight", "lb lbs lbr pound pounds"),
    "OUNCE": ("Weight", "oz onz ounce ounces"),
    "MILLIMETER": ("Length", "mm mmt millimeter мм"),
    "CENTIMETER": ("Length", "cm cmt centimeter см"),
    "METER": ("Length", "m mtr mt meter metre м"),
    "KILOMETER": ("Length", "km kmt"),
    "INCH": ("Length", "in inh inch inches zoll"),
    "FEET": ("Length", "ft fot feet"),
    "LITER": ("Volume", "l ltr liter litre л"),
    "MILLILITER": ("Volume", "ml mlt мл"),
    "CENTILITER": ("Volume", "cl clt"),
    "CUBIC_METER": ("Volume", "m3 mtq m³"),
    "CUBIC_CENTIMETER": ("Volume", "cm3 cmq cm³"),
    "SQUARE_METER": ("Area", "m2 mtk m² qm"),
    "WATT": ("Power", "w wtt watt"),
    "KILOWATT": ("Power", "kw kwt"),
    "VOLT": ("Voltage", "v vlt volt"),
    "AMPERE": ("Intensity", "a amp ampere"),
    "HERTZ": ("Frequency", "hz htz"),
    "CELSIUS": ("Temperature", "°c cel celsius"),
    "BAR": ("Pressure", "bar"),
    "KILOJOULE": ("Energy", "kj kjo"),
    "DECIBEL": ("Decibel", "db 2n"),
    "PIECE": ("CaseBox", "pce pcs pc piece pieces st stk stück h87 c62 шт"),
}
_UNIT_CODES: Mapping[str, str] = {
    word: code for code, (_, words) in _UNITS.items() for word in words.split()
}


# WT_kg (OFBiz), unece.unit.KGM (STEP).
_NAMESPACED = re.compile(r"^(?:[a-z]+[._])+(?=[^._]+$)")


def unit(text: str) -> str | None:
    """Give the PIM's code of the unit that a text means; None for what is no unit."""
    plain = text.strip().rstrip(".").casefold()
    return _UNIT_CODES.get(plain) or _UNIT_CODES.get(_NAMESPACED.sub("", plain))


def unit_family(code: str) -> str:
    """Give the measurement family that a unit of the PIM belongs to."""
    return _UNITS[code][0]
