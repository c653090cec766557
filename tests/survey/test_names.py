import pytest

from erp2pim.survey.listing import is_cell, is_key
from erp2pim.survey.names import folded, keyed, meanings, named, record_likeness, tokens
from erp2pim.survey.words import RECORDS, WORDS, Concept


@pytest.mark.parametrize(
    "names", [*(t for c in WORDS.values() for t in c.values()), *RECORDS.values()]
)
def test_every_word_stands_once_and_as_names_are_looked_up(names: str) -> None:
    words = names.split()

    assert sorted({"/".join(map(folded, word.split("/"))) for word in words}) == sorted(words)


@pytest.mark.parametrize(
    ("path", "concept"),
    [
        ("MATNR", "identifier"),
        ("@product-id", "identifier"),
        ("Item/SellersItemIdentification/ID", "identifier"),
        ("Артикул", "identifier"),
        ("ArtikelBezeichnung", "name"),
        ("{urn:x}display-name", "name"),
        ("name/language", "name"),
        ("cName", "name"),
        ("name_de", "name"),
        ("name(en-gb)", "name"),
        ("STOK_ADI", "name"),
        ("StokKodu", "identifier"),
        ("SATIS_FIYATI1", "price"),
        ("Barkod", "ean"),
        ("Наименование", "name"),
        ("DESCRIPTION_LONG", "description"),
        ("{http://base.google.com/ns/1.0}gtin", "ean"),
        ("Штрихкод", "ean"),
        ("prices/@price", "price"),
        ("ЦенаЗаЕдиницу", "price"),
        ("fVKNetto", "price"),
        ("weight_g", "weight"),
        ("NTGEW", "weight"),
        ("Peso", "weight"),
        ("Manufacturer/Name", "brand"),
        ("@priceUomId", "currency"),
        ("image2", "image"),
        ("PRIXVENTEHT", "price"),
        ("prezzo_listino", "price"),
        ("cod_ean", "ean"),
        ("UnitePoids", "unit"),
        ("grossWeight/measurementValue/value", "weight"),
    ],
)
def test_a_path_says_by_its_names_what_it_leads_to(path: str, concept: Concept) -> None:
    names = [path] if path.startswith("{") else path.split("/")

    assert meanings(names).get(concept, 0.0) >= 0.8


@pytest.mark.parametrize(
    "path", ["Colour", "Remarks", "Tax", "", "Reorder", "price_type", "PriceValidFrom", "PRIXDATE"]
)
def test_other_paths_are_no_identifier_name_or_price(path: str) -> None:
    assert not {"identifier", "name", "price"} & set(meanings([path]))


def test_a_type_tells_what_the_value_beside_it_is() -> None:
    assert keyed("ProductIDType", "15") == "ean"
    assert keyed("@type", "gtin") == "ean"
    assert keyed("@type", "net_customer") is None


def test_an_entry_of_a_list_is_named_like_a_path() -> None:
    assert "weight" in named("Gewicht kg")


@pytest.mark.parametrize(
    ("name", "more", "less"),
    [
        ("product", "mantle.product.Product", "mantle.product.ProductPrice"),
        ("line", "CatalogueLine", "TaxScheme"),
        ("row", "ROW", "Header"),
    ],
)
def test_some_names_are_those_of_records(name: str, more: str, less: str) -> None:
    assert record_likeness(more) > record_likeness(less)
    assert record_likeness(name) > 0


def test_a_name_is_cut_into_its_words() -> None:
    assert [tokens(name) for name in ("ArticleName_DE", "net-weight", "EANCode", "")] == [
        ["article", "name", "de"],
        ["net", "weight"],
        ["eancode"],
        [],
    ]


def test_what_tells_entries_apart_is_known_by_its_name() -> None:
    assert [name for name in ("@type", "FNAME", "@xml:lang", "SPRAS", "Price") if is_key(name)] == [
        "@type",
        "FNAME",
        "@xml:lang",
        "SPRAS",
    ]
    assert is_cell("Cell")
