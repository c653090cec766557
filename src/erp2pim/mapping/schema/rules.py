"""The shape of a rule: where one value comes from and what happens to it on the way."""

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

from erp2pim.mapping.shape import Exact, Flag, Shape, Text, Whole

Owner = Literal["erp", "add", "pim", "report"]
Policy = Literal["leave", "clear", "reject"]
AttributeType = Literal[
    "text",
    "textarea",
    "number",
    "boolean",
    "date",
    "file",
    "image",
    "link",
    "list",
    "metric",
    "price",
    "select",
    "multiselect",
    "table",
]


def form(value: object) -> str:
    """Tell a path from a rule from a list by the YAML alone, so that faults name one form only."""
    if isinstance(value, str):
        return "text"
    return "list" if isinstance(value, list) else "map"


class Constant(Shape):
    """A fixed text in a code's place."""

    value: Text = Field(description="The text.")


class Booleans(Shape):
    """The words of this export for true and false, compared without regard to case."""

    expected: ClassVar[str] = "the words are expected as {true: [Y], false: [N]}"

    true: list[Text] = Field(description="Words that mean true.")
    false: list[Text] = Field(description='Words that mean false; "" is the empty element.')


class Readings(Shape):
    """How texts of the export are read; in `source` for all rules, in a rule for that one."""

    numbers: Text | None = Field(
        default=None,
        description='The number 1234.56 as this export writes it, such as "1.234,56"; without it, '
        "1234.56.",
    )
    dates: Annotated[Text, Tag("text")] | Annotated[list[Text], Tag("list")] | None = Field(
        default=None,
        description="31 December 2026, 23:59:59 as this export writes it, or a strptime pattern; "
        "several are tried in order. Without it, 2026-12-31.",
    )
    booleans: Booleans | None = Field(
        default=None,
        description="The words for true and false; without it, true and 1, false and 0.",
    )
    no_value: list[Text] | None = Field(
        default=None, description="Texts that mean that there is no value: as if they were empty."
    )
    absent: Policy | None = Field(
        default=None,
        description="What to do when the path finds nothing; without it, `leave`: the PIM keeps "
        "its value.",
    )
    empty: Policy | None = Field(
        default=None,
        description="What to do when the path finds only empty texts; without it, `leave`.",
    )
    nil: Policy | None = Field(
        default=None, description="What to do when the path finds xsi:nil; without it, `reject`."
    )


Transform: TypeAlias = (
    Annotated[Text, Tag("text")] | Annotated[dict[str, Text | dict[str, Text]], Tag("map")]
)
Transforms: TypeAlias = Annotated[
    Annotated[Text, Tag("text")]
    | Annotated[dict[str, Text | dict[str, Text]], Tag("map")]
    | Annotated[list[Annotated[Transform, Discriminator(form)]], Tag("list")],
    Discriminator(form),
]


class Rule(Readings):
    """Where a value comes from and what happens to it on the way."""

    path: (
        Annotated[
            Annotated[Text, Tag("text")] | Annotated[list["Source"], Tag("list")],
            Discriminator(form),
        ]
        | None
    ) = Field(
        default=None,
        description="An XPath; or a list of rules, of which the first that has a value counts.",
    )
    pair: Text | None = Field(
        default=None, description="`list.name`: a value of one of the `pairs`."
    )
    value: Text | None = Field(default=None, description="A constant, written the PIM's way.")
    all: list["Source"] | None = Field(
        default=None, description="Every value of every rule, in this order."
    )
    concat: list["Source"] | None = Field(
        default=None,
        description="One text of all rules, with `join` between them; none when one has none.",
    )
    each: Text | None = Field(
        default=None,
        description="An XPath to elements: the rule's source then starts at each of them.",
    )
    columns: dict[str, "ColumnSource"] | None = Field(
        default=None,
        description="With `each`: the columns of one row of a table attribute, by their code.",
    )
    when: Text | None = Field(
        default=None,
        description="An XPath condition: where it is false, the rule is silent and the PIM keeps "
        "its value.",
    )
    as_: Literal["text", "markup"] | None = Field(
        default=None,
        alias="as",
        description="How an element with child elements is read: its text, or its content as HTML.",
    )
    trim: Flag | None = Field(
        default=None, description="`false` keeps blanks at both ends of a text."
    )
    split: Text | None = Field(
        default=None, description="A text at which each text is cut; empty parts vanish."
    )
    transform: Transforms | None = Field(
        default=None,
        description="One step or a list of steps, each a name or {name: parameter}.",
    )
    table: Text | None = Field(
        default=None, description="The table in which each text is looked up."
    )
    parents: Flag | None = Field(
        default=None, description="`true` gives the table's values from the root down to the text."
    )
    otherwise: (
        Annotated[
            Annotated[Literal["reject", "drop", "keep"], Tag("text")]
            | Annotated[Constant, Tag("map")],
            Discriminator(form),
        ]
        | None
    ) = Field(
        default=None,
        description="What to do with a text that the table does not know; without a table, with "
        "one that is no number, date or boolean, or with a file that cannot be sent.",
    )
    join: Text | None = Field(
        default=None, description="Make one text of several, with this between them."
    )
    times: Exact | None = Field(default=None, description="Multiply the number by this.")
    divide: Exact | None = Field(default=None, description="Divide the number by this.")
    round: Whole | None = Field(
        default=None, description="Round half up to so many decimals, 0 to 30."
    )
    default: Text | None = Field(
        default=None,
        description="A constant for when all else gave nothing, written the PIM's way.",
    )
    owner: Owner | None = Field(
        default=None,
        description="Who has the last word: `erp` writes, `pim` fills only what is empty, `report` "
        "writes nothing; `add` keeps what people have put into a list.",
    )
    unit: "Source | None" = Field(
        default=None, description="A measure's unit; its paths start at the amount's element."
    )
    currency: "Source | None" = Field(
        default=None, description="A price's currency; its paths start at the amount's element."
    )
    quantity: "Source | None" = Field(
        default=None,
        description="With `each`: how many of an associated item belong to this one.",
    )


Source: TypeAlias = Annotated[
    Annotated[Text, Tag("text")] | Annotated[Rule, Tag("map")], Discriminator(form)
]


class Column(Rule):
    """A rule for a column of a table attribute."""

    type: Literal["text", "number", "boolean", "date", "metric"] | None = Field(
        default=None,
        description="What the column holds, `text` unless the PIM's structure knows better; codes "
        "of options are texts.",
    )


ColumnSource: TypeAlias = Annotated[
    Annotated[Text, Tag("text")] | Annotated[Column, Tag("map")], Discriminator(form)
]


class Cell(Rule):
    """A rule for one attribute, or for one of its cells."""

    expected: ClassVar[str] = (
        "cells with a locale or channel are expected in a list under an attribute, such as "
        "{locale: en_US, path: Name}; the first of several paths is {path: [A, B]}"
    )

    type: AttributeType | None = Field(
        default=None,
        description="The attribute's type in the PIM; needless where its structure is known.",
    )
    locale: Text | None = Field(default=None, description="The cell's locale.")
    channel: Text | None = Field(default=None, description="The cell's channel (scope).")
    locales: (
        Annotated[
            Annotated[list[Text], Tag("list")] | Annotated[dict[str, Text], Tag("map")],
            Discriminator(form),
        ]
        | None
    ) = Field(
        default=None,
        description="A cell for each locale; with keys, `$locale` in paths is their value.",
    )
    channels: (
        Annotated[
            Annotated[list[Text], Tag("list")] | Annotated[dict[str, Text], Tag("map")],
            Discriminator(form),
        ]
        | None
    ) = Field(
        default=None,
        description="A cell for each channel; with keys, `$channel` in paths is their value.",
    )

    options: Literal["create"] | None = Field(
        default=None, description="`create`: options that the PIM does not have are made."
    )
    label: Source | None = Field(default=None, description="The label of an option to be made.")
    root: Text | None = Field(
        default=None,
        description="The folder that files stand in: below the export's own, or an absolute path.",
    )


Attribute: TypeAlias = Annotated[
    Annotated[Text, Tag("text")] | Annotated[Cell, Tag("map")] | Annotated[list[Cell], Tag("list")],
    Discriminator(form),
]
