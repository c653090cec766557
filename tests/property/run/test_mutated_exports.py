"""Law of broken exports: refused in words, or mapped without loss; never anything between."""

import io
import json
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from erp2pim.cli import main
from erp2pim.config.mappingfile import load_mapping
from erp2pim.mapping.work import CompiledMapping
from erp2pim.model import Item, Origin, Reject, Skipped
from erp2pim.source.files import ExportFile
from erp2pim.source.prior import beside, gather
from tests.conftest import ROOT
from tests.exports.test_exports import BESIDE, EXPORTS
from tests.property.run.mutants import OF_EXPORTS, mutant
from tests.unit.mapping.mapped import become

CONFIG = """\
version: 1
pim: {url: "http://127.0.0.1:9", client_id: a, secret: b, username: c, password: d}
mapping: MAPPING
state: state
"""
EXAMPLES = ROOT / "examples"
MAPPINGS = ROOT / "tests" / "exports" / "mappings"


def told(path: Path, mapping: Path) -> tuple[int, dict[str, Any], str]:
    """Run `diff --json`; give the exit code, what it printed, and what it told."""
    config = path.with_name("erp2pim.yaml")
    config.write_text(CONFIG.replace("MAPPING", str(mapping)), encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(["--config", str(config), "diff", "--json", str(path)])
    return code, json.loads(out.getvalue()), err.getvalue()


def whole(mapping: CompiledMapping, name: str, content: bytes) -> list[Item | Reject | Skipped]:
    """Give what records become when the whole export is in memory.

    Raises:
        etree.XMLSyntaxError: It is not well-formed.
    """
    parser = etree.XMLParser(resolve_entities="internal", no_network=True)
    root = etree.fromstring(content, parser)
    given = mapping.given(Counter(), {})
    gather(ExportFile(name, io.BytesIO(content)), mapping, given, others=beside(name, {}))
    mapping.reader.names.tidy(root)
    became: list[Item | Reject | Skipped] = []
    for element in root.iter(etree.Element):
        for number, records in enumerate(mapping.records):
            if records.path.stands(element) and records.path.fits(element):
                found = mapping.items(number, element, Origin(name, 0, None), given)
                became.extend([found] if isinstance(found, Skipped) else [i for i, _ in found])
    return became


def contents(became: Sequence[Item | Reject | Skipped]) -> Iterator[object]:
    for each in became:
        match each:
            case Item():
                yield each.kind, each.identifier, each.body
            case Reject():
                yield each.kind, each.identifier, each.rule, each.message
            case Skipped():
                yield each.reason


def check(path: Path, mapping: Path, content: bytes) -> int:
    """Hold one export to the law; give the exit code."""
    path.write_bytes(content)
    code, said, err = told(path, mapping)
    assert code in {0, 1, 3}, err
    assert code == said["exit_code"]
    if code == 3:
        assert said["error"]["where"].startswith(str(path)), err
        assert said["error"]["fix"], err
        return code
    compiled = load_mapping(mapping)
    try:
        expected = whole(compiled, str(path), content)
    except etree.XMLSyntaxError:
        assert compiled.reader.recover
        assert any(": repaired: " in warning for warning in said["warnings"])
        return code
    streamed = become(compiled, ExportFile(str(path), io.BytesIO(content)))
    assert list(contents(streamed)) == list(contents(expected))
    assert said["items"] == said["read"] - said["skipped"] + said["extra"] - said["merged"]
    assert said["items"] == said["created"] + said["rejected"]
    found = [each["identifier"] for each in (*said["changes"], *said["rejects"])]
    there = [each.identifier for each in expected if not isinstance(each, Skipped)]
    assert len(found) == len(there) - said["merged"]
    assert set(found) == set(there)
    return code


@pytest.mark.parametrize("recover", ["", "  recover: true\n"], ids=["strict", "recovering"])
def test_a_broken_example_is_refused_or_mapped_without_loss(tmp_path: Path, recover: str) -> None:
    mapping = tmp_path / "mapping.yaml"
    text = (EXAMPLES / "mapping.yaml").read_text(encoding="utf-8")
    mapping.write_text(text.replace("source:\n", f"source:\n{recover}"), encoding="utf-8")
    shutil.copy(EXAMPLES / "families.csv", tmp_path)
    content = (EXAMPLES / "night-1.xml").read_bytes()

    codes = {
        check(tmp_path / "export.xml", mapping, mutant(content, str(seed), OF_EXPORTS))
        for seed in range(25)
    }

    assert codes >= {1, 3}


@pytest.mark.parametrize("name", EXPORTS)
def test_so_is_a_broken_real_export(tmp_path: Path, shared: Path, name: str) -> None:
    content = (shared / "exports" / EXPORTS[name]).read_bytes()
    for file, source in BESIDE.items():
        shutil.copy(shared / "exports" / source, tmp_path / file)

    codes = {
        check(
            tmp_path / "export.xml",
            MAPPINGS / f"{name}.yaml",
            mutant(content, f"{name} {seed}", OF_EXPORTS),
        )
        for seed in range(8)
    }

    assert len(codes) > 1


@pytest.mark.slow
def test_so_are_hundreds_of_broken_examples(tmp_path: Path) -> None:
    content = (EXAMPLES / "night-1.xml").read_bytes()

    for seed in range(1000, 1500):
        mutated = mutant(content, str(seed), OF_EXPORTS)
        check(tmp_path / "export.xml", EXAMPLES / "mapping.yaml", mutated)
