"""What an export says of an attribute of any type, sent and read back, is what was meant."""

import json
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import pytest

from erp2pim import sandbox
from erp2pim.model import Json
from erp2pim.structure import attribute as types
from erp2pim.structure import canonical, from_json
from tests.sandbox.visitor import Visitor
from tests.support.desk import Desk, connect

COLUMNS = [
    {"code": "part", "data_type": "select"},
    {"code": "share", "data_type": "number", "validations": {"decimals_allowed": True}},
    {"code": "spare", "data_type": "boolean"},
    {"code": "since", "data_type": "date"},
    {"code": "length", "data_type": "measurement"},
]
TABLE = (
    "{each: V/Part, columns: {part: '@no', share: Share, spare: Spare, since: Since, "
    "length: {path: Length, unit: {value: METER}}}}"
)
PARTS = (
    '<Part no="axle"><Share>1.234,50</Share><Spare>J</Spare></Part>'
    '<Part no="hub"><Since>31.01.2026</Since><Length>2,5</Length></Part>'
)
ROWS: Json = [
    {"part": "axle", "share": "1234.5", "spare": True},
    {"part": "hub", "since": "2026-01-31", "length": {"amount": "2.5", "unit": "METER"}},
]


MAPPING = """\
version: 1
source:
  record: /Export/Items/Item
  numbers: "1.234,56"
  dates: [31.12.2026]
  booleans: {true: [J], false: [N]}
products:
  identifier: Sku
  values:
    it: """


@dataclass(frozen=True)
class Trip:
    """One attribute's way.

    Attributes:
        type: The attribute's type.
        xml: What stands within `<V>` of the record.
        back: What the PIM gives back.
        rule: The mapping's rule.
        more: Further fields of the attribute.
        spot: The cell's locale and scope.
    """

    type: str
    xml: str
    back: Json
    rule: str = "V"
    more: dict[str, Any] = field(default_factory=dict[str, Any])
    spot: tuple[str | None, str | None] = (None, None)


DECIMALS = {"decimals_allowed": True, "negative_allowed": True}
WEIGHT = {"metric_family": "Weight"}
EUROS = "{path: V, currency: {value: EUR}}"
CODES = "{path: V, split: ','}"
TRIPS = {
    "identifier": Trip(types.IDENTIFIER, "GT 4711/a", "GT 4711/a"),
    "text": Trip(types.TEXT, "Bohrer\nfür Holz", "Bohrer für Holz"),
    "text in decomposed letters": Trip(types.TEXT, "fu\u0308r", "für"),
    "text of a locale": Trip(
        types.TEXT,
        "Drill",
        "Drill",
        "{path: V, locale: en_US}",
        {"localizable": True},
        ("en_US", None),
    ),
    "text of a channel": Trip(
        types.TEXT,
        "Drill",
        "Drill",
        "{path: V, channel: print}",
        {"scopable": True},
        (None, "print"),
    ),
    "textarea": Trip(types.TEXTAREA, "one\ntwo &lt;b&gt;", "one\ntwo <b>"),
    "whole number": Trip(types.NUMBER, "1.234", 1234),
    "number": Trip(types.NUMBER, "-1.234,56789", "-1234.56789", more=DECIMALS),
    "boolean": Trip(types.BOOLEAN, "N", back=False),
    "date": Trip(types.DATE, "31.12.2026", "2026-12-31"),
    "measure": Trip(
        types.METRIC,
        "1,23456",
        {"amount": "1.2346", "unit": "KILOGRAM"},
        "{path: V, unit: {value: kg}}",
        WEIGHT | DECIMALS,
    ),
    "whole measure": Trip(
        types.METRIC, "7", {"amount": 7, "unit": "GRAM"}, "{path: V, unit: {value: GRM}}", WEIGHT
    ),
    "price": Trip(
        types.PRICES, "9,5", [{"amount": "9.50", "currency": "EUR"}], EUROS, more=DECIMALS
    ),
    "whole price": Trip(types.PRICES, "9", [{"amount": 9, "currency": "EUR"}], EUROS),
    "option": Trip(types.SELECT, "RED", "red"),
    "options": Trip(types.MULTISELECT, "red,Blue", ["blue", "red"], CODES),
    "record": Trip(types.RECORD, "nordhand", "nordhand"),
    "records": Trip(types.RECORDS, "b,a", ["b", "a"], CODES),
    "assets": Trip(types.ASSETS, "front,back", ["front", "back"], CODES),
    "reference data": Trip("pim_reference_data_simpleselect", "silk", "silk"),
    "list of reference data": Trip(
        "pim_reference_data_multiselect", "wool,silk", ["silk", "wool"], CODES
    ),
    "table": Trip(types.TABLE, PARTS, ROWS, TABLE, {"table_configuration": COLUMNS}),
    "link": Trip(types.PRODUCT_LINK, "DR-9", {"type": "product", "identifier": "DR-9"}),
}
ALIKE = {
    "pim_catalog_reference_data_simpleselect",
    "pim_catalog_reference_data_multiselect",
}


FILE_TYPES = {types.IMAGE, types.FILE}
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 2000
PLACES: dict[str, tuple[str, dict[str, Any], list[tuple[str | None, str | None]]]] = {
    "one for all": ("", {}, [(None, None)]),
    "by locale": (
        ", locales: [en_US, de_DE]",
        {"localizable": True},
        [("de_DE", None), ("en_US", None)],
    ),
    "by channel": (", channel: print", {"scopable": True}, [(None, "print")]),
    "by both": (
        ", locale: en_US, channels: [print, ecommerce]",
        {"localizable": True, "scopable": True},
        [("en_US", "ecommerce"), ("en_US", "print")],
    ),
}


@pytest.mark.parametrize("kind", sorted(FILE_TYPES))
@pytest.mark.parametrize("places", PLACES, ids=lambda name: str(name).replace(" ", "-"))
def test_a_file_that_is_read_back_is_the_one_that_was_sent(
    kind: str, places: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule, more, spots = PLACES[places]
    catalog: dict[str, Any] = json.loads(json.dumps(sandbox.server.demo_catalog()))
    catalog["attributes"].append({"code": "it", "type": kind, **more})
    (desk.folder / "structure.json").write_text(json.dumps(catalog), encoding="utf-8")
    desk.mapping.write_text(f"{MAPPING}{{path: V, root: files{rule}}}", encoding="utf-8")
    (desk.folder / "files" / "Größe 1").mkdir(parents=True)
    (desk.folder / "files" / "Größe 1" / "Blatt (2).pdf").write_bytes(PDF)
    export = desk.export([r"<Item><Sku>A</Sku><V>Größe 1\Blatt (2).pdf</V></Item>"])
    with sandbox.serve(catalog=catalog) as shop:
        connect(monkeypatch, shop)

        told = desk.sync(export)

        visitor = Visitor(shop)
        cells = shop.products["A"]["values"]["it"]
        files = [visitor.get(f"media-files/{cell['data']}") for cell in cells]
        contents = [visitor.send("GET", f"media-files/{cell['data']}/download") for cell in cells]
        assert desk.sync(export)["requests"] == 0
    assert (told["created"], told["rejects"]) == (1, [])
    assert sorted((cell["locale"], cell["scope"]) for cell in cells) == spots
    assert {file["original_filename"] for file in files} == {"Blatt (2).pdf"}
    assert [content.content for content in contents] == [PDF] * len(spots)


@pytest.fixture(params=TRIPS, ids=lambda name: str(name).replace(" ", "-"))
def trip(request: pytest.FixtureRequest) -> Trip:
    found: Trip = TRIPS[request.param]
    return found


@pytest.fixture
def catalog(trip: Trip) -> dict[str, Any]:
    """Give a PIM's structure with the attribute in it."""
    found: dict[str, Any] = json.loads(json.dumps(sandbox.server.demo_catalog()))
    found["attributes"].append({"code": "it", "type": trip.type, **trip.more})
    found["attribute_options"]["it"] = [{"code": "red"}, {"code": "blue"}]
    return found


@pytest.fixture
def shop(catalog: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Generator[sandbox.Sandbox]:
    with sandbox.serve(catalog=catalog) as served:
        connect(monkeypatch, served)
        yield served


def test_what_is_read_back_is_what_was_sent(
    trip: Trip, catalog: dict[str, Any], desk: Desk, shop: sandbox.Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    connect(monkeypatch, shop)
    (desk.folder / "structure.json").write_text(json.dumps(catalog), encoding="utf-8")
    desk.mapping.write_text(MAPPING + trip.rule, encoding="utf-8")
    export = desk.export([f"<Item><Sku>A</Sku><V>{trip.xml}</V></Item>"])
    (sent,) = desk.run("diff", "--json", export).json["changes"][0]["cells"]

    told = desk.sync(export)

    assert (told["created"], told["rejects"]) == (1, [])
    (cell,) = shop.products["A"]["values"]["it"]
    assert (cell["locale"], cell["scope"]) == trip.spot
    attribute = from_json(catalog).attributes["it"]
    assert canonical(attribute, cell["data"]) == canonical(attribute, sent["new"])
    assert canonical(attribute, cell["data"]) == canonical(attribute, trip.back)
    if attribute.type != types.DATE:
        assert cell["data"] == trip.back


@pytest.mark.parametrize("trip", ["table"], indirect=True)
def test_check_names_a_column_that_a_table_does_not_have(
    trip: Trip, catalog: dict[str, Any], desk: Desk
) -> None:
    (desk.folder / "structure.json").write_text(json.dumps(catalog), encoding="utf-8")
    desk.mapping.write_text(MAPPING + trip.rule.replace("spare:", "spar:"), encoding="utf-8")

    told = desk.run("check")

    assert told.code == 2
    assert f"{desk.mapping}:10:" in told.err
    assert "unknown column of it 'spar'; did you mean 'spare'?" in told.err


def test_every_type_of_attribute_makes_the_trip() -> None:
    known = {
        value for name, value in vars(types).items() if name.isupper() and isinstance(value, str)
    }
    references = types.REFERENCES | types.MULTI_REFERENCES

    assert {each.type for each in TRIPS.values()} | FILE_TYPES == (known | references) - ALIKE
