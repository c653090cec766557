"""The mapping file and what it names: CSV tables and functions."""

from pathlib import Path

import pytest

from erp2pim.config.mappingfile import load_mapping
from erp2pim.errors import ConfigError, ExportError
from tests.unit.mapping.mapped import FILE, data, faults, mapped, refused, written

TABLE = "tables: {t: {file: t.csv, key: k, value: v}}"
RULE = "{path: K, table: t, type: multiselect}"


def with_table(table: str) -> str:
    return written(f"a: {RULE}", more=f"tables: {{t: {table}}}")


@pytest.mark.parametrize(
    ("csv", "words", "expected"),
    [
        pytest.param(b"k,v\nA,1\nB,2\n", "", ["1"], id="plain"),
        pytest.param(b"\xef\xbb\xbfk,v\nA,1\n", "", ["1"], id="byte order mark"),
        pytest.param(b"k,v\r\nA,1\r\n", "", ["1"], id="line ends of Windows"),
        pytest.param(b"v,x,k\n1,y,A\n", "", ["1"], id="columns by name"),
        pytest.param(b"k,v\nA,1\nA,2\nA,1\n", "", ["1", "2"], id="several rows"),
        pytest.param(b"k,v\n A , 1 \n", "", ["1"], id="blanks"),
        pytest.param(b'k,v\nA,"1, ""x""\n2"\n', "", ['1, "x"\n2'], id="quotes"),
        pytest.param(b"k,v\n\nA,1\n\n", "", ["1"], id="empty lines"),
        pytest.param(b"k,v\nA,1,more\n", "", ["1"], id="more columns than named"),
        pytest.param(b"k;v\nA;1,5\n", ", delimiter: ;", ["1,5"], id="semicolon"),
        pytest.param(b"k\tv\nA\t1\n", ', delimiter: "\\t"', ["1"], id="tab"),
        pytest.param(
            "k,v\nA,größe\n".encode("cp1252"), ", encoding: cp1252", ["größe"], id="encoding"
        ),
        pytest.param("k,v\nA,größe\n".encode(), "", ["größe"], id="UTF-8"),
    ],
)
def test_a_table_in_a_csv_file_is_read(csv: bytes, words: str, expected: list[str]) -> None:
    Path("t.csv").write_bytes(csv)

    more = f"tables: {{t: {{file: t.csv, key: k, value: v{words}}}}}"

    assert data("<K>A</K>", RULE, more=more) == expected


def test_keys_of_a_table_are_compared_as_they_are() -> None:
    Path("t.csv").write_text("k,v\n007,x\nabc,y\n", encoding="utf-8")

    assert data("<K>007</K>", RULE, more=TABLE) == ["x"]
    assert refused("<K>7</K>", RULE, more=TABLE) == ("a key of the table t is expected", "7")
    assert refused("<K>ABC</K>", RULE, more=TABLE) == ("a key of the table t is expected", "ABC")


HIERARCHY = "{file: t.csv, key: k, value: v, parent: p}"


@pytest.mark.parametrize(
    ("csv", "path"),
    [
        ("k,v,p\nA,1,B\nB,2,C\nC,3,\n", "3/2/1"),
        ("k,v,p\nB,2,\nA,1,B\nA,x,B\n", "2/1"),
        ("k,v,p\nA,1,gone\n", "1"),
    ],
    ids=["three levels", "the first of several", "a parent without a row"],
)
def test_the_rows_of_a_hierarchy_are_given_from_the_root_down(csv: str, path: str) -> None:
    Path("t.csv").write_text(csv, encoding="utf-8")
    rule = "{path: K, table: t, parents: true, join: /, type: text}"

    assert data("<K>A</K>", rule, more=f"tables: {{t: {HIERARCHY}}}") == path


@pytest.mark.parametrize(
    ("csv", "key"), [("k,v,p\nA,1,A\n", "A"), ("k,v,p\nA,1,B\nB,2,C\nC,3,B\n", "B")]
)
def test_a_row_of_a_csv_table_that_stands_above_itself_is_a_fault(csv: str, key: str) -> None:
    Path("t.csv").write_text(csv, encoding="utf-8")

    found = faults(with_table(HIERARCHY))

    assert found == [f"8:53: a row that is not its own ancestor is expected; found {key!r}"]


def test_a_row_of_the_export_that_stands_above_itself_refuses_the_export() -> None:
    more = "tables: {t: {record: /Export/Row, key: '@k', value: '@v', parent: '@p'}}"
    rows = "<Row k='A' v='1' p='B'/><Row k='B' v='2' p='A'/>"

    with pytest.raises(ExportError, match="the table t: a row that is not its own ancestor"):
        mapped(written(f"a: {RULE}", more=more), f"<Export>{rows}</Export>")


@pytest.mark.parametrize(
    ("csv", "words", "expected"),
    [
        pytest.param(None, "", "No such file or directory", id="not there"),
        pytest.param(b"k,v\nA,1\nB\n", "", "line 3 has too few columns", id="row too short"),
        pytest.param(b"k,v\n", ", encoding: utf9", "unknown encoding: utf9", id="no encoding"),
        pytest.param(b'k,v\nA,"1\n', "", "unexpected end of data", id="open quote"),
    ],
)
def test_a_table_that_cannot_be_read_is_a_fault(
    csv: bytes | None, words: str, expected: str
) -> None:
    if csv is not None:
        Path("t.csv").write_bytes(csv)

    found = faults(with_table(f"{{file: t.csv, key: k, value: v{words}}}"))

    assert found == [f"8:20: the table t.csv cannot be read: {expected}"]


@pytest.mark.parametrize(
    ("csv", "place", "words"),
    [
        pytest.param(b"k,w\nA,1\n", "8:42", ["'v'", "k, w"], id="value"),
        pytest.param(b"w,v\nA,1\n", "8:32", ["'k'", "w, v"], id="key"),
        pytest.param(b"k;v\nA;1\n", "8:32", ["'k'", "delimiter: ';'"], id="another delimiter"),
        pytest.param(b"", "8:32", ["'k'", "none"], id="no line at all"),
    ],
)
def test_a_column_that_is_missing_is_told_with_those_that_are_there(
    csv: bytes, place: str, words: list[str]
) -> None:
    Path("t.csv").write_bytes(csv)

    (fault,) = faults(with_table("{file: t.csv, key: k, value: v}"))

    assert fault.startswith(f"{place}: t.csv has no column")
    assert all(word in fault for word in words)


def test_a_table_in_another_encoding_is_told_with_what_to_write() -> None:
    Path("t.csv").write_bytes("k,v\nA,größe\n".encode("cp1252"))

    (fault,) = faults(with_table("{file: t.csv, key: k, value: v}"))

    assert fault.startswith("8:20: t.csv is not utf-8")
    assert "encoding:" in fault


@pytest.mark.parametrize("delimiter", ["", ";;"])
def test_a_delimiter_is_one_character(delimiter: str) -> None:
    Path("t.csv").write_text("k,v\n", encoding="utf-8")

    (fault,) = faults(with_table(f'{{file: t.csv, key: k, value: v, delimiter: "{delimiter}"}}'))

    assert fault.startswith("8:56: ")
    assert "one character" in fault


def test_a_table_stands_beside_the_mapping_not_where_the_program_runs() -> None:
    Path("config").mkdir()
    Path("config/t.csv").write_text("k,v\nA,1\n", encoding="utf-8")
    file = Path("config/mapping.yaml")
    file.write_text(with_table("{file: t.csv, key: k, value: v}"), encoding="utf-8")

    assert load_mapping(file).place_of("a", "product") == "config/mapping.yaml:5"


def test_all_tables_are_looked_at_before_faults_are_told() -> None:
    more = "tables:\n  t: {file: t.csv, key: k, value: v}\n  u: {file: u.csv, key: k, value: v}"

    found = faults(written(f"a: {RULE}\nb: {{path: '[', type: text}}", more=more))

    assert [fault.partition(" ")[0] for fault in found] == ["6:15:", "10:13:", "11:13:"]


def test_a_mapping_that_is_not_there_is_told_with_its_path() -> None:
    with pytest.raises(ConfigError) as caught:
        load_mapping(Path("nowhere.yaml"))

    assert (caught.value.what, caught.value.where) == ("there is no mapping", "nowhere.yaml")
    assert "erp2pim init" in caught.value.fix


def test_a_mapping_in_another_encoding_is_refused() -> None:
    FILE.write_bytes("größe: x\n".encode("cp1252"))

    with pytest.raises(ConfigError) as caught:
        load_mapping(FILE)

    assert (caught.value.what, caught.value.where) == ("the mapping is not UTF-8", "mapping.yaml")


def test_a_mapping_with_a_byte_order_mark_is_read() -> None:
    FILE.write_text(written("a: {path: A, type: text}"), encoding="utf-8-sig")

    assert load_mapping(FILE).place_of("a", "product") == "mapping.yaml:5"


def test_a_mapping_that_is_a_list_is_refused() -> None:
    (fault,) = faults("- a\n- b\n")

    assert fault.startswith("1:1: ")


def test_a_function_beside_the_mapping_is_a_step() -> None:
    Path("steps_of_ours.py").write_text(
        "import re\n\ndef twice(text):\n    return text * 2\n\n"
        "def fail(text):\n    return re.match('x', text).group()\n",
        encoding="utf-8",
    )

    assert data("<V>ab</V>", '{path: V, transform: "steps_of_ours:twice", type: text}') == "abab"
    assert refused("<V>ab</V>", '{path: V, transform: "steps_of_ours:fail", type: text}') == (
        "steps_of_ours:fail fails: AttributeError: 'NoneType' object has no attribute 'group'",
        "ab",
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nowhere:twice", "nowhere:twice cannot be loaded"),
        ("json:nothing", "json:nothing cannot be loaded"),
        ("json:__name__", "json:__name__ is no function"),
        ("broken_steps:twice", "broken_steps:twice cannot be loaded"),
        (":twice", ":twice cannot be loaded"),
        ("raising_steps:twice", "raising_steps:twice cannot be loaded: name 'x' is not defined"),
    ],
)
def test_a_function_that_cannot_be_loaded_is_a_fault(name: str, words: str) -> None:
    Path("broken_steps.py").write_text("def twice(\n", encoding="utf-8")
    Path("raising_steps.py").write_text("x.twice = 2\n", encoding="utf-8")

    (fault,) = faults(written(f'a: {{path: V, type: text, transform: "{name}"}}'))

    assert fault.startswith(f"5:41: {words}")
