"""One attribute of the PIM, with all that decides what its values may be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator

TEXT = "pim_catalog_text"
TEXTAREA = "pim_catalog_textarea"
IDENTIFIER = "pim_catalog_identifier"
NUMBER = "pim_catalog_number"
BOOLEAN = "pim_catalog_boolean"
DATE = "pim_catalog_date"
METRIC = "pim_catalog_metric"
PRICES = "pim_catalog_price_collection"
SELECT = "pim_catalog_simpleselect"
MULTISELECT = "pim_catalog_multiselect"
IMAGE = "pim_catalog_image"
FILE = "pim_catalog_file"
TABLE = "pim_catalog_table"
ASSETS = "pim_catalog_asset_collection"
RECORD = "akeneo_reference_entity"
RECORDS = "akeneo_reference_entity_collection"
PRODUCT_LINK = "pim_catalog_product_link"
# The source writes the first two; the documentation also the others.
REFERENCES = frozenset(
    {"pim_reference_data_simpleselect", "pim_catalog_reference_data_simpleselect"}
)
MULTI_REFERENCES = frozenset(
    {"pim_reference_data_multiselect", "pim_catalog_reference_data_multiselect"}
)
SELECTS = frozenset({SELECT, MULTISELECT})
FILES = frozenset({IMAGE, FILE})

Names = Annotated[Sequence[str], AfterValidator(lambda names: tuple(sorted(names)))]
Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a column of a table attribute asks of its cells."""

    min: Decimal | None = None
    max: Decimal | None = None
    decimals_allowed: bool = False
    max_length: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table attribute.

    Attributes:
        code: Its code.
        data_type: `select`, `text`, `number`, `boolean`, `reference_entity`, `measurement` …
        labels: By locale.
        validations: What its cells must keep to.
    """

    code: str
    data_type: str
    labels: Labels = field(default_factory=dict[str, str])
    validations: Limits = Limits()


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute; the names of its fields are those of the PIM's API.

    Attributes:
        available_locales: The only locales that may hold a value; empty where all may.
        validation_rule: `email`, `url` or `regexp`.
        validation_regexp: A PCRE with delimiters and flags.
        date_min: An ISO 8601 time; likewise `date_max`.
        max_file_size: In megabytes.
        reference_data_name: The reference entity, asset family or reference data.
        table_configuration: The columns; the first names the row.
        decimal_places_strategy: `round`, `forbid` or `trim`.
    """

    code: str
    type: str
    group: str = ""
    labels: Labels = field(default_factory=dict[str, str])
    localizable: bool = False
    scopable: bool = False
    available_locales: Names = ()
    unique: bool = False
    is_main_identifier: bool = False
    is_read_only: bool = False
    is_mandatory: bool = False
    max_characters: int | None = None
    validation_rule: str | None = None
    validation_regexp: str | None = None
    wysiwyg_enabled: bool = False
    number_min: Decimal | None = None
    number_max: Decimal | None = None
    decimals_allowed: bool = False
    negative_allowed: bool = False
    decimal_places_strategy: str | None = None
    decimal_places: int | None = None
    metric_family: str | None = None
    default_metric_unit: str | None = None
    date_min: str | None = None
    date_max: str | None = None
    allowed_extensions: Names = ()
    max_file_size: Decimal | None = None
    reference_data_name: str | None = None
    default_value: bool = False
    table_configuration: Sequence[Column] = ()
