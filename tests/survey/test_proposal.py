"""What is proposed for exports of many shapes."""

from pathlib import Path

import pytest

from erp2pim.errors import ExportError
from erp2pim.structure import Structure
from erp2pim.survey.mappingtext import mapping_text
from erp2pim.survey.proposal import propose
from erp2pim.survey.targets import Target, fits, others
from tests.survey.exports import items, looked_at, value
from tests.survey.structures import PIM

XSI = "http://www.w3.org/2001/XMLSchema-instance"
PRICE = "<P><Price>{}</Price><Currency>{}</Currency></P>"
TYPED = "<Id><Type>{}</Type><Value>{}</Value></Id>"
TWO_CELLS = (
    "[{locale: de_DE, path: TitleDe, type: text}, {locale: en_US, path: TitleEn, type: text}]"
)


def proposed(xml: str | bytes, structure: Structure | None = None) -> dict[str, str]:
    """Give the lines of the proposal by their keys, comments left out."""
    text = mapping_text(propose(looked_at(xml), structure))
    lines = [line.strip().partition("  # ")[0].partition(": ") for line in text.splitlines()]
    return {key: tree for key, mark, tree in lines if mark}


def test_a_flat_export_is_proposed_line_by_line() -> None:
    text = mapping_text(
        propose(
            looked_at(
                items(
                    f"<Sku>A{n}</Sku><Name>Drill {n}</Name><Price cur='EUR'>1.00{n},50</Price>"
                    f"<Sold>{'JN'[n % 2]}</Sold><From>0{n}.01.2026</From><Note>n/a</Note>"
                    for n in (1, 2)
                )
            ),
            None,
        )
    )

    assert text == (
        """\
# Proposed for export.xml from 2 records.
# Behind each line stand how sure it is, from 0 to 1, and values that were seen.
# Look at every CHECK; then `erp2pim diff` shows what the mapping makes of the export.
version: 1
source:
  record: /Export/Items/Item  # 0.7: 2 of them
  numbers: "1.234,56"
  dates: [31.12.2026]
  booleans: {true: [J], false: [N]}
  no_value: [n/a]
products:
  identifier: Sku  # 1.0: A1 | A2
  values:
    name: {path: Name, type: text}  # 1.0: Drill 1 | Drill 2
    price: {path: Price, currency: "@cur", type: price}  # 1.0: 1.001,50 | 1.002,50
# Left aside:
#   Sold: N | J
#   From: 01.01.2026 | 02.01.2026
#   Note:
"""
    )


@pytest.mark.parametrize(
    ("inner", "key", "tree"),
    [
        ("<Sku>1</Sku><Weight uom='KG'>2</Weight>", "unit", "{KG: KILOGRAM}"),
        (
            "<Sku>1</Sku><Weight uom='KG'>2</Weight>",
            "weight",
            '{path: Weight, unit: {path: "@uom", table: unit}, type: metric}',
        ),
        (
            "<Sku>1</Sku><BRGEW>2</BRGEW><GEWEI>KGM</GEWEI>",
            "weight",
            '{path: BRGEW, unit: {path: "../GEWEI", table: unit}, type: metric}',
        ),
        (
            "<Sku>1</Sku><Weight>2 kg</Weight>",
            "weight",
            "{path: Weight, unit: {path: $rest, table: unit}, type: metric}",
        ),
        (
            "<Sku>1</Sku><weight_g>2</weight_g>",
            "weight",
            "{path: weight_g, unit: {value: GRAM}, type: metric}",
        ),
        (
            "<Sku>1</Sku><Weight>2</Weight>",
            "weight",
            "{path: Weight, unit: {value: KILOGRAM}, type: metric}",
        ),
        (
            "<Sku>1</Sku><Weight>2</Weight><Unit>PCE</Unit>",
            "weight",
            "{path: Weight, unit: {value: KILOGRAM}, type: metric}",
        ),
        (
            "<Sku>1</Sku><Price>12.99 EUR</Price>",
            "price",
            "{path: Price, currency: $rest, type: price}",
        ),
        (
            "<Sku>1</Sku><Price>12.99 €</Price>",
            "price",
            "{path: Price, currency: {path: $rest, table: currency}, type: price}",
        ),
        (
            "<Sku>1</Sku><Price>12</Price>",
            "price",
            "{path: Price, currency: {value: EUR}, type: price}",
        ),
        (
            f"<Sku>1</Sku>{PRICE.format(1, 'EUR')}{PRICE.format(2, 'USD')}",
            "price",
            '{path: P/Price, currency: "../Currency", type: price}',
        ),
        (
            f"<Sku>1</Sku>{PRICE.format(1, 'EUR')}{PRICE.format(2, 'EUR')}",
            "price",
            '{path: "(P/Price)[1]", currency: "../Currency", type: price}',
        ),
        (
            "<Sku>1</Sku><Title lang='D'>x</Title><Title lang='E'>y</Title>",
            "name",
            '{path: "Title[@lang=$locale]", locales: {de_DE: D, en_US: E}, type: text}',
        ),
        (
            "<Sku>1</Sku><TitleDe>a</TitleDe><TitleEn>b</TitleEn>",
            "name",
            TWO_CELLS,
        ),
        (
            "<Sku>1</Sku><name><language id='1'>a</language><language id='2'>b</language></name>",
            "name",
            "{path: \"name/language[@id='1']\", type: text}",
        ),
        (
            f"<Sku>1</Sku>{TYPED.format(' gtin ', 4006381333931)}{TYPED.format('x', 1)}",
            "ean",
            "{path: \"Id[normalize-space(Type)='gtin']/Value\", type: text}",
        ),
        (
            f"<Sku>1</Sku><Description>Made of <b>steel</b>, {'and ' * 15} more</Description>",
            "description",
            "{path: Description, as: markup, type: textarea}",
        ),
        (
            f"<Sku>1</Sku><Name xmlns:xsi='{XSI}' xsi:nil='true'/>",
            "name",
            "{path: Name, nil: clear, type: text}",
        ),
        (
            "<Sku>1</Sku><F><Name>Gewicht</Name><Wert>2</Wert><Einheit>KG</Einheit></F>",
            "weight",
            "{pair: f.Gewicht, type: metric}",
        ),
        ("<Sku>1</Sku><Image>a.jpg</Image>", "# image", "{path: Image, type: image}"),
        ("<Sku>1</Sku><Active>true</Active>", "enabled", "Active"),
        ("<Sku>1</Sku><Active>maybe</Active>", "# enabled", "Active"),
        ("<Sku>1</Sku><Family>tools</Family>", "# family", "Family"),
        ("<x>a 1</x><y>2,5</y>", "identifier", "x"),
    ],
)
def test_each_construct_has_its_line(inner: str, key: str, tree: str | None) -> None:
    assert proposed(items([inner])).get(key) == tree


def test_the_headers_currency_stands_in_for_a_price_without() -> None:
    price = "<Price>1</Price><Price currency='USD'>2</Price>"
    found = proposed(
        f"<E><Head><Currency>EUR</Currency></Head>{items([f'<Sku>1</Sku>{price}'])}</E>"
    )

    assert found["header"] == "{currency: /E/Head/Currency}"
    assert (
        found["price"] == '{path: Price, currency: {path: ["@currency", $currency]}, type: price}'
    )


def test_a_number_written_otherwise_than_the_rest_says_so() -> None:
    found = proposed(
        items(f"<Sku>{n}</Sku><A>{n},5</A><B>{n},7</B><Price>{n}.25</Price>" for n in range(3))
    )

    assert found["numbers"] == '"1.234,56"'
    assert found["price"] == (
        "{path: Price, numbers: 1234.56, currency: {value: EUR}, type: price}"
    )


def test_rows_that_are_each_in_one_language_are_merged() -> None:
    row = "<Row><Sku>{}</Sku><Lang>{}</Lang><Name>{}</Name><Ean>{}</Ean></Row>"
    found = proposed(
        "<Data>"
        + "".join(
            row.format(sku, lang, f"{lang} {sku}", f"400638133393{sku}")
            for sku in (1, 2)
            for lang in ("de", "en")
        )
        + "</Data>"
    )

    assert found["duplicates"] == "merge"
    assert found["name"] == (
        '{path: "Name[../Lang=$locale]", locales: {de_DE: de, en_US: en}, type: text}'
    )
    assert found["ean"] == "{path: Ean, type: text}"


def checks(xml: str, key: str) -> list[str]:
    """Give what a person has to look at in the line of a key."""
    text = mapping_text(propose(looked_at(xml), None))
    (line,) = (each for each in text.splitlines() if each.strip().startswith(f"{key}: "))
    return [check.rstrip("; ") for check in line.split("CHECK ")[1:]]


def test_kinds_of_records_that_an_attribute_tells_apart_are_to_be_looked_at() -> None:
    models = ["res.users", "product.product", "product.product"]
    xml = "".join(
        f'<record model="{model}" id="r{n}"><Name>Drill {n}</Name></record>'
        for n, model in enumerate(models)
    )

    (check,) = checks(f"<odoo>{xml}</odoo>", "record")

    taken = "/odoo/record[@model='product.product']"
    assert check == f"are all of them products? {taken} takes some"
    assert checks(f"<odoo>{xml.replace('res.users', 'product.product')}</odoo>", "record") == []


def test_sizes_with_a_gtin_each_may_be_products() -> None:
    gtins = ["4006381333931", "4006381333948", "4006381333955", "4006381333962"]
    sizes = [f"<Size><Gtin>{gtin}</Gtin></Size>" for gtin in gtins]
    xml = "".join(
        f"<Style no='S{n}'><Name>Shirt {n}</Name><Sizes>{''.join(sizes[n : n + 2])}</Sizes></Style>"
        for n in (0, 2)
    )

    (check,) = checks(f"<Styles>{xml}</Styles>", "ean")

    each = "Sizes/Size"
    assert check == f"the first of several; if each {each} is a product, write each: {each}"


def test_a_price_per_piece_is_its_number() -> None:
    prices = ["250.00/Pcs", "1250.50/Box", "4.90"]
    xml = items(f"<Sku>A{n}</Sku><Price>{price}</Price>" for n, price in enumerate(prices))

    line = '{path: Price, transform: {regex: "([^/]+)"}, currency: {value: EUR}, type: price}'
    assert proposed(xml)["price"] == line
    assert "what stands behind / is left out" in checks(xml, "price")


def test_a_sheet_is_read_by_its_columns() -> None:
    cell = "<Cell><Data>{}</Data></Cell>"
    rows = [("Sku", "Name", "Price"), ("1", "Saw", "2.5"), ("2", "Axe", "3.5")]
    book = (
        "<Book>"
        + "".join(f"<Row>{''.join(map(cell.format, row))}</Row>" for row in rows)
        + f"<Row>{cell.format('3')}<Cell/>{cell.format('4.5')}</Row></Book>"
    )

    found = proposed(book)
    covered = proposed(book.replace("<Cell><Data>3.5", "<Cell Index='3' MergeAcross='0'><Data>3.5"))

    assert found["columns"] == "{header: 1}"
    assert covered["columns"] == '{header: 1, index: "@Index", across: "@MergeAcross"}'
    assert found["cell"] == '{each: Cell, key: "@column", value: Data}'
    assert found["identifier"] == "{pair: cell.Sku}"
    assert found["price"] == "{pair: cell.Price, currency: {value: EUR}, type: price}"


def test_markup_within_a_list_is_read_by_a_path() -> None:
    entry = "<field name='{}'>{}</field>"
    fields = [("default_code", "A{}"), ("name", "Saw {}"), ("description", "<p>It <b>cuts</b></p>")]
    found = proposed(
        "<data>"
        + "".join(
            f"<record>{''.join(entry.format(*each) for each in fields)}</record>".replace("{}", n)
            for n in "12"
        )
        + "</data>"
    )

    assert found["name"] == "{path: \"field[@name='name']\", as: text, type: text}"
    assert found["description"] == (
        "{path: \"field[@name='description']\", as: markup, type: textarea}"
    )


def test_a_total_without_an_article_number_takes_no_identifier_away() -> None:
    rows = "".join(f"<Item><Pos>x</Pos><ArtNr>A{n}</ArtNr></Item>" for n in range(20))

    assert proposed(f"<D>{rows}<Item><Pos>x</Pos></Item></D>")["identifier"] == "ArtNr"


def test_prices_in_rows_of_their_own_are_joined() -> None:
    found = proposed(
        "<D><Product id='A1' name='Saw'/><Product id='A2' name='Axe'/>"
        "<Rate id='A1' price='2.5' currency='EUR'/><Rate id='A2' price='3' currency='EUR'/>"
        "<Rate id='A2' price='4' currency='EUR'/></D>"
    )

    assert found["rate"] == '{record: /D/Rate, key: "@id", match: "@id"}'
    assert found["price"] == '{path: "($rate/@price)[1]", currency: "@currency", type: price}'


def test_nothing_is_joined_that_stands_in_the_record() -> None:
    found = proposed(
        items(["<Sku>1</Sku><Supplier><Contact><Name>Ann</Name></Contact></Supplier>"])
    )

    assert "joins" not in found
    assert "name" not in found


@pytest.mark.parametrize(("words", "is_one"), [(("J", "N"), True), (("J", "N", "?!"), False)])
def test_a_boolean_takes_what_has_two_words(words: tuple[str, ...], *, is_one: bool) -> None:
    found = looked_at(items([f"<Sku>{n}</Sku><B>{word}</B>" for n, word in enumerate(words)]))

    assert fits(Target("b", "boolean"), value(found, "B").sketch) is is_one


def test_names_that_need_prefixes_get_them() -> None:
    found = proposed(
        "<r xmlns:g='urn:g'><item><title>a</title><g:title>b</g:title><g:id>1</g:id></item></r>"
    )

    assert found["namespaces"] == '{g: "urn:g"}'
    assert found["identifier"] == '"g:id"'


def test_a_list_that_no_attribute_draws_from_is_a_suggestion() -> None:
    feature = "<F><Name>{}</Name><Value>{}</Value></F>"
    found = proposed(items([f"<Sku>1</Sku>{feature.format('Shape', 'round')}"]))

    assert found["# f"] == "{each: F, key: Name, value: Value}"
    assert found["# Shape"] == "{pair: f.Shape, type: text}"


def test_a_table_that_no_line_asks_is_a_suggestion_like_the_list_that_would() -> None:
    feature = "<F><Name>Weight</Name><Value>2</Value><Unit>KG</Unit></F>"
    drawn = proposed(items([f"<Sku>1</Sku>{feature}"]))
    left = proposed(items([f"<Sku>1</Sku>{feature.replace('Weight', 'Mesh')}"]))
    refused = proposed(items(["<Sku>1</Sku><Price cur='₽'>1</Price>"]), PIM)

    assert drawn["unit"] == left["# unit"] == "{KG: KILOGRAM}"
    assert drawn["f"] == left["# f"]
    assert refused["# currency"] == '{"₽": RUB}'


def test_two_lists_of_one_name_are_told_apart() -> None:
    pairs = "<{0}><P><Name>a</Name><Value>1</Value></P><P><Name>b</Name><Value>1</Value></P></{0}>"
    found = proposed(items([f"<Sku>1</Sku>{pairs.format('X')}{pairs.format('Y')}"]))

    assert found["# p"] == "{each: X/P, key: Name, value: Value}"
    assert found["# p2"] == "{each: Y/P, key: Name, value: Value}"


ITEM = (
    "<Sku>{n}</Sku><Text lang='{lang}'>{n} name</Text><Name lang='D'>n{n}</Name>"
    "<Name lang='E'>e{n}</Name><Description lang='E'>words of it</Description>"
    "<Price>1</Price><Weight uom='KG'>2</Weight><Colour>Blau</Colour><Materials>ST;KU</Materials>"
    "<Netzspannung>230</Netzspannung><Category>saws</Category><Family>tools</Family>"
    "<Listed_on>2026-01-01</Listed_on>"
)


def test_the_identifier_is_no_target_for_values() -> None:
    assert "sku" not in others(PIM, [])


def test_a_structure_chooses_the_attributes_by_codes_and_labels() -> None:
    found = proposed(items([ITEM.format(n=n, lang="D") for n in (1, 2)]), PIM)

    assert {key: found[key] for key in ("title", "long_text", "list_price", "gewicht")} == {
        "title": '{path: "Name[@lang=$locale]", locales: {de_DE: D, en_US: E}, type: text}',
        "long_text": '{path: "Description[@lang=$locale]", locales: {en_US: E}, '
        "channels: [shop], type: textarea}",
        "list_price": "{path: Price, currency: {value: EUR}, type: price}",
        "gewicht": '{path: Weight, unit: {path: "@uom", table: unit}, type: metric}',
    }
    assert {key: found[key] for key in ("shade", "materials", "voltage", "since")} == {
        "shade": "{path: Colour, table: shade, type: select}",
        "materials": '{path: Materials, split: ";", table: materials, type: multiselect}',
        "voltage": "{path: Netzspannung, type: number}",
        "since": "{path: Listed_on, type: date}",
    }
    assert (found["family"], found["categories"]) == ("Family", "Category")


def test_what_the_pim_would_refuse_is_a_suggestion() -> None:
    found = proposed(
        items(["<Sku>1</Sku><Price cur='RUB'>1</Price><Colour>grün</Colour><Group>x</Group>"]), PIM
    )

    assert found["# list_price"] == '{path: Price, currency: "@cur", type: price}'
    assert found["# shade"] == "{path: Colour, transform: code, type: select}"
    assert found["# family"] == "Group"


def test_the_price_in_a_currency_of_the_pim_is_taken() -> None:
    prices = PRICE.format(1, "USD") + PRICE.format(2, "EUR")

    found = proposed(items([f"<Sku>1</Sku>{prices}"]), PIM)

    assert found["list_price"] == (
        '{path: "P[Currency=\'EUR\']/Price", currency: "../Currency", type: price}'
    )


def test_texts_without_a_language_get_that_of_the_header() -> None:
    found = proposed(
        f"<E><Head><Language>deu</Language></Head>{items(['<Sku>1</Sku><Name>x</Name>'])}</E>", PIM
    )

    assert found["title"] == "{path: Name, locale: de_DE, type: text}"


def test_languages_that_the_pim_does_not_have_leave_one_of_them() -> None:
    found = proposed(items(["<Sku>1</Sku><Name lang='fr'>x</Name><Name lang='it'>y</Name>"]), PIM)

    assert found["title"] == "{path: \"Name[@lang='fr']\", locale: en_US, type: text}"


def test_an_export_without_values_has_no_mapping() -> None:
    with pytest.raises(ExportError, match="nothing in the export looks like a record"):
        propose(looked_at("<a/>"), None)


# By file: identifier, name, GTIN, price and weight, as ../shared/exports/README.md has them.
FOUND = {
    "05-bmecat2005-olivere": (
        "SUPPLIER_PID",
        "PRODUCT_DETAILS/DESCRIPTION_SHORT",
        "PRODUCT_DETAILS/INTERNATIONAL_PID[@type='gtin']",
        "(PRODUCT_PRICE_DETAILS/PRODUCT_PRICE/PRICE_AMOUNT)[1]",
        "PRODUCT_LOGISTIC_DETAILS/PRODUCT_DIMENSIONS/WEIGHT",
    ),
    "10-commerceml-import": ("Артикул", "Наименование", "Штрихкод", None, None),
    "11-commerceml-offers": ("Ид", "Наименование", None, "Цены/Цена/ЦенаЗаЕдиницу", None),
    "23-prestashop-product8": (
        "reference",
        "name/language[@id='1']",
        "ean13",
        "price",
        "weight",
    ),
    "25-demandware-products": (
        "@product-id",
        "display-name[@xml:lang='x-default']",
        "upc",
        None,
        None,
    ),
    "33-ubl-catalogue-mobile": (
        "Item/SellersItemIdentification/ID",
        "Item/Name",
        None,
        "(RequiredItemLocationQuantity/Price/PriceAmount)[1]",
        None,
    ),
    "40-gdsn3-ivoed": (
        "gtin",
        "tradeItemDescriptionInformation/tradeItemDescription[@languageCode=$locale]",
        "gtin",
        None,
        None,
    ),
    "45-moqui-products": (
        "@productId",
        "@productName",
        None,
        "(prices/@price)[1]",
        "dimensions[@dimensionTypeId='ShippingWeight']/@value",
    ),
    "54-onix3-single-ref": (
        "RecordReference",
        "DescriptiveDetail/TitleDetail[TitleType='01']/TitleElement/TitleWithoutPrefix",
        "ProductIdentifier[ProductIDType='03']/IDValue",
        "(ProductSupply/SupplyDetail/Price/PriceAmount)[1]",
        "DescriptiveDetail/Measure[MeasureType='08']/Measurement",
    ),
}


@pytest.mark.parametrize("file", FOUND)
def test_identifier_name_gtin_price_and_weight_of_real_exports_are_found(
    shared: Path, file: str
) -> None:
    made = propose(looked_at((shared / "exports" / f"{file}.xml").read_bytes()), None)

    lines = {line.key: line.tree for line in [*made.product, *made.values] if line.active}
    trees = [lines.get(key) for key in ("identifier", "name", "ean", "price", "weight")]
    paths = [tree["path"] if isinstance(tree, dict) else tree for tree in trees]
    assert tuple(paths) == FOUND[file]
