"""`coverage`, warnings and `test` tell what a mapping makes use of and whether it holds."""

from pathlib import Path

import pytest

from tests.support.desk import Desk, item


def test_coverage_names_what_is_never_mapped(desk: Desk) -> None:
    export = desk.export([item("A", Colour="red", Group="tools"), item("B", Colour="blue")])

    told = desk.run("coverage", export)

    assert told.code == 0
    assert "never mapped: /Export/Items/Item/Colour (2 times)" in told.out
    assert "Name (" not in told.out
    assert "mode" not in told.out


def test_coverage_counts_what_is_inside_of_markup_as_mapped(desk: Desk) -> None:
    desk.change_mapping("path: Name,", "path: Name, as: markup,")
    export = desk.export([item("A", Name="Drill")])
    text = Path(export).read_text(encoding="utf-8")
    Path(export).write_text(text.replace("Drill", "<b id='x'>Drill</b>"), encoding="utf-8")

    assert "Name/b" not in desk.run("coverage", export).out


def test_coverage_looks_at_records_within_records_by_themselves(desk: Desk) -> None:
    desk.change_mapping("/Export/Items/Item", "//Item")
    export = desk.export([item("A", Name="Drill", Parts="")])
    text = Path(export).read_text(encoding="utf-8")
    inner = item("B", Name="Bit", Colour="red")
    Path(export).write_text(text.replace("<Parts>", f"<Parts>{inner}"), encoding="utf-8")

    lines = desk.run("coverage", export).out.splitlines()

    assert [line for line in lines if line.startswith("never mapped")] == [
        "never mapped: //Item/Parts (1 times)",
        "never mapped: //Item/Colour (1 times)",
    ]


def test_coverage_names_rules_that_never_gave_a_value(desk: Desk) -> None:
    told = desk.run("coverage", desk.export([item("A")]))

    place = next(
        number
        for number, line in enumerate(desk.mapping.read_text("utf-8").splitlines(), 1)
        if "pieces:" in line
    )
    assert f"never gave a value: the rule at {desk.mapping}:{place}" in told.out


def test_a_run_warns_of_paths_that_no_earlier_run_has_seen(desk: Desk) -> None:
    desk.sync(desk.export([item("A")]))

    told = desk.sync(desk.export([item("A", Colour="red")]))

    assert "/Export/Items/Item/Colour is new: no record had it in earlier runs" in told["warnings"]
    assert "new: " not in desk.run("coverage", desk.export([item("A", Colour="red")])).out


def test_a_path_that_found_nothing_is_told_with_the_nearest_that_exist(desk: Desk) -> None:
    desk.change_mapping("path: Weight", "path: Weigth")

    told = desk.run("diff", desk.export([item("A", Weight="1")]))

    assert "the path Weigth found nothing in the whole export" in told.err
    assert "the nearest that exist: Weight\n" in told.err


def test_the_nearest_that_exist_are_named_from_the_record(desk: Desk) -> None:
    desk.change_mapping("path: Weight", "path: Heigth")
    record = "<Item><Sku>A</Sku><Name>N</Name><Size><Height>1</Height></Size></Item>"

    told = desk.run("diff", desk.export([record]))

    assert "the path Heigth found nothing" in told.err
    assert "the nearest that exist: Size/Height\n" in told.err


def test_an_element_that_an_export_lacks_is_no_constant(desk: Desk) -> None:
    told = desk.run("diff", desk.export([item("A")]))

    hint = "if a constant is meant, write {value: Pieces}"
    assert f"the path Pieces found nothing in the whole export; {hint}" in told.err


@pytest.mark.parametrize(
    "second",
    ["Title", "Title[. != '']", "normalize-space(Title)", "*/Title", ".//Title"],
)
def test_what_is_asked_behind_another_path_may_stand_where_that_has_a_value(
    desk: Desk, second: str
) -> None:
    desk.change_mapping("family: Group", f'family: {{path: [Group, "{second}"]}}')

    told = desk.run("diff", desk.export([item("A", Group="g", Title="t"), item("B")]))

    assert "Title" not in told.err


def test_what_is_asked_behind_another_path_and_stands_nowhere_is_told(desk: Desk) -> None:
    desk.change_mapping("family: Group", "family: {path: [Group, Titel]}")

    told = desk.run("diff", desk.export([item("A", Group="g", Title="t"), item("B")]))

    assert "the path Titel found nothing in the whole export; the nearest that exist: " in told.err


def test_a_path_that_fills_several_cells_is_told_once(desk: Desk) -> None:
    desk.change_mapping(
        "pieces:", "gone: {type: text, path: Gone, locales: {de_DE: D, fr: F}}\n    pieces:"
    )

    told = desk.run("diff", desk.export([item("A")]))

    assert told.err.count("the path Gone found nothing") == 1


def test_a_path_that_no_record_has_asked_for_is_not_told(desk: Desk) -> None:
    desk.change_mapping("path: Weight", "path: [Weight, Weigth]")
    desk.change_mapping("family: Group", 'family: {path: Gruop, when: "false()"}')

    told = desk.run("diff", desk.export([item("A", Weight="1")]))

    assert "Weigth" not in told.err
    assert "Gruop" not in told.err


def test_a_path_whose_records_are_all_refused_before_is_not_told(desk: Desk) -> None:
    desk.change_mapping("identifier: Sku", "identifier: Number")

    told = desk.run("check", desk.export([item("A", Weight="1")]))

    assert "the identifier is missing" in told.out
    assert told.err.count("found nothing") == 1
    assert "the path Number found nothing" in told.err


def test_a_path_that_only_skipped_records_have_is_told_so(desk: Desk) -> None:
    desk.change_mapping("skip: {", "skip: {red: Colour, ")
    desk.change_mapping("family: Group", "family: Colour")

    told = desk.run("diff", desk.export([item("A", Colour="red"), item("B")]))

    hint = "only records have it that are skipped or refused, or that the rule is not for"
    assert f"the path Colour found nothing in the whole export; {hint}" in told.err


def test_a_path_that_found_nothing_for_one_locale_names_it(desk: Desk) -> None:
    rule = '{path: "*[name()=$locale]", locales: {de_DE: D, en_US: Name}, type: text}'
    desk.change_mapping("values:", f"values:\n    title: {rule}")

    told = desk.run("diff", desk.export([item("A")]))

    assert "found nothing in the whole export where $locale is 'D'" in told.err
    assert "'Name'" not in told.err


def test_a_table_that_is_never_hit_is_told(desk: Desk) -> None:
    desk.change_mapping("products:", "tables: {unit: {KG: KILOGRAM}}\nproducts:")
    desk.change_mapping("family: Group", "family: {path: Group, table: unit, otherwise: drop}")

    told = desk.run("diff", desk.export([item("A", Group="tools")]))

    assert "the table unit was of no use to any record" in told.err


CASES = """\
version: 1
cases:
  - name: a drill
    given: <Item mode=""><Sku>A</Sku><Name>Drill</Name><Pieces>3</Pieces></Item>
    expect: {identifier: A, "name [en_US]": Drill, pieces: PIECES}
  - name: deleted
    given: <Item mode="delete"><Sku>A</Sku></Item>
    expect: {skipped: deleted}
  - name: no number
    given: <Item mode=""><Sku>A</Sku><Pieces>many</Pieces></Item>
    expect: {reject: a number written like}
  - name: the second of the export
    given: {export: export.xml, record: 2}
    expect: {identifier: B, "name [en_US]": Drill}
"""


def write_cases(desk: Desk, pieces: str) -> Path:
    path = desk.folder / "mapping.tests.yaml"
    path.write_text(CASES.replace("PIECES", pieces), encoding="utf-8")
    return path


def test_a_mapping_without_cases_says_where_they_are_to_stand(desk: Desk) -> None:
    told = desk.run("test")

    assert told.code == 2
    assert told.err.splitlines() == [
        "error: there is no file of cases",
        f"  at: {desk.folder / 'mapping.tests.yaml'}",
        "  fix: write the cases into it; docs/mapping.md, Testing a mapping, shows how",
    ]


def test_cases_that_hold_are_counted(desk: Desk) -> None:
    write_cases(desk, "3")
    desk.export([item("A"), item("B")])

    told = desk.run("test")

    assert (told.code, told.out) == (0, "4 cases hold, 0 fail\n")


def test_a_case_that_fails_shows_expected_and_got(desk: Desk) -> None:
    path = write_cases(desk, "4")
    desk.export([item("A"), item("B")])

    told = desk.run("test")

    assert told.code == 2
    assert told.out.splitlines() == [
        f"{path}:3: a drill: fails; - expected, + got",
        '    identifier: "A"',
        '    name [en_US]: "Drill"',
        '  - pieces: "4"',
        '  + pieces: "3"',
        "3 cases hold, 1 fail",
    ]


def test_an_example_without_that_record_is_told(desk: Desk) -> None:
    write_cases(desk, "3")
    desk.export([item("A")])

    told = desk.run("test")

    assert told.code == 2
    assert "there is no record 2" in told.err
