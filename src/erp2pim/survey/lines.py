"""A survey in plain lines, and as JSON."""

from collections.abc import Iterator, Mapping, Sequence

from erp2pim.errors import Erp2pimError
from erp2pim.model import Json
from erp2pim.report.text import fit
from erp2pim.survey.describe import described
from erp2pim.survey.fields import Value
from erp2pim.survey.survey import Survey

_MOST_CANDIDATES = 8
_MOST_KEYS = 12
_SAMPLE = 40


def survey_lines(survey: Survey) -> Iterator[str]:
    """Give a survey line by line, fit for a terminal."""
    yield f"{fit(survey.name)}: {survey.encoding}, {survey.elements} elements"
    for prefix, uri in survey.namespaces.items():
        yield f"  namespace {fit(prefix) or '(default)'}: {fit(uri)}"
    if survey.lost:
        yield f"  too many paths: {survey.lost} elements and attributes were not looked at"
    yield "record candidates:" if survey.candidates else "record candidates: none"
    for each in survey.candidates[:_MOST_CANDIDATES]:
        where = f"{each.times} in {each.parents}"
        yield f"  {each.score:.2f}  {fit(each.path)}  ({where}, {each.values} paths)"
    yield from _header_lines(survey)
    yield from _list_lines(survey)
    if survey.record is not None:
        yield f"paths below {fit(survey.record)}, in {survey.records} records:"
        yield from _value_lines(survey.values, survey.records)


def _header_lines(survey: Survey) -> Iterator[str]:
    if survey.header:
        yield "one value outside of the records:"
    for each in survey.header:
        looks = ", ".join(described(each.value, 0))
        yield f"  {fit(each.path)}  {_sample(each.value)}" + (f"  ({looks})" if looks else "")


def _list_lines(survey: Survey) -> Iterator[str]:
    if survey.languages:
        yield "languages:"
    for each in survey.languages:
        path = survey.spelled.path((*each.each, each.key))
        yield f"  {fit(path)}: {_listed(each.texts)}"
    if survey.pairs:
        yield "lists of names and values:"
    for pair in survey.pairs:
        unit = f", unit {fit(pair.unit)}" if pair.unit else ""
        yield f"  {fit(pair.each)}: key {fit(pair.key)}, value {fit(pair.value)}{unit}"
        yield f"    {_listed(list(pair.entries))}"


def _listed(texts: Sequence[str]) -> str:
    more = f" … {len(texts) - _MOST_KEYS} more" if len(texts) > _MOST_KEYS else ""
    return ", ".join(fit(text, longest=_SAMPLE) for text in texts[:_MOST_KEYS]) + more


def _value_lines(values: Sequence[Value], records: int) -> Iterator[str]:
    rows = [_row(value, records) for value in values]
    head = ("path", "records", "times", "distinct", "longest", "looks like", "samples")
    table = [head, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(head))]
    for row in table:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        yield ("  " + "  ".join(cells)).rstrip()


def _row(value: Value, records: int) -> tuple[str, ...]:
    sketch = value.sketch
    return (
        fit(value.path),
        str(value.records),
        str(value.times),
        ("" if sketch.is_exact else "~") + str(sketch.distinct),
        str(sketch.longest),
        ", ".join(fit(look, longest=_SAMPLE) for look in described(value, records)),
        " | ".join(fit(text, longest=_SAMPLE) for text in sketch.samples),
    )


def _sample(value: Value) -> str:
    return fit(next(iter(value.sketch.samples), ""), longest=_SAMPLE)


def survey_json(survey: Survey) -> Mapping[str, Json]:
    """Give a survey as one JSON object."""
    return {
        "export": survey.name,
        "encoding": survey.encoding,
        "namespaces": dict(survey.namespaces),
        "elements": survey.elements,
        "not_looked_at": survey.lost,
        "candidates": [
            {
                "path": each.path,
                "times": each.times,
                "parents": each.parents,
                "paths": each.values,
                "score": each.score,
            }
            for each in survey.candidates
        ],
        "record": survey.record,
        "records": survey.records,
        "paths": [_value_json(value, survey.records) for value in survey.values],
        "header": [
            {"path": each.path, "value": next(iter(each.value.sketch.samples), "")}
            for each in survey.header
        ],
        "languages": [
            {"path": survey.spelled.path((*each.each, each.key)), "texts": list(each.texts)}
            for each in survey.languages
        ],
        "pairs": [
            {
                "each": pair.each,
                "key": pair.key,
                "value": pair.value,
                "unit": pair.unit,
                "names": list(pair.entries),
            }
            for pair in survey.pairs
        ],
        "error": None if survey.error is None else _error_json(survey.error),
    }


def _value_json(value: Value, records: int) -> Mapping[str, Json]:
    sketch = value.sketch
    return {
        "path": value.path,
        "records": value.records,
        "times": value.times,
        "empty": sketch.empty,
        "nil": sketch.nil,
        "no_value": dict(sketch.no_value),
        "distinct": sketch.distinct,
        "distinct_is_exact": sketch.is_exact,
        "longest": sketch.longest,
        "looks_like": described(value, records),
        "samples": list(sketch.samples),
    }


def _error_json(error: Erp2pimError) -> Mapping[str, Json]:
    return {"message": error.what, "where": error.where, "fix": error.fix}
