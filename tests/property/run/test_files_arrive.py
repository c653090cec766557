"""Law of files: whatever becomes of answers, they arrive in the end, and none twice in a row."""

import io
import itertools
import json
import tempfile
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from erp2pim import sandbox
from erp2pim.cli import main
from tests.sandbox.visitor import PNG, Visitor
from tests.support.desk import export, item

CONFIG = """\
version: 1
pim: {{url: "{url}", client_id: {client}, secret: {secret}, username: {user}, password: {password}}}
mapping: mapping.yaml
state: state
send: {{attempts: 1, workers: 2}}
"""
MAPPING = """\
version: 1
source: {record: /Export/Items/Item}
products:
  identifier: Sku
  values:
    name: {type: text, path: Name, locale: en_US}
    picture: {type: image, path: Image, empty: clear}
"""
NIGHTS = st.lists(
    st.fixed_dictionaries(
        {
            "pictures": st.tuples(*[st.sampled_from(["", "one", "two"])] * 2),
            "name": st.sampled_from(["Drill", "Saw"]),
            "faults": st.lists(
                st.sampled_from(["cut-before", "cut-after", "503", "500"]), max_size=2
            ),
        }
    ),
    min_size=1,
    max_size=5,
)
SKUS = ("A1", "B1")


def desk(folder: Path, pim: sandbox.Sandbox) -> None:
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    text = CONFIG.format(
        url=pim.url,
        client=sandbox.CLIENT_ID,
        secret=sandbox.SECRET,
        user=sandbox.USERNAME,
        password=sandbox.PASSWORD,
    )
    (folder / "erp2pim.yaml").write_text(text, encoding="utf-8")
    (folder / "erp2pim.yaml").chmod(0o600)


def sync(folder: Path, night: Mapping[str, Any]) -> dict[str, Any]:
    """Write what a night brings, and run it."""
    records: list[str] = []
    for sku, content in zip(SKUS, night["pictures"], strict=True):
        (folder / f"{sku}.png").write_bytes(PNG + content.encode())
        records.append(item(sku, Name=night["name"], Image=f"{sku}.png" if content else ""))
    (folder / "export.xml").write_text(export(records), encoding="utf-8")
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        config = str(folder / "erp2pim.yaml")
        main(["--config", config, "sync", "--json", str(folder / "export.xml")])
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


@pytest.mark.slow
@settings(max_examples=20)
@given(nights=NIGHTS)
def test_files_arrive_whatever_becomes_of_answers_and_none_twice_in_a_row(
    nights: list[dict[str, Any]],
) -> None:
    with tempfile.TemporaryDirectory() as name, sandbox.serve() as pim:
        folder, seen = Path(name), Visitor(pim)
        desk(folder, pim)
        for night in nights:
            pim.queue.extend(f"upload:{fault}" for fault in night["faults"])
            sync(folder, night)
            pim.queue.clear()

        last = sync(folder, nights[-1])
        again = sync(folder, nights[-1])

        assert (last["exit_code"], last["rejected"], last["not_sent"]) == (0, 0, 0)
        assert (again["unchanged"], again["requests"]) == (2, 0)
        files = seen.get("media-files", limit="100")["_embedded"]["items"]
        for place, sku in enumerate(SKUS):
            contents = [night["pictures"][place] for night in nights]
            code = seen.value(sku, "picture")
            held = code and seen.send("GET", f"media-files/{code}/download").content
            assert held == (PNG + contents[-1].encode() if contents[-1] else None)
            turns = [content for content, _ in itertools.groupby(contents) if content]
            uploads = [each for each in files if each["original_filename"] == f"{sku}.png"]
            assert len(uploads) <= len(turns)
