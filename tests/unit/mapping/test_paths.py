"""What paths in rules find, whichever way they are answered."""

import pytest

from tests.unit.mapping.mapped import bodies, body, data, faults, refused, written

TEXT = "<T/><Text lang='en'>chair</Text><Text lang='de'>Stuhl</Text>"
ELSEWHERE = "paths start at the record; header:, tables and joins reach elsewhere"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("Text[@lang='de']", "Stuhl", id="attribute in single quotes"),
        pytest.param('Text[@lang="de"]', "Stuhl", id="attribute in double quotes"),
        pytest.param("Text[ @lang = 'de' ]", "Stuhl", id="blanks in a predicate"),
        pytest.param("Text[.='Stuhl']/@lang", "de", id="the element's own text"),
        pytest.param("Text[2]", "Stuhl", id="position"),
        pytest.param("Text[last()]", "Stuhl", id="last position"),
        pytest.param("(Text)[1]", "chair", id="first of all"),
        pytest.param(".//Text[2]", "Stuhl", id="at any depth"),
        pytest.param("*[@lang='de']", "Stuhl", id="any element"),
        pytest.param("Text[@lang='de']/text()", "Stuhl", id="text node"),
        pytest.param("Text[contains(., 'uhl')]", "Stuhl", id="function in a predicate"),
        pytest.param("substring(Text[1], 2)", "hair", id="computed text"),
        pytest.param("../Item/Text[1]", "chair", id="up and down again"),
        pytest.param("Text[@lang='fr'] | Text[@lang='en']", "chair", id="union"),
        pytest.param("Nothing", "left", id="no such element"),
        pytest.param("Text/@nothing", "left", id="no such attribute"),
        pytest.param("Text[@lang='fr']", "left", id="no such value"),
        pytest.param("string(Nothing)", "left", id="computed empty text"),
    ],
)
def test_a_path_finds_what_xpath_finds(path: str, expected: str) -> None:
    quoted = path.replace('"', '\\"')

    assert data(TEXT.replace("<T/>", ""), f'{{path: "{quoted}", type: text}}') == expected


@pytest.mark.parametrize("axis", ["child::Key", "self::Row/Key", "./Key"])
def test_an_axis_in_a_predicate_is_no_namespace_prefix(axis: str) -> None:
    rows = "<Row><Key>w</Key><V>1</V></Row><Row><Key>h</Key><V>2</V></Row>"

    assert data(rows, f"{{path: \"Row[{axis}='h']/V\", type: text}}") == "2"


def test_the_record_itself_can_be_the_value() -> None:
    mapping = written('a: {path: ".", type: text}').replace("Sku", '"@sku"')

    found = bodies(mapping, "<Export><Item sku='A1'>Stuhl</Item></Export>")

    assert found == [{"values": {"a": [{"locale": None, "scope": None, "data": "Stuhl"}]}}]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("count(Tag)", "3", id="whole"),
        pytest.param("count(Tag) - 5", "-2", id="negative"),
        pytest.param("1000000 * 1000000", "1000000000000", id="no exponent"),
    ],
)
def test_a_number_that_xpath_computes_is_taken_when_it_is_whole(path: str, expected: str) -> None:
    assert data("<Tag/><Tag/><Tag/>", f"{{path: {path}, type: number}}") == expected


@pytest.mark.parametrize(
    ("path", "value"),
    [("P div 8", "0.125"), ("number(Nothing)", "nan"), ("P div 0", "inf")],
    ids=["fraction", "not a number", "infinite"],
)
def test_a_number_that_xpath_computes_is_refused_when_it_is_not_whole(
    path: str, value: str
) -> None:
    assert refused("<P>1</P>", f"{{path: {path}, type: number}}") == (
        f"the path {path} computes a number that is not whole; use times: or divide:",
        value,
    )


@pytest.mark.parametrize(
    ("when", "record", "holds"),
    [
        pytest.param("Flag", "<Flag/>", True, id="an element is there"),
        pytest.param("Flag", "", False, id="no element is there"),
        pytest.param("'@mode'", "", False, id="no attribute is there"),
        pytest.param("Flag = 'x'", "<Flag>x</Flag>", True, id="comparison"),
        pytest.param("not(Flag)", "<Flag/>", False, id="negation"),
        pytest.param("count(Flag) - 1", "<Flag/>", False, id="the number zero"),
        pytest.param("string(Flag)", "<Flag/>", False, id="the empty text"),
    ],
)
def test_a_condition_holds_as_xpath_boolean_says(when: str, record: str, *, holds: bool) -> None:
    found = data(record, f"{{value: x, when: {when}, type: text}}")

    assert found == ("x" if holds else "left")


def test_the_language_of_an_element_is_found_by_xml_lang() -> None:
    rules = """
        a: {path: "Name[@xml:lang='de']", type: text}
        b: {path: "Name[lang('fr')]", type: text}
        c: {path: "Name[1]/@xml:lang", type: text}
    """

    found = body("<Name xml:lang='de'>Stuhl</Name><Name xml:lang='fr'>chaise</Name>", rules)

    assert found == {
        "values": {
            "a": [{"locale": None, "scope": None, "data": "Stuhl"}],
            "b": [{"locale": None, "scope": None, "data": "chaise"}],
            "c": [{"locale": None, "scope": None, "data": "de"}],
        }
    }


@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param(
            "/Export/Item/T",
            f"'/Export/Item/T' starts at the document; {ELSEWHERE}",
            id="absolute",
        ),
        pytest.param(
            "//T",
            "'//T' starts at the document; paths start at the record; for any depth write .//T",
            id="any depth",
        ),
        pytest.param(
            "concat(/Export/T, T)",
            f"'concat(/Export/T, T)' starts at the document; {ELSEWHERE}",
            id="absolute inside",
        ),
        pytest.param(
            "T | /Export/T",
            f"'T | /Export/T' starts at the document; {ELSEWHERE}",
            id="absolute alternative",
        ),
        pytest.param(
            "T[. = /Export/@t]",
            f"'T[. = /Export/@t]' starts at the document; {ELSEWHERE}",
            id="absolute in a predicate",
        ),
        pytest.param(
            "(//T)[1]",
            f"'(//T)[1]' starts at the document; {ELSEWHERE}",
            id="absolute in brackets",
        ),
        pytest.param("", "an XPath is expected; found an empty text", id="nothing"),
        pytest.param("T[", "'T[' is no XPath: Invalid expression at its end", id="open bracket"),
        pytest.param(r"T\e", "'T\\x1b' holds U+001B, which no XML can hold", id="no XML"),
        pytest.param("T T", "'T T' is no XPath: Invalid expression at character 3", id="two names"),
        pytest.param("f(T)", "f() is not in XPath 1.0", id="function"),
        pytest.param(
            "T[lower-case(.)='x']",
            "lower-case() is not in XPath 1.0; use transform: lower, or translate() within a path",
            id="function inside",
        ),
        pytest.param("e:T", "unknown namespace prefix 'e'; known are none", id="prefix"),
        pytest.param(
            "T[@e:x='1']", "unknown namespace prefix 'e'; known are none", id="prefix inside"
        ),
        pytest.param(
            "T[x or e:x]", "unknown namespace prefix 'e'; known are none", id="prefix deep inside"
        ),
    ],
)
def test_what_is_no_path_of_the_record_is_a_fault(path: str, message: str) -> None:
    assert faults(written(f'a: {{path: "{path}", type: text}}')) == [f"5:15: {message}"]


def test_a_slash_in_a_quoted_text_starts_no_path() -> None:
    path = '''"concat(T, '(/', U)"'''

    assert data("<T>a</T><U>b</U>", f"{{path: {path}, type: text}}") == "a(/b"


def test_header_values_are_variables_in_every_path() -> None:
    mapping = written(
        """
        a: {path: $currency, type: text}
        b: {path: "P[@cur = $currency]", type: text}
        c: {value: x, when: "$currency = 'EUR'", type: text}
        d: {path: $nothing, type: text}
        """,
        source="header: {currency: /Export/@cur, nothing: /Export/Header/Nothing}",
    )
    export = (
        "<Export cur='EUR'><Item><Sku>A1</Sku><P cur='USD'>1</P><P cur='EUR'>2</P></Item></Export>"
    )

    found = bodies(mapping, export)

    assert found == [
        {
            "values": {
                "a": [{"locale": None, "scope": None, "data": "EUR"}],
                "b": [{"locale": None, "scope": None, "data": "2"}],
                "c": [{"locale": None, "scope": None, "data": "x"}],
            }
        }
    ]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("$curency", "unknown variable '$curency'; did you mean '$currency'?"),
        ("P[@x=$zzz]", "unknown variable '$zzz'; known are $currency"),
    ],
    ids=["nearly right", "nothing like it"],
)
def test_an_undefined_variable_is_a_fault_with_a_suggestion(path: str, message: str) -> None:
    mapping = written(
        f'a: {{path: "{path}", type: text}}', source="header: {currency: /Export/@cur}"
    )

    assert faults(mapping) == [f"5:15: {message}"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("contians(P, 'x')", "contians() is not in XPath 1.0; did you mean contains()?"),
        ("xyz(P)", "xyz() is not in XPath 1.0"),
    ],
    ids=["nearly right", "nothing like it"],
)
def test_an_unknown_function_is_a_fault_with_a_suggestion(path: str, message: str) -> None:
    assert faults(written(f'a: {{path: "{path}", type: text}}')) == [f"5:15: {message}"]


def test_a_dollar_in_a_quoted_text_is_no_variable() -> None:
    assert data("<T>$x</T>", "{path: \"T[. = '$x']\", type: text}") == "$x"


def test_what_stood_before_the_records_stays_in_reach_of_the_last_one() -> None:
    mapping = written('a: {path: "../Header/Currency", type: text}')
    far = f"<Pad>{'x' * 100_000}</Pad>"
    records = "".join(f"<Item><Sku>A{n}</Sku>{far}</Item>" for n in range(3))
    export = f"<Export><Header><Currency>EUR</Currency></Header>{records}</Export>"

    found = bodies(mapping, export)

    assert found == [{"values": {"a": [{"locale": None, "scope": None, "data": "EUR"}]}}] * 3
