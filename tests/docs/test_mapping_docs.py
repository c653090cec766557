"""Every example in docs/mapping.md gives what the page shows, and the page shows every word.

An example is a `yaml` block with a `text` block behind it, on the `xml` block before them. XML that
does not begin with `<?xml` is one or more records of /Export/Item. Blocks with a file's name behind
their language are files beside the mapping, for the rest of their chapter.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest
import yaml

from erp2pim.cli import main
from erp2pim.errors import ExitCode
from erp2pim.mapping import schema
from erp2pim.mapping.numbers import number_format
from erp2pim.mapping.shape import Shape
from erp2pim.mapping.transforms import TransformError, step
from erp2pim.mapping.values import Unmappable
from tests.docs.worked import export_of, foreseen, shown

PAGE = Path(__file__).parents[2] / "docs" / "mapping.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCK = re.compile(
    r"^```(?P<language>\w+) ?(?P<name>\S*)\n(?P<body>.*?)^```$|^## ", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Example:
    """One example of the page.

    Attributes:
        line: The line of its YAML.
        xml: The export, or records of it.
        part: The part of the mapping.
        files: Files beside it, by name.
        expected: What the page shows.
    """

    line: int
    xml: str
    part: str
    files: Mapping[str, str]
    expected: list[str]


def examples() -> Iterator[Example]:
    files: dict[str, str] = {}
    xml, part = "", None
    for block in BLOCK.finditer(TEXT):
        body = block["body"]
        line = TEXT.count("\n", 0, block.start()) + 1
        if body is None:
            files = {}
        elif block["name"]:
            files = {**files, block["name"]: body}
        elif block["language"] == "xml":
            xml = body
        elif block["language"] == "yaml":
            part = (line, body)
        elif block["language"] == "text" and part is not None:
            yield Example(part[0], export_of(xml), part[1], files, _lines(body))
            part = None


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


EXAMPLES = list(examples())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"line {example.line}")
def test_an_example_gives_what_the_page_shows(example: Example, tmp_path: Path) -> None:
    found = shown(tmp_path, example.part, example.xml, example.files)
    if example.expected[0].startswith(("create ", "update ")):
        found = [line for line in foreseen(tmp_path) if line[0] == " " or line[:6] == "create"]
    elif any(line.startswith("warning: ") for line in example.expected):
        found += [line for line in foreseen(tmp_path) if line.startswith("warning: ")]
    if not any(line.startswith(("identifier: ", "code: ")) for line in example.expected):
        found = [line for line in found if not line.startswith("identifier: ")]

    assert [_read(line) for line in found] == [_read(line) for line in example.expected]


def _read(line: str) -> tuple[str, object]:
    """Read a line of an item as YAML, which JSON is; what else is told stays as it is."""
    name, _, text = line.partition(": ")
    if name in {"reject", "skipped"}:
        return name, yaml.safe_load(text) if text.startswith('"') else text
    if name in {"fault", "refused", "warning"} or line.startswith(("create ", "  ")):
        return name, text
    return name, yaml.load(text, yaml.BaseLoader)  # noqa: S506  it knows texts alone


def test_the_cases_of_the_chapter_on_testing_hold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chapter = TEXT.partition("\n## Testing")[2].partition("\n## ")[0]
    for block in BLOCK.finditer(chapter):
        if block["name"]:
            (tmp_path / block["name"]).write_text(block["body"], encoding="utf-8")
    (session,) = re.findall(r"^```console\n(.*?)^```$", chapter, re.MULTILINE | re.DOTALL)
    command, _, expected = session.partition("\n")
    assert command == "$ erp2pim test mapping.yaml"

    assert main(["test", str(tmp_path / "mapping.yaml")]) == ExitCode.DONE

    assert capsys.readouterr().out == expected


def keys_shown() -> set[str]:
    """Give every key that stands in a YAML block."""
    found: set[str] = set()
    for block in BLOCK.finditer(TEXT):
        if block["language"] == "yaml":
            found.update(re.findall(r"(\w+):(?=\s)", block["body"]))
    return found


def shapes() -> set[type[Shape]]:
    """Give the shapes of everything that a mapping file may hold."""
    found: set[type[Shape]] = set()
    waiting: list[object] = [schema.MappingFile]
    while waiting:
        each = waiting.pop()
        waiting.extend(get_args(each))
        if isinstance(each, type) and issubclass(each, Shape) and each not in found:
            found.add(each)
            waiting.extend(field.annotation for field in each.model_fields.values())
    return found


def test_the_page_shows_every_key_of_the_language() -> None:
    keys = {key for shape in shapes() for key in shape.key_names()}

    assert keys - keys_shown() == set()


def test_the_page_names_every_choice_of_a_key() -> None:
    choices = {
        choice
        for shape in shapes()
        for field in shape.model_fields.values()
        for choice in _choices(field.annotation)
    }

    assert {choice for choice in choices if not re.search(rf"\b{choice}\b", TEXT)} == set()


def _choices(annotation: object) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for each in get_args(annotation):
            yield from _choices(each)


def test_the_page_lists_every_transform() -> None:
    with pytest.raises(TransformError) as caught:
        step("?", None)

    known = str(caught.value).partition("known are ")[2].split(", ")
    rows = "".join(re.findall(r"^\| (`[a-z{].*?) \| ", TEXT, re.MULTILINE))
    assert [name for name in known if not re.search(rf"[`{{]{name}[`:]", rows)] == []


def test_numbers_are_read_as_the_page_says() -> None:
    rows = re.findall(r"^\| (none|`\".*?\"`) \| (`.*?) \| (`.*?) \|$", TEXT, re.MULTILINE)
    assert len(rows) == 5
    for shown_as, reads, refuses in rows:
        example = "1234.56" if shown_as == "none" else shown_as.strip('`"')
        for text in re.findall("`(.*?)`", reads):
            number_format(example).number(text)
        for text in re.findall("`(.*?)`", refuses):
            with pytest.raises(Unmappable):
                number_format(example).number(text)


def test_every_link_within_the_page_leads_somewhere() -> None:
    headings = re.findall(r"^#+ (.*)$", TEXT, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}

    assert set(re.findall(r"\]\(#([^)]*)\)", TEXT)) - anchors == set()
