"""The cases beside a mapping: what is given, and what is expected of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import Discriminator, Field, Tag

from erp2pim.config.shaped import shaped
from erp2pim.config.yamlfile import Tree
from erp2pim.mapping.schema.rules import form
from erp2pim.mapping.shape import Shape, Text, Version, Whole


class Example(Shape):
    """One record of an export."""

    export: Text = Field(description="The export, relative to this file.")
    record: Whole = Field(description="The record's number, counted from 1.")


Given: TypeAlias = Annotated[
    Annotated[Text, Tag("text")] | Annotated[Example, Tag("map")], Discriminator(form)
]


class Case(Shape):
    """One case."""

    name: Text = Field(description="What the case shows.")
    given: Given = Field(description="The XML of a record or of a whole export, or an example.")
    expect: object = Field(
        description="An item or a list of items, each with the names that `diff` shows; "
        "or `reject:` or `skipped:` with a part of the message or the reason."
    )


class CasesFile(Shape):
    """The file `mapping.tests.yaml`."""

    version: Version = Field(description="The version of this file's form.")
    cases: list[Case] = Field(description="The cases.")


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases of a mapping.

    Attributes:
        path: The file that they stand in.
        cases: In the order of the file.
        lines: The line of each.
    """

    path: Path
    cases: list[Case]
    lines: list[int]


def cases_path(mapping: Path) -> Path:
    """Give the file of the cases that belong to a mapping: `mapping.yaml`, `mapping.tests.yaml`."""
    return mapping.with_name(f"{mapping.stem}.tests{mapping.suffix}")


def load_cases(mapping: Path) -> Cases:
    """Read the cases of a mapping.

    Raises:
        ConfigError: With every fault of the file.
    """
    path = cases_path(mapping)
    how = "write the cases into it; docs/mapping.md, Testing a mapping, shows how"
    written, document = shaped(path, CasesFile, "file of cases", missing=how)
    lines = [document.place(("cases", number))[0] for number in range(len(written.cases))]
    return Cases(path, written.cases, lines)


def listed(expected: object) -> list[Tree]:
    """Give what is expected as a list."""
    return expected if isinstance(expected, list) else [expected]  # type: ignore[list-item]  # YAML gives trees alone
