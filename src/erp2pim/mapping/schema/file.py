"""The shape of a mapping file: what may be written, and nothing of what it does."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag, WithJsonSchema

from erp2pim.mapping.schema.rules import Attribute, Readings, Source, form
from erp2pim.mapping.shape import Flag, Shape, Text, Version, Whole
from erp2pim.model import Duplicates


class Columns(Shape):
    """Where a sheet says what its columns are."""

    header: Whole = Field(
        ge=1, description="The number of the row, counted from 1, that names the columns."
    )
    index: Text | None = Field(
        default=None,
        description="The attribute that says in which column, counted from 1, a cell stands, such "
        "as @Index.",
    )
    across: Text | None = Field(
        default=None,
        description="The attribute that says how many further columns a cell covers, such as "
        "@MergeAcross.",
    )


class ExportSource(Readings):
    """Where records stand in the export and how its texts are read."""

    record: Text = Field(description="The path of a record, such as /Export/Items/Item.")
    namespaces: Annotated[
        Annotated[Literal["ignore"], Tag("text")]
        | Annotated[
            dict[
                str,
                Annotated[
                    Annotated[Text, Tag("text")]
                    | Annotated[list[Text], Field(min_length=1), Tag("list")],
                    Discriminator(form),
                ],
            ],
            Tag("map"),
        ],
        Discriminator(form),
    ] = Field(
        default_factory=dict[str, Text | list[Text]],
        description="`ignore`: every name without its namespace; or by prefix a URI, or several "
        "that mean the same.",
    )
    header: dict[str, Text] = Field(
        default_factory=dict[str, Text],
        description="Absolute paths by name: the first value found is `$name` in every path.",
    )
    skip: dict[str, Text] = Field(
        default_factory=dict[str, Text],
        description="XPath conditions by reason: such records are counted and left out.",
    )
    locale: Text | None = Field(
        default=None, description="`$locale`, and the locale of cells that need one and name none."
    )
    channel: Text | None = Field(
        default=None,
        description="`$channel`, and the channel of cells that need one and name none.",
    )
    huge: Flag = Field(
        default=False, description="Lift the parser's limits on text length and depth."
    )
    recover: Flag = Field(
        default=False, description="Read on behind what is not well-formed; repairs are told."
    )
    columns: Columns | None = Field(
        default=None, description="For sheets: each cell gets `@column`, its column's header."
    )


class CsvTable(Shape):
    """A table in a CSV file whose first line names the columns."""

    file: Text = Field(description="The file, relative to the mapping.")
    key: Text = Field(description="The column that is looked up.")
    value: Text = Field(description="The column that is found; several rows are several values.")
    parent: Text | None = Field(
        default=None, description="The column that holds the key of the row above."
    )
    delimiter: Text = Field(
        default=",", min_length=1, max_length=1, description="What stands between two columns."
    )
    encoding: Text = Field(default="utf-8-sig", description="The file's encoding.")


class ExportTable(Shape):
    """A table that stands in the export, before or after the records, or in another export."""

    record: Text = Field(description="The absolute path of a row.")
    key: Source = Field(description="What is looked up; its paths start at the row.")
    value: Source = Field(description="What is found; several rows are several values.")
    parent: Source | None = Field(default=None, description="The key of the row above.")
    export: Text | None = Field(
        default=None,
        description="Another export: a file beside the main one, or where `--with` says.",
    )


class OptionsTable(Shape):
    """The PIM's own labels of an attribute's options, which become their codes."""

    options: Text = Field(description="The select attribute.")
    locale: Text = Field(description="The locale of the labels.")


def _table_form(value: object) -> str:
    """Tell codes that happen to be called `file` or `record` from a table that stands elsewhere."""
    if isinstance(value, dict) and value.keys() == {"options", "locale"}:
        return "options"
    if isinstance(value, dict) and {"key", "value"} & value.keys():
        return next((form for name, form in _FORMS.items() if name in value), "inline")
    return "inline"


_FORMS = {"file": "csv", "record": "export"}
_INLINE = {
    "type": "object",
    "additionalProperties": {"type": ["string", "number", "boolean"]},
    "not": {"required": ["key"], "anyOf": [{"required": [name]} for name in _FORMS]},
}

Table: TypeAlias = Annotated[
    Annotated[CsvTable, Tag("csv")]
    | Annotated[ExportTable, Tag("export")]
    | Annotated[OptionsTable, Tag("options")]
    | Annotated[dict[str, Text], Tag("inline"), WithJsonSchema(_INLINE)],
    Discriminator(_table_form),
]


class Join(Shape):
    """Other elements that belong to the record."""

    record: Text = Field(description="The absolute path of such an element.")
    key: Source = Field(description="What it is found by; its paths start at the element.")
    match: Source = Field(description="What equals the key; its paths start at the record.")
    export: Text | None = Field(
        default=None,
        description="Another export: a file beside the main one, or where `--with` says.",
    )


class Pairs(Shape):
    """A list of names and values inside the record."""

    each: Text = Field(description="An XPath to the entries.")
    key: Source = Field(description="The entry's name.")
    value: Source = Field(description="The entry's value, or several.")
    unit: Source | None = Field(default=None, description="The unit of the entry's value.")


class Linked(Shape):
    """Items that an item is associated with, for one association type."""

    expected: ClassVar[str] = "products:, product_models: or groups: is expected"

    products: Source | None = Field(default=None, description="Identifiers of products.")
    product_models: Source | None = Field(default=None, description="Codes of product models.")
    groups: Source | None = Field(default=None, description="Codes of groups.")


class Kind(Shape):
    """What a record becomes."""

    beyond: ClassVar[str] = "; attributes stand under values:"

    record: Text | None = Field(
        default=None, description="The path of this kind's own records; otherwise the source's."
    )
    each: Text | None = Field(
        default=None, description="An XPath to elements of the record: each becomes an item."
    )
    when: Text | None = Field(
        default=None, description="An XPath condition: which records become this kind."
    )
    parent: Source | None = Field(default=None, description="The code of the model above.")
    categories: Source | None = Field(default=None, description="Codes of all categories.")
    values: dict[str, Attribute] = Field(
        default_factory=dict[str, Attribute], description="Rules by attribute code."
    )
    associations: dict[str, Linked] = Field(
        default_factory=dict[str, Linked], description="Associated items, by association type."
    )


class Products(Kind):
    """Records that become products."""

    elsewhere: ClassVar[Mapping[str, str]] = {
        "code": "code belongs to product_models; did you mean 'identifier'?",
        "family_variant": "family_variant belongs to product_models; did you mean 'family'?",
    }

    identifier: Source = Field(description="The product's identifier.")
    duplicates: Duplicates = Field(
        default="reject", description="What to do when several records have one identifier."
    )
    family: Source | None = Field(default=None, description="The family's code.")
    enabled: Source | None = Field(default=None, description="Whether the product is enabled.")
    groups: Source | None = Field(default=None, description="Codes of all groups.")


class ProductModels(Kind):
    """Records that become product models."""

    elsewhere: ClassVar[Mapping[str, str]] = {
        "identifier": "identifier belongs to products; did you mean 'code'?",
        "family": "family belongs to products; did you mean 'family_variant'?",
        "enabled": "enabled belongs to products; a model has no such property",
        "groups": "groups belong to products; a model has none",
    }

    code: Source = Field(description="The model's code.")
    duplicates: Duplicates = Field(
        default="first", description="What to do when several records have one code."
    )
    family_variant: Source | None = Field(
        default=None, description="The family variant's code; a sub-model takes its parent's."
    )


class MappingFile(Shape):
    """The file `mapping.yaml`."""

    version: Version = Field(description="The version of the mapping language.")
    source: ExportSource = Field(description="Where records stand, and how texts are read.")
    tables: dict[str, Table] = Field(
        default_factory=dict[str, Table],
        description="Tables by name, in which codes become other codes or texts.",
    )
    joins: dict[str, Join] = Field(
        default_factory=dict[str, Join],
        description="Elements that belong to the record, by name: `$name` in every path.",
    )
    pairs: dict[str, Pairs] = Field(
        default_factory=dict[str, Pairs],
        description="Lists of names and values in the record, by name.",
    )
    misplaced: Literal["warn", "reject"] = Field(
        default="warn",
        description="What to do with a value whose attribute is not in the item's family, or "
        "belongs to another level of its family variant: warn, or reject the item.",
    )
    product_models: Annotated[
        Annotated[ProductModels, Tag("map")] | Annotated[list[ProductModels], Tag("list")],
        Discriminator(form),
    ] = Field(
        default_factory=list[ProductModels], description="What becomes product models, root first."
    )
    products: Annotated[
        Annotated[Products, Tag("map")] | Annotated[list[Products], Tag("list")],
        Discriminator(form),
    ] = Field(default_factory=list[Products], description="What becomes products.")
