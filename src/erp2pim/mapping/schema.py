"""The shape of a mapping file: what may be written, and nothing of what it does."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

from erp2pim.mapping.shape import Exact, Flag, Shape, Text, Whole

Policy = Literal["leave", "clear", "reject"]
AttributeType = Literal[
    "text",
    "textarea",
    "number",
    "boolean",
    "date",
    "metric",
    "price",
    "select",
    "multiselect",
]


def _form(value: object) -> str:
    """Tell a path from a rule from a list by the YAML alone, so that faults name one form only."""
    if isinstance(value, str):
        return "text"
    return "list" if isinstance(value, list) else "map"


class Constant(Shape):
    """A fixed text in a code's place."""

    value: Text = Field(description="The text.")


class Booleans(Shape):
    """The words of this export for true and false, compared without regard to case."""

    true: list[Text] = Field(description="Words that mean true.")
    false: list[Text] = Field(description='Words that mean false; "" is the empty element.')


class Readings(Shape):
    """How texts of the export are read; in `source` for all rules, in a rule for that one."""

    numbers: Text | None = Field(
        default=None, description='A number as this export writes it, such as "1.234,56".'
    )
    dates: Annotated[Text, Tag("text")] | Annotated[list[Text], Tag("list")] | None = Field(
        default=None,
        description="31 December 2026, 23:59:59 as this export writes it, or a strptime pattern; "
        "several are tried in order.",
    )
    booleans: Booleans | None = Field(default=None, description="The words for true and false.")
    no_value: list[Text] | None = Field(
        default=None, description="Texts that mean that there is no value."
    )
    absent: Policy | None = Field(
        default=None, description="What to do when the path finds nothing."
    )
    empty: Policy | None = Field(
        default=None, description="What to do when it finds only empty texts."
    )
    nil: Policy | None = Field(default=None, description="What to do when it finds xsi:nil.")


Transform: TypeAlias = (
    Annotated[Text, Tag("text")] | Annotated[dict[str, Text | dict[str, Text]], Tag("map")]
)
Transforms: TypeAlias = Annotated[
    Annotated[Text, Tag("text")]
    | Annotated[dict[str, Text | dict[str, Text]], Tag("map")]
    | Annotated[list[Annotated[Transform, Discriminator(_form)]], Tag("list")],
    Discriminator(_form),
]


class Rule(Readings):
    """Where a value comes from and what happens to it on the way."""

    path: (
        Annotated[
            Annotated[Text, Tag("text")] | Annotated[list["Source"], Tag("list")],
            Discriminator(_form),
        ]
        | None
    ) = Field(
        default=None, description="An XPath; or a list, of which the first that has a value counts."
    )
    pair: Text | None = Field(
        default=None, description="`list.name`: a value of one of the `pairs`."
    )
    value: Text | None = Field(default=None, description="A constant.")
    all: list["Source"] | None = Field(
        default=None, description="Every value of every entry, in order."
    )
    concat: list["Source"] | None = Field(
        default=None, description="One text of all entries; none when an entry has none."
    )
    each: Text | None = Field(
        default=None, description="An XPath to elements; `path` then starts at each of them."
    )
    when: Text | None = Field(
        default=None, description="An XPath condition: without it the rule is silent."
    )
    trim: Flag | None = Field(
        default=None, description="`false` keeps blanks at both ends of a text."
    )
    split: Text | None = Field(default=None, description="Cut each text here; empty parts vanish.")
    transform: Transforms | None = Field(default=None, description="One step, or a list of steps.")
    table: Text | None = Field(
        default=None, description="The table that turns the text into another one."
    )
    otherwise: (
        Annotated[
            Annotated[Literal["reject", "drop", "keep"], Tag("text")]
            | Annotated[Constant, Tag("map")],
            Discriminator(_form),
        ]
        | None
    ) = Field(default=None, description="What to do with a text that the table does not know.")
    join: Text | None = Field(
        default=None, description="Make one text of several, with this between them."
    )
    times: Exact | None = Field(default=None, description="Multiply the number by this.")
    divide: Exact | None = Field(default=None, description="Divide the number by this.")
    round: Whole | None = Field(default=None, description="Round half up to so many decimals.")
    default: Text | None = Field(
        default=None, description="A constant for when all else gave nothing."
    )
    unit: "Source | None" = Field(default=None, description="Where the measure's unit comes from.")
    currency: "Source | None" = Field(
        default=None, description="Where the price's currency comes from."
    )


Source: TypeAlias = Annotated[
    Annotated[Text, Tag("text")] | Annotated[Rule, Tag("map")], Discriminator(_form)
]


class Cell(Rule):
    """A rule for one attribute, or for one of its cells."""

    type: AttributeType | None = Field(default=None, description="The attribute's type in the PIM.")
    locale: Text | None = Field(default=None, description="The cell's locale.")
    channel: Text | None = Field(default=None, description="The cell's channel (scope).")
    locales: (
        Annotated[
            Annotated[list[Text], Tag("list")] | Annotated[dict[str, Text], Tag("map")],
            Discriminator(_form),
        ]
        | None
    ) = Field(
        default=None,
        description="One cell a locale; with a map, `$locale` in paths is the map's value.",
    )
    channels: (
        Annotated[
            Annotated[list[Text], Tag("list")] | Annotated[dict[str, Text], Tag("map")],
            Discriminator(_form),
        ]
        | None
    ) = Field(
        default=None,
        description="One cell a channel; with a map, `$channel` in paths is the map's value.",
    )


Attribute: TypeAlias = Annotated[
    Annotated[Text, Tag("text")] | Annotated[Cell, Tag("map")] | Annotated[list[Cell], Tag("list")],
    Discriminator(_form),
]


class ExportSource(Readings):
    """Where records stand in the export and how its texts are read."""

    record: Text = Field(description="The path of a record, such as /Export/Items/Item.")
    namespaces: Annotated[
        Annotated[Literal["ignore"], Tag("text")]
        | Annotated[
            dict[
                str,
                Annotated[
                    Annotated[Text, Tag("text")] | Annotated[list[Text], Tag("list")],
                    Discriminator(_form),
                ],
            ],
            Tag("map"),
        ],
        Discriminator(_form),
    ] = Field(
        default_factory=dict[str, Text | list[Text]],
        description="URI by prefix, or several URIs that mean the same; or `ignore`.",
    )
    header: dict[str, Text] = Field(
        default_factory=dict[str, Text],
        description="Name to an absolute path: the value is `$name` in every path.",
    )
    skip: dict[str, Text] = Field(
        default_factory=dict[str, Text],
        description="Reason to an XPath condition: such records are counted and left out.",
    )
    locale: Text | None = Field(
        default=None, description="The locale of what names none; `$locale`."
    )
    channel: Text | None = Field(
        default=None, description="The channel of what names none; `$channel`."
    )
    huge: Flag = Field(
        default=False, description="Lift the parser's limits on text length and depth."
    )


class CsvTable(Shape):
    """A table in a CSV file whose first line names the columns."""

    file: Text = Field(description="The file, relative to the mapping.")
    key: Text = Field(description="The column that is looked up.")
    value: Text = Field(description="The column that is found; several rows are several values.")
    delimiter: Text = Field(default=",", description="What stands between two columns.")
    encoding: Text = Field(default="utf-8-sig", description="The file's encoding.")


def _table_form(value: object) -> str:
    return "csv" if isinstance(value, dict) and "file" in value else "inline"


Table: TypeAlias = Annotated[
    Annotated[CsvTable, Tag("csv")] | Annotated[dict[str, Text], Tag("inline")],
    Discriminator(_table_form),
]


class Pairs(Shape):
    """A list of names and values inside the record."""

    each: Text = Field(description="An XPath to the entries.")
    key: Source = Field(description="The entry's name.")
    value: Source = Field(description="The entry's value, or several.")
    unit: Source | None = Field(default=None, description="The unit of the entry's value.")


class Products(Shape):
    """What a record becomes: a product."""

    identifier: Source = Field(description="The product's identifier.")
    when: Text | None = Field(default=None, description="An XPath condition: which records.")
    duplicates: Literal["reject", "first", "last", "merge"] = Field(
        default="reject", description="What to do when several records have one identifier."
    )
    family: Source | None = Field(default=None, description="The family's code.")
    enabled: Source | None = Field(default=None, description="Whether the product is enabled.")
    categories: Source | None = Field(default=None, description="Codes of all categories.")
    values: dict[str, Attribute] = Field(
        default_factory=dict[str, Attribute], description="A rule by attribute code."
    )


class MappingFile(Shape):
    """The file `mapping.yaml`."""

    version: Literal["1"] = Field(description="The version of the mapping language.")
    source: ExportSource
    tables: dict[str, Table] = Field(
        default_factory=dict[str, Table], description="Codes that become other codes or texts."
    )
    pairs: dict[str, Pairs] = Field(
        default_factory=dict[str, Pairs], description="Lists of names and values in the record."
    )
    products: Products
