"""The lines of `source` in a proposed mapping."""

from collections.abc import Iterator, Sequence

from erp2pim.survey.beside import header_currency
from erp2pim.survey.fields import quoted
from erp2pim.survey.formats import Formats
from erp2pim.survey.line import Line
from erp2pim.survey.listing import local
from erp2pim.survey.names import folded
from erp2pim.survey.survey import Survey
from erp2pim.survey.yamltext import Tree, flow

_KINDS = frozenset({"model", "type", "kind", "class", "typ", "art"})


def source_lines(survey: Survey, written: Formats, values: Sequence[Line]) -> Iterator[Line]:
    """Give the lines of `source`; what the mapping reads so without being told is left out."""
    first = next((each for each in survey.candidates if each.path == survey.record), None)
    sure = first.score if first is not None else 1.0
    yield Line(
        "record", survey.record or "", sure, [f"{survey.records} of them"], list(_kinds(survey))
    )
    spelled = survey.spelled
    if spelled.ignore:
        yield Line("namespaces", "ignore", 1.0)
    elif spelled.prefixes:
        uris: dict[str, Tree] = {prefix: uri for uri, prefix in spelled.prefixes.items()}
        yield Line("namespaces", uris, 1.0)
    if survey.sheet is not None:
        marks: dict[str, Tree] = {"header": str(survey.sheet.header)}
        if survey.sheet.index is not None:
            marks["index"] = survey.sheet.index
        if survey.sheet.across is not None:
            marks["across"] = survey.sheet.across
        yield Line("columns", marks, 1.0)
    header = header_currency(survey)
    if header is not None and any("$currency" in flow(each.tree) for each in values):
        yield Line("header", {"currency": header.path}, 1.0, header.value.sketch.samples)
    yield Line("numbers", written.numbers, 1.0)
    if written.dates:
        yield Line("dates", written.dates, 1.0)
    if written.true or written.false:
        yield Line("booleans", {"true": written.true, "false": written.false}, 1.0)
    if written.no_value:
        yield Line("no_value", written.no_value, 1.0)


def _kinds(survey: Survey) -> Iterator[str]:
    """Say how to take some of the records, where an attribute tells kinds of them apart."""
    for value in survey.values:
        words = value.sketch.words or {}
        is_own = len(value.names) == 1 and value.names[0].startswith("@")
        if is_own and folded(local(value.names[0])) in _KINDS and len(words) > 1:
            where = f"{value.path}={quoted(max(words, key=lambda word: words[word]))}"
            yield f"are all of them products? {survey.record}[{where}] takes some"
