"""A desk to run erp2pim from: a configuration, a mapping, exports and a PIM on loopback."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

from erp2pim import sandbox
from erp2pim.cli import main
from erp2pim.model import Accepted, Json
from erp2pim.pim import Credentials, Pim, line
from tests.support.fakepim import FakePim

MAPPING = """\
version: 1
source:
  record: /Export/Items/Item
  header: {currency: /Export/Head/Currency}
  skip: {deleted: "@mode = 'delete'"}
products:
  identifier: Sku
  family: Group
  values:
    name: [{type: text, path: Name, locale: en_US}, {path: NameDe, locale: de_DE}]
    weight: {type: metric, path: Weight, unit: {value: KILOGRAM}}
    pieces: {type: number, path: Pieces}
    price: {type: price, path: Price, currency: $currency}
"""

_CONFIG = """\
version: 1
pim:
  url: ${ERP2PIM_PIM_URL}
  client_id: ${ERP2PIM_CLIENT_ID}
  secret: ${ERP2PIM_SECRET}
  username: ${ERP2PIM_USERNAME}
  password: ${ERP2PIM_PASSWORD}
mapping: mapping.yaml
state: state
"""


@dataclass(frozen=True)
class Told:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.out)
        return told


class Desk:
    """A folder with all that a run needs."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.config = folder / "erp2pim.yaml"
        self.mapping = folder / "mapping.yaml"
        self.state = folder / "state"
        self._capture = capture
        self.mapping.write_text(MAPPING, encoding="utf-8")
        self.configure()

    def configure(self, **send: int) -> None:
        """Write the configuration anew."""
        settings = "".join(f"  {name}: {value}\n" for name, value in send.items())
        text = _CONFIG + (f"send:\n{settings}" if send else "")
        self.config.write_text(text, encoding="utf-8")

    def change_mapping(self, old: str, new: str) -> None:
        """Put a text of the mapping in another one's place."""
        text = self.mapping.read_text(encoding="utf-8")
        assert old in text
        self.mapping.write_text(text.replace(old, new), encoding="utf-8")

    def export(self, items: Iterable[str], name: str = "export.xml") -> str:
        """Write an export of these items and give its path."""
        path = self.folder / name
        path.write_text(export(items), encoding="utf-8")
        return str(path)

    def run(self, *args: str) -> Told:
        """Run a command in this process."""
        self._capture.readouterr()
        code = main(["--config", str(self.config), *args])
        said = self._capture.readouterr()
        return Told(code, said.out, said.err)

    def sync(self, *args: str) -> dict[str, Any]:
        """Run `sync --json` in this process and give the JSON, whose exit code is checked."""
        told = self.run("sync", "--json", *args)
        assert told.json["exit_code"] == told.code
        return told.json

    def start(self, *args: str) -> "subprocess.Popen[str]":
        """Start a command in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "erp2pim", "--config", str(self.config), *args],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )


def item(sku: str, *, mode: str = "", **fields: str) -> str:
    """Give one record; `Name` is `Drill` where nothing else is said."""
    texts = {"Sku": sku, "Name": "Drill", **fields}
    inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in texts.items())
    return f'<Item mode="{mode}">{inner}</Item>'


def export(items: Iterable[str]) -> str:
    """Give an export of these items."""
    head = "<Export><Head><Currency>EUR</Currency></Head><Items>"
    return "\n".join([f'<?xml version="1.0" encoding="utf-8"?>{head}', *items, "</Items></Export>"])


def values(pim: sandbox.Sandbox) -> dict[str, dict[str, Any]]:
    """Give what the PIM holds by product, as `attribute locale` to data, and the family."""
    held: dict[str, dict[str, Any]] = {}
    for identifier, product in pim.products.items():
        told: dict[str, Any] = {"family": product["family"]}
        for code, cells in product["values"].items():
            for cell in cells:
                told[" ".join(filter(None, (code, cell["locale"], cell["scope"])))] = cell["data"]
        held[identifier] = told
    return held


def booked(told: Mapping[str, Any]) -> dict[str, int]:
    """Give the counts of a run's JSON that are not 0."""
    records = ("read", "skipped", "extra", "merged", "items")
    names = (*records, "unchanged", "created", "updated", "rejected", "not_sent")
    return {name: told[name] for name in names if told[name]}


def edit(pim: sandbox.Sandbox, identifier: str, **values_: Json) -> None:
    """Change a product's values the way a person does; each is for en_US if it may be."""
    localized = {"name"}
    cells = {
        code: [{"locale": "en_US" if code in localized else None, "scope": None, "data": data}]
        for code, data in values_.items()
    }
    outcomes = person(pim).upsert("products", [line("identifier", identifier, {"values": cells})])
    assert outcomes == [Accepted(created=False)]
    pim.batches.pop()


def person(pim: sandbox.Sandbox) -> Pim:
    """Give what a person changes the PIM with."""
    return Pim(pim.url, _SANDBOX, stop=threading.Event())


def listing(folder: Path) -> Mapping[str, bytes]:
    """Give every file below a folder with its bytes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


_SANDBOX = Credentials(sandbox.CLIENT_ID, sandbox.SECRET, sandbox.USERNAME, sandbox.PASSWORD)


def connect(
    monkeypatch: pytest.MonkeyPatch,
    pim: sandbox.Sandbox | FakePim,
    credentials: Credentials = _SANDBOX,
) -> None:
    """Let the configuration of every desk name this PIM."""
    monkeypatch.setenv("ERP2PIM_PIM_URL", pim.url)
    monkeypatch.setenv("ERP2PIM_CLIENT_ID", credentials.client_id)
    monkeypatch.setenv("ERP2PIM_SECRET", credentials.secret)
    monkeypatch.setenv("ERP2PIM_USERNAME", credentials.username)
    monkeypatch.setenv("ERP2PIM_PASSWORD", credentials.password)
