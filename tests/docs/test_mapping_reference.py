"""docs/mapping-reference.md is what the models of a mapping file say of their keys.

`REFRESH_DOCS=1 pytest tests/docs/test_mapping_reference.py` writes it anew.
"""

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, ForwardRef, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from erp2pim.mapping import schema
from erp2pim.mapping.schema.file import OptionsTable
from erp2pim.mapping.shape import Shape

PAGE = Path(__file__).parents[2] / "docs" / "mapping-reference.md"
SECTIONS: dict[type[Shape], str] = {
    schema.MappingFile: "The file",
    schema.ExportSource: "source",
    schema.Columns: "source.columns",
    schema.Readings: "Readings",
    schema.Booleans: "booleans",
    schema.CsvTable: "A table in a CSV file",
    schema.ExportTable: "A table in an export",
    OptionsTable: "A table of the PIM's options",
    schema.Join: "joins",
    schema.Pairs: "pairs",
    schema.Products: "products",
    schema.ProductModels: "product_models",
    schema.Linked: "associations",
    schema.Rule: "Rule",
    schema.Column: "Column",
    schema.Constant: "Constant",
    schema.Cell: "Attribute",
}
ABOVE: dict[type[Shape], type[Shape]] = {
    schema.ExportSource: schema.Readings,
    schema.Rule: schema.Readings,
    schema.Column: schema.Rule,
    schema.Cell: schema.Rule,
}
WRITTEN: dict[tuple[type[Shape], str], str] = {
    (schema.MappingFile, "tables"): "keys, each with texts by text, a table in "
    "[a CSV file](#a-table-in-a-csv-file) or [an export](#a-table-in-an-export), or "
    "[the PIM's options](#a-table-of-the-pims-options)",
    (schema.Rule, "columns"): "keys, each with text or [Column](#column)",
    (schema.Rule, "transform"): "[a step](mapping.md#texts) or list of steps",
    (schema.ExportSource, "namespaces"): "`ignore`, or keys, each with text or list of text",
}
PLAIN: dict[object, str] = {
    str: "text",
    bool: "`true` or `false`",
    int: "whole number",
    Decimal: "number",
}
TOP = """\
# Keys of a mapping

Every key that a mapping may hold, as the program knows it; [mapping.md](mapping.md) shows them at
work. A key that is not listed is a fault. A *rule* is a text, which is an XPath, or the keys of
[a rule](#rule).
"""


def reference() -> str:
    """Render the page."""
    return "\n".join([TOP, *(line for shape in SECTIONS for line in _section(shape))])


def _section(shape: type[Shape]) -> Iterator[str]:
    above = ABOVE.get(shape)
    yield f"## {SECTIONS[shape]}\n"
    yield (shape.__doc__ or "").strip()
    if above is not None:
        yield f"\nIt may also hold the keys of [{SECTIONS[above]}](#{_anchor(above)})."
    yield "\n| key | value | default | |\n|---|---|---|---|"
    for name, field in shape.model_fields.items():
        if above is None or name not in above.model_fields:
            default = "required" if field.is_required() else _default(field)
            value = _value(shape, name, field)
            yield f"| `{field.alias or name}` | {value} | {default} | {field.description} |"
    yield ""


def _default(field: FieldInfo) -> str:
    if field.default is None or field.default_factory is not None:
        return ""
    return f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"


def _anchor(shape: type[Shape]) -> str:
    return SECTIONS[shape].lower().replace(" ", "-").replace(".", "").replace("'", "")


def _value(shape: type[Shape], name: str, field: FieldInfo) -> str:
    form = WRITTEN.get((shape, name)) or _form(field.annotation)
    return form.replace("|", "\\|")


def _form(annotation: object) -> str:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _form(args[0])
    if origin in {Union, UnionType}:
        return _either([_form(arg) for arg in args if arg is not NoneType])
    if origin is Literal:
        return ", ".join(f"`{arg}`" for arg in args)
    if origin in {list, dict}:
        return ("list of " if origin is list else "keys, each with ") + _form(args[-1])
    if isinstance(annotation, type) and issubclass(annotation, Shape):
        return f"[{SECTIONS[annotation]}](#{_anchor(annotation)})"
    return "rule" if isinstance(annotation, str | ForwardRef) else PLAIN[annotation]


def _either(forms: list[str]) -> str:
    rule, attribute = (f"[{SECTIONS[s]}](#{_anchor(s)})" for s in (schema.Rule, schema.Cell))
    if forms == ["text", rule]:
        return "rule"
    if forms == ["text", attribute, f"list of {attribute}"]:
        return f"text, {attribute} or list of these"
    return " or ".join(dict.fromkeys(forms))


def test_the_reference_is_what_the_models_say() -> None:
    if os.environ.get("REFRESH_DOCS"):
        PAGE.write_text(reference(), encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8") == reference(), (
        "refresh it: REFRESH_DOCS=1 pytest tests/docs/test_mapping_reference.py"
    )


def test_every_shape_of_a_mapping_has_its_section() -> None:
    shapes = {each for each in vars(schema).values() if isinstance(each, type)}

    missing = {s for s in shapes if issubclass(s, Shape)} - set(SECTIONS) - {schema.Kind}
    assert missing == set()
