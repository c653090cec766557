"""Our verdict before sending, held against what a real PIM answered.

Every recorded line of a batch PATCH of products and models counts, as far as it is JSON with a
key. What differs is listed by the recording's name, with the reason.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from erp2pim.model import Kind
from erp2pim.structure import Structure, canonical, findings, from_json

ROOT: Final = "/api/rest/v1/"
KINDS: Final[Mapping[str, Kind]] = {
    "products": "product",
    "products-uuid": "product",
    "product-models": "product_model",
}
# Sent by connections with fewer rights, or eight at the same instant.
LEFT_OUT: Final = ("acl", "race", "auth")

UNIQUE: Final = "whether a value is unique only the PIM knows"
ITEMS: Final = "whether an item exists, and what it has, only the PIM knows"
GROUPS: Final = "groups are not read"
KEY: Final = "about the uuid by which the line is addressed, which we never do"
UNKNOWABLE: Final[Mapping[str, str]] = {
    "products.unique_text_twice_in_batch": UNIQUE,
    "products.ident2_taken": UNIQUE,
    "products.variant_duplicate_axis": UNIQUE,
    "products.variant_duplicate_axis_in_batch": UNIQUE,
    "products.variant_missing_axis": ITEMS,
    "products.variant_change_parent": ITEMS,
    "products.simple_to_variant": UNIQUE,
    "products.variant_parent_is_product": ITEMS,
    "products.assoc_unknown_product": ITEMS,
    "products.assoc_unknown_model": ITEMS,
    "products.assoc_unknown_group": GROUPS,
    "products.assoc_forward_reference_in_batch": ITEMS,
    "products.qassoc_unknown_product": ITEMS,
    "uuidp.unique_text_taken": UNIQUE,
    "uuidp.unique_text_twice_in_batch": UNIQUE,
    "uuidp.duplicate_in_same_batch_case": UNIQUE,
    "uuidp.missing_uuid": KEY,
    "uuidp.sku_taken_by_other_uuid": UNIQUE,
    "uuidp.variant_duplicate_axis": UNIQUE,
    "uuidp.variant_duplicate_axis_in_batch": UNIQUE,
    "uuidp.variant_missing_axis": ITEMS,
    "uuidp.variant_clear_axis": ITEMS,
    "uuidp.variant_parent_two_levels_root": ITEMS,
    "uuidp.variant_change_parent": ITEMS,
    "uuidp.variant_change_family": ITEMS,
    "uuidp.variant_parent_is_product": ITEMS,
    "uuidp.assoc_unknown_model": ITEMS,
    "uuidp.assoc_unknown_group": GROUPS,
    "uuidp.assoc_two_way_self": KEY,
    "uuidp.assoc_forward_reference_in_batch": ITEMS,
    "uuidp.qassoc_unknown_product": ITEMS,
    "models.new_without_family_variant": ITEMS,
    "models.change_family_variant": ITEMS,
    "models.unknown_parent": ITEMS,
    "models.child_before_parent_in_batch": ITEMS,
    "models.missing_axis": ITEMS,
    "poison.products.invalid_lines_between_valid": ITEMS,
}
# The PIM answers 204, and has something else afterwards than what was sent: we refuse.
LOST: Final[Mapping[str, str]] = {
    "products.value.date_feb30": "2020-02-30 becomes 2020-03-01",
    "products.value.price_duplicate_currency": "the last of two prices in one currency is kept",
    "products.value.metric_number": "a measurement that is a number clears the value",
    "products.value.metric_list": "a measurement that is a list clears the value",
    "products.identifier_and_sku_value_differ": "the value of the identifier attribute is ignored",
    "uuidp.value.date_feb30": "2020-02-30 becomes 2020-03-01",
    "uuidp.value.price_duplicate_currency": "the last of two prices in one currency is kept",
    "uuidp.value.metric_number": "a measurement that is a number clears the value",
    "uuidp.value.metric_list": "a measurement that is a list clears the value",
    "uuidp.sku_empty": "a product without identifier, which we never send",
}


@dataclass(frozen=True)
class Line:
    """One recorded line with its answer."""

    name: str
    kind: Kind
    identifier: str
    body: dict[str, Any]
    accepted: bool

    @property
    def attributes(self) -> set[str]:
        """The attributes that it gives values of, besides the identifier's."""
        values = self.body.get("values")
        return set(values) - {"sku"} if isinstance(values, dict) else set()


@dataclass
class Tally:
    """How many lines were judged alike, those with values of one attribute; the others by name."""

    alike: int
    single: int
    single_alike: int
    wrongly_accepted: set[str]
    wrongly_refused: set[str]


def structure(shared: Path) -> Structure:
    return from_json(json.loads((shared / "golden-structure.json").read_text(encoding="utf-8")))


def recordings(shared: Path) -> Iterator[dict[str, Any]]:
    with (shared / "golden.jsonl").open(encoding="utf-8") as file:
        for text in file:
            recording = json.loads(text)
            path = recording["request"]["path"].removeprefix(ROOT)
            is_batch = recording["request"]["method"] == "PATCH" and path in KINDS
            if is_batch and not recording["name"].startswith(LEFT_OUT):
                yield recording


def lines(shared: Path) -> Iterator[Line]:
    for recording in recordings(shared):
        if recording["response"]["status"] != 200:
            continue
        sent = recording["request"]["body"].split("\n")
        for answer in map(json.loads, recording["response"]["body"].splitlines()):
            line = _line(recording, _read(sent, answer["line"]), answer["status_code"])
            if line is not None:
                yield line


def _read(sent: list[str], number: int) -> object:
    """Give a line's JSON; None for a line that is none, or whose text was not recorded."""
    try:
        return json.loads(sent[number - 1]) if number <= len(sent) else None
    except ValueError:
        return None


def _line(recording: dict[str, Any], sent: object, status: int) -> Line | None:
    if not isinstance(sent, dict):
        return None
    path = recording["request"]["path"].removeprefix(ROOT)
    body = dict(sent)
    if path == "products-uuid":
        body.pop("uuid", None)
        cells = body.get("values", {}).get("sku") if isinstance(body.get("values"), dict) else None
        identifier = cells[0]["data"] if cells else None
    else:
        identifier = body.pop("identifier" if path == "products" else "code", None)
    if not isinstance(identifier, str):
        return None
    return Line(recording["name"], KINDS[path], identifier, body, status < 400)


@pytest.fixture(scope="module")
def tally(shared: Path) -> Tally:
    pim, tally = structure(shared), Tally(0, 0, 0, set(), set())
    for line in lines(shared):
        found = findings(pim, line.kind, line.identifier, line.body)
        accepted = all(each.severity == "warn" for each in found)
        is_single = len(line.attributes) == 1
        tally.single += is_single
        if accepted == line.accepted:
            tally.alike += 1
            tally.single_alike += is_single
        else:
            (tally.wrongly_accepted if accepted else tally.wrongly_refused).add(line.name)
    return tally


def test_what_the_pim_refused_is_refused_before_but_for_what_nobody_can_know(
    tally: Tally,
) -> None:
    assert sorted(tally.wrongly_accepted) == sorted(UNKNOWABLE)


def test_what_the_pim_accepted_is_accepted_but_for_what_it_loses(tally: Tally) -> None:
    assert sorted(tally.wrongly_refused) == sorted(LOST)


def test_all_other_lines_are_judged_alike(tally: Tally) -> None:
    assert (tally.alike, tally.single_alike, tally.single) == (859, 245, 265)


def test_what_was_stored_is_canonically_what_was_sent(shared: Path) -> None:
    pim = structure(shared)
    compared = 0
    for name, code, sent, stored in kept(shared):
        compared += 1
        forms = [
            [canonical(pim.attributes[code], data) for data in each] for each in (sent, stored)
        ]
        assert forms[0] == forms[1], name
    assert compared == 107


# Values of another level: the PIM keeps the model's.
DROPPED: Final = {"products.variant_common_attribute", "uuidp.variant_common_attribute"}


def kept(shared: Path) -> Iterator[tuple[str, str, list[Any], list[Any]]]:
    """Give the data that were sent and that were there afterwards, by recording and attribute."""
    for recording in recordings(shared):
        name, stored = recording["name"], recording.get("stored_after", {})
        sent = _read([recording["request"]["body"]], 1)
        values = sent.get("values") if isinstance(sent, dict) else None
        if recording["response"]["status"] != 200 or not isinstance(values, dict):
            continue
        status = json.loads(recording["response"]["body"].splitlines()[0])["status_code"]
        if status < 400 and name not in {*LOST, *DROPPED}:
            for code, cells in values.items():
                if cells and code in stored:
                    yield name, code, [cell["data"] for cell in cells], _data(stored[code], cells)


def _data(stored: Any, cells: list[Any]) -> list[Any]:  # noqa: ANN401  # any JSON
    """Give the data of cells as they were recorded: none, bare, or with locale and channel."""
    if not isinstance(stored, list):
        return [None] * len(cells)
    if not isinstance(stored[0], dict) or "locale" not in stored[0]:
        return stored
    by_locale = {(each["locale"], each["scope"]): each["data"] for each in stored}
    own = {str(locale).lower(): locale for locale, _ in by_locale if locale}
    return [by_locale[own.get(str(c["locale"]).lower()), c["scope"]] for c in cells]
