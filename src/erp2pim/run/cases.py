"""Cases run: what the mapping makes of a record, held against what is expected."""

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import quoteattr

import orjson

from erp2pim.config.casesfile import Case, Example, listed
from erp2pim.config.yamlfile import Tree
from erp2pim.errors import ConfigError
from erp2pim.mapping.steps import steps
from erp2pim.mapping.work import CompiledMapping
from erp2pim.model import Item, Json, Reject, Skipped
from erp2pim.place import Place
from erp2pim.plan.compare import parts
from erp2pim.source.files import ExportFile, open_export
from erp2pim.source.prior import beside, gather
from erp2pim.source.records import records


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a case ended.

    Attributes:
        case: The case.
        difference: Lines that show expected (`-`) and got (`+`); empty when the case holds.
    """

    case: Case
    difference: Sequence[str]


def run_case(case: Case, mapping: CompiledMapping, folder: Path) -> Verdict:
    """Map what a case gives, without network or state.

    Raises:
        ConfigError: The example has no record of that number.
        ExportError: What is given is not well-formed.
    """
    if isinstance(case.given, Example):
        name = str(folder / case.given.export)
        with open_export(name) as export:
            got = _mapped(export, mapping, number=case.given.record)
    else:
        text = _whole(case.given, mapping)
        got = _mapped(ExportFile(str(folder / "case"), BytesIO(text.encode())), mapping)
    return Verdict(case, list(_difference(listed(case.expect), got)))


def _mapped(
    export: ExportFile, mapping: CompiledMapping, number: int | None = None
) -> Sequence[Item | Reject | Skipped]:
    given = mapping.given(Counter(), {})
    gather(export, mapping, given, others=beside(export.name, {}))
    got: list[Item | Reject | Skipped] = []
    for path, element, origin in records(export, mapping):
        if number is None or origin.record == number:
            became = mapping.items(path, element, origin, given)
            got += [became] if isinstance(became, Skipped) else [item for item, _ in became]
        if origin.record == number:
            return got
    if number is not None:
        raise ConfigError(f"there is no record {number}", where=export.name)
    return got


def _whole(given: str, mapping: CompiledMapping) -> str:
    """Put a record alone into the elements that its path asks for."""
    path = mapping.records[0].path
    above = (steps(path.text) or ())[:-1]
    start = given.lstrip()
    if not above or start.startswith(("<?xml", f"<{above[0].name}")):
        return given
    spaces = "".join(
        f" xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in mapping.reader.names.prefixes.items()
    )
    opening = "".join(
        f"<{step.name}{'' if number else spaces}>" for number, step in enumerate(above)
    )
    return opening + given + "".join(f"</{step.name}>" for step in reversed(above))


def _difference(expected: Sequence[Tree], got: Sequence[Item | Reject | Skipped]) -> Iterator[str]:
    wanted = [line for each in expected for line in _expected_lines(each)]
    found = [line for each in got for line in _got_lines(each)]
    if len(expected) == len(got) and all(map(_holds, expected, got)):
        return
    yield from (line.rstrip() for line in difflib.ndiff(wanted, found) if line[0] != "?")


def _holds(expected: Tree, got: Item | Reject | Skipped) -> bool:
    if isinstance(expected, dict) and len(expected) == 1:
        if isinstance(got, Reject) and isinstance(text := expected.get("reject"), str):
            return text in got.message
        if isinstance(got, Skipped) and isinstance(text := expected.get("skipped"), str):
            return text == got.reason
    return isinstance(got, Item) and list(_expected_lines(expected)) == list(_got_lines(got))


def _expected_lines(expected: Tree) -> Iterator[str]:
    if not isinstance(expected, dict):
        yield f"an item is expected, with names and values; found {expected!r}"
        return
    for name, value in _ordered({str(k): v for k, v in expected.items()}):
        yield f"{name}: {_shown(value)}"


def _got_lines(got: Item | Reject | Skipped) -> Iterator[str]:
    match got:
        case Skipped(reason=reason):
            yield f"skipped: {_shown(reason)}"
        case Reject(message=message, value=value, rule=rule):
            seen = "" if value is None else f"; found {value!r}"
            yield f"reject: {_shown(f'{message}{seen}')}" + (f" ({rule})" if rule else "")
        case Item():
            key = "identifier" if got.kind == "product" else "code"
            facts: dict[str, Json] = {key: got.identifier}
            facts.update((str(part), data) for part, data in parts(got.body))
            for cell in got.media:
                facts[str(Place(cell.attribute, cell.locale, cell.scope))] = cell.shown
            facts.update((f"options.{code}", options) for code, options in got.options.items())
            for name, data in _ordered(facts):
                yield f"{name}: {_shown(data)}"


def _ordered(facts: Mapping[str, Json]) -> list[tuple[str, Json]]:
    """Put the identifier first and all else in the order of names."""
    return sorted(facts.items(), key=lambda fact: (fact[0] not in {"identifier", "code"}, fact[0]))


def _shown(data: Json) -> str:
    """Show data as the YAML has it, where every scalar is a text."""
    return orjson.dumps(_as_texts(data), option=orjson.OPT_SORT_KEYS).decode()


def _as_texts(data: Json) -> Json:
    if isinstance(data, Mapping):
        return {name: _as_texts(each) for name, each in data.items()}
    if isinstance(data, str):
        return data
    if isinstance(data, Sequence):
        return [_as_texts(each) for each in data]
    if isinstance(data, bool):
        return "true" if data else "false"
    return "" if data is None else str(data)
