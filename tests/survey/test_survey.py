import re
from pathlib import Path

import pytest

from erp2pim.errors import ConfigError
from erp2pim.survey.builder import Marks
from erp2pim.survey.describe import described
from tests.survey.exports import items, looked_at, value


def rows(number: int) -> list[str]:
    return [f"<Sku>A-{each}</Sku><Name>Drill {each}</Name>" for each in range(number)]


def test_the_records_are_what_looks_like_products() -> None:
    found = looked_at(
        "<Shop><Groups><Group id='1'><Name>a</Name></Group><Group id='2'><Name>b</Name></Group>"
        "</Groups><Products><Product><Sku>1</Sku><Name>Saw</Name></Product></Products></Shop>"
    )

    assert [(each.path, each.times) for each in found.candidates][:2] == [
        ("/Shop/Products/Product", 1),
        ("/Shop/Groups/Group", 2),
    ]


def test_records_on_several_levels_are_written_with_two_slashes() -> None:
    item = "<item><sku>{}</sku><name>Saw</name></item>"
    found = looked_at(
        f"<shop><group>{item.format(1)}<group>{item.format(2)}</group></group></shop>"
    )

    assert (found.record, found.records) == ("//item", 2)
    assert value(found, "sku").times == 2


def test_records_inside_records_do_not_count_twice() -> None:
    found = looked_at(
        "<a><product><sku>1</sku><name>x</name>"
        "<product><sku>2</sku><name>y</name></product></product></a>"
    )

    assert (found.record, found.records) == ("//product", 2)
    assert [each.path for each in found.values] == ["sku", "name"]


def test_the_element_around_wins_where_it_says_more_of_the_same_product() -> None:
    found = looked_at(
        "<Catalogue>"
        + "<CatalogueLine><Price><PriceAmount>1</PriceAmount></Price><Item><Name>x</Name></Item>"
        "</CatalogueLine>" * 2 + "</Catalogue>"
    )

    assert found.record == "/Catalogue/CatalogueLine"


def test_the_element_around_is_no_record_by_what_it_says_alone() -> None:
    product = "<Product><Sku>1</Sku><Name>Saw</Name></Product>"

    found = looked_at(f"<Shop>{f'<Parcel>{product}<Weight>2</Weight></Parcel>' * 2}</Shop>")

    assert found.record == "/Shop/Parcel/Product"


def test_an_element_without_text_is_empty_and_one_that_says_so_is_nil() -> None:
    xsi = "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"

    found = looked_at(items(["<Sku>1</Sku><Note/>", f"<Sku>2</Sku><Note {xsi} xsi:nil='true'/>"]))

    note = value(found, "Note").sketch
    assert (note.empty, note.nil) == (2, 1)


def test_many_records_are_no_list_of_their_own_types() -> None:
    found = looked_at(items([f"<Type>{'AB'[n % 2]}</Type><Name>n{n}</Name>" for n in range(210)]))

    assert found.listed == []


def test_how_often_a_path_occurs_is_counted_by_record() -> None:
    found = looked_at(items(["<Tag>a</Tag><Tag>b</Tag>", "<Tag>c</Tag>", "<Sku>1</Sku>"]))

    tags = value(found, "Tag")
    assert (tags.records, tags.times, tags.repeats) == (2, 3, True)


def test_values_outside_of_the_records_are_the_header() -> None:
    found = looked_at(
        f"<Export date='2026-11-23'><Head><Currency>EUR</Currency></Head>{items(rows(2))}</Export>"
    )

    assert {each.path: each.value.sketch.samples for each in found.header} == {
        "/Export/@date": ["2026-11-23"],
        "/Export/Head/Currency": ["EUR"],
    }


def test_names_with_values_are_a_list_with_its_unit() -> None:
    feature = "<F><Name>{}</Name><Value>{}</Value><Unit>{}</Unit></F>"
    found = looked_at(
        items([feature.format("Power", 65, "W") + feature.format("Size", 2, "CM")]), record="//Item"
    )

    (pairs,) = found.pairs
    assert (pairs.each, pairs.key, pairs.value, pairs.unit) == ("F", "Name", "Value", "Unit")
    assert list(pairs.entries) == ["Power", "Size"]


@pytest.mark.parametrize(
    ("inner", "path", "texts"),
    [
        ("<T lang='D'>a</T><T lang='E'>b</T>", "T/@lang", ["D", "E"]),
        ("<T xml:lang='x-default'>a</T>", "T/@xml:lang", ["x-default"]),
        ("<T><L>deu</L><V>a</V></T><T><L>eng</L><V>b</V></T>", None, []),
        (
            "<T><Lang>deu</Lang><V>a</V></T><T><Lang>eng</Lang><V>b</V></T>",
            "T/Lang",
            ["deu", "eng"],
        ),
        ("<name><language id='1'>a</language></name>", "name/language/@id", ["1"]),
    ],
)
def test_languages_are_seen(inner: str, path: str | None, texts: list[str]) -> None:
    found = looked_at(items([inner]), record="//Item")

    seen = [(found.spelled.path((*each.each, each.key)), each.texts) for each in found.languages]
    assert seen == ([(path, texts)] if path else [])


def test_a_list_that_is_told_apart_by_its_types_can_be_chosen_from() -> None:
    found = looked_at(
        items(["<Id><Type>15</Type><V>4006381333931</V></Id><Id><Type>01</Type><V>x</V></Id>"]),
        record="//Item",
    )

    assert value(found, "Id[Type='15']/V").sketch.samples == ["4006381333931"]


def test_a_sheet_has_its_columns_by_the_first_row() -> None:
    found = looked_at(
        "<Workbook><Row><Cell>Sku</Cell><Cell>Name</Cell><Cell>Note</Cell></Row>"
        "<Row><Cell>1</Cell><Cell/><Cell>n</Cell></Row>"
        "<Row><Cell>2</Cell><Cell Index='3'>m</Cell></Row></Workbook>"
    )

    assert (found.record, found.sheet) == ("/Workbook/Row", Marks(1, "@Index", None))
    assert value(found, "Cell[@column='Note']").sketch.samples == ["n", "m"]


def test_a_sheet_whose_cells_hold_their_texts_in_elements_has_its_columns_too() -> None:
    rows = [("Sku", "Name"), ("1", "Saw"), ("2", "Axe")]
    cells = ["".join(f"<Cell><Data>{text}</Data></Cell>" for text in row) for row in rows]

    found = looked_at(f"<Workbook>{''.join(f'<Row>{row}</Row>' for row in cells)}</Workbook>")

    assert (found.record, found.sheet) == ("/Workbook/Row", Marks(1))
    assert value(found, "Cell[@column='Name']/Data").sketch.samples == ["Saw", "Axe"]


def test_a_cell_that_covers_further_columns_moves_the_next_ones_on() -> None:
    found = looked_at(
        "<Workbook><Row><Cell>Sku</Cell><Cell>Name</Cell><Cell>Note</Cell><Cell>Price</Cell></Row>"
        "<Row><Cell>1</Cell><Cell MergeAcross='1'>Saw</Cell><Cell>2.5</Cell></Row>"
        "<Row><Cell>2</Cell><Cell>Axe</Cell><Cell>n</Cell><Cell>3.5</Cell></Row></Workbook>"
    )

    assert found.sheet == Marks(1, None, "@MergeAcross")
    assert value(found, "Cell[@column='Note']").sketch.samples == ["n"]
    assert value(found, "Cell[@column='Price']").sketch.samples == ["2.5", "3.5"]


def test_rows_above_the_one_that_names_the_columns_are_no_records() -> None:
    found = looked_at(
        "<Workbook><Styles><Style ID='Default' Name='Normal'/></Styles><Sheet>"
        "<Row><Cell>Do not edit</Cell></Row></Sheet><Sheet><Row><Cell/><Cell>Prices</Cell></Row>"
        "<Row><Cell>Sku</Cell><Cell>Name</Cell></Row>"
        "<Row><Cell>1</Cell><Cell>Saw</Cell></Row><Row><Cell>2</Cell></Row></Sheet></Workbook>"
    )

    assert (found.record, found.records) == ("/Workbook/Sheet/Row", 2)
    assert found.sheet == Marks(3)
    assert value(found, "Cell[@column='Name']").sketch.samples == ["Saw"]


def test_a_text_with_a_short_name_inside_is_no_list_of_names_and_values() -> None:
    text = "<D lang='en'><ShortName>{}</ShortName>A long text</D>"

    assert looked_at(items([text.format("Saw"), text.format("Axe")])).pairs == []


def test_rows_whose_first_one_is_no_header_are_no_sheet() -> None:
    assert looked_at("<t><r><c>1</c><c>2</c></r><r><c>3</c><c>4</c></r></t>").sheet is None


def test_markup_in_a_text_is_part_of_it() -> None:
    found = looked_at(items(["<Text>Made of <b>steel</b></Text>", "<Text><p>x</p></Text>"]))

    assert [each.path for each in found.values] == ["Text"]
    assert value(found, "Text").is_markup
    assert value(found, "Text").sketch.samples == ["Made of steel", "x"]


def test_namespaces_are_left_out_where_no_two_names_become_one() -> None:
    found = looked_at(
        "<a:E xmlns:a='urn:a' xmlns:b='urn:b'><b:Item a:id='1'><a:Name>x</a:Name></b:Item></a:E>"
    )

    assert found.spelled.ignore
    assert found.record == "/E/Item"


def test_names_that_differ_by_namespace_alone_get_prefixes() -> None:
    found = looked_at(
        "<rss xmlns:g='urn:g' xmlns='urn:d'><item><title>a</title><g:title>b</g:title></item></rss>"
    )

    assert dict(found.spelled.prefixes) == {"urn:g": "g", "urn:d": "d"}
    assert [each.path for each in found.values] == ["d:title", "g:title"]


@pytest.mark.parametrize("record", ["/Export/Items/Item", "//Item", "//x:Item", "/Export/*/Item"])
def test_a_record_can_be_named(record: str) -> None:
    assert looked_at(items(rows(3)), record=record).records == 3


@pytest.mark.parametrize(
    ("record", "said"),
    [("/Export/Item", "no element stands at"), ("Item", "not an absolute"), ("//I[1]", "not an")],
)
def test_a_record_that_is_not_there_is_told(record: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        looked_at(items(rows(1)), record=record)


def test_what_broke_is_known_with_what_was_read_before() -> None:
    found = looked_at(items(rows(2)).replace("</Items>", "& </Items>"))

    assert found.records == 2
    assert found.error is not None
    assert re.fullmatch(r"export.xml:1:\d+", found.error.where)


def test_an_empty_file_is_an_error_without_records() -> None:
    found = looked_at(b"")

    assert (found.record, found.records, found.candidates) == (None, 0, [])
    assert found.error is not None


@pytest.mark.parametrize("per_record", [1, 3])
def test_names_that_hardly_come_again_make_no_list(per_record: int) -> None:
    numbers = range(300)
    feature = "<F><Name>k{}</Name><Value>1</Value></F>"

    found = looked_at(
        items(
            f"<Sku>{n}</Sku>" + "".join(feature.format(n * 3 + m) for m in range(per_record))
            for n in numbers
        )
    )

    assert (found.pairs, found.listed) == ([], [])


def test_a_long_list_of_few_names_is_one_however_many_records() -> None:
    feature = "<F><Name>{}</Name><Value>{}</Value></F>"

    found = looked_at(
        items(
            f"<Sku>{n}</Sku>{feature.format('Power', n)}{feature.format('Size', n)}"
            for n in range(300)
        )
    )

    assert [list(pairs.entries) for pairs in found.pairs] == [["Power", "Size"]]
    assert value(found, "F[Name='Power']/Value").times == 300


def test_too_many_paths_are_left_out_and_counted() -> None:
    names = "".join(f"<n{number}/>" for number in range(6_000))

    found = looked_at(f"<Export>{names}</Export>")

    assert found.lost > 900


def test_elements_that_lie_too_deep_are_left_out_and_counted() -> None:
    found = looked_at("<a>" * 80 + "x" + "</a>" * 80)

    assert found.lost == 16


@pytest.mark.parametrize(
    ("texts", "looks"),
    [
        (["A-1", "A-2"], ["identifier"]),
        (["J", "N"], ["identifier", "boolean J/N"]),
        (["4006381333931", "4006381333931"], ["GTIN", "number 1234.56"]),
        (["31.12.2026", "1.2.2026"], ["date 31.12.2026"]),
        (["1,5", "2,5"], ["number 1.234,56"]),
        (["1,5", "many"], []),
        (["12.99 EUR", "1 EUR"], ["number 1234.56 with a currency"]),
        (["65 W", "1 W"], ["number 1234.56 with a unit"]),
        (["de", "en"], ["identifier", "language"]),
        (["<p>a</p>", "b c"], ["html"]),
    ],
)
def test_values_are_described(texts: list[str], looks: list[str]) -> None:
    found = looked_at(items([f"<V><![CDATA[{text}]]></V><S>1</S>" for text in texts]))

    assert described(value(found, "V"), found.records) == looks


@pytest.mark.parametrize(
    ("file", "record", "records"),
    [
        ("05-bmecat2005-olivere", "/BMECAT/T_NEW_CATALOG/PRODUCT", 1),
        ("10-commerceml-import", "/КоммерческаяИнформация/Каталог/Товары/Товар", 2),
        (
            "11-commerceml-offers",
            "/КоммерческаяИнформация/ПакетПредложений/Предложения/Предложение",
            5,
        ),
        ("23-prestashop-product8", "/prestashop/product", 1),
        ("25-demandware-products", "/catalog/product", 5),
        ("33-ubl-catalogue-mobile", "/Catalogue/CatalogueLine", 8),
        (
            "40-gdsn3-ivoed",
            "/catalogueItemNotificationMessage/transaction/catalogueItem/tradeItem",
            1,
        ),
        ("45-moqui-products", "/entity-facade-xml/mantle.product.Product", 13),
        ("54-onix3-single-ref", "/ONIXMessage/Product", 1),
    ],
)
def test_the_records_of_real_exports_are_found(
    shared: Path, file: str, record: str, records: int
) -> None:
    found = looked_at((shared / "exports" / f"{file}.xml").read_bytes())

    assert (found.record, found.records) == (record, records)
