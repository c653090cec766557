"""Parts of mappings at work on small exports, as the pages and the seeded mistakes show them."""

import re
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from textwrap import indent
from typing import TypeAlias

import yaml

from erp2pim.cli import main
from erp2pim.config.casesfile import Case
from erp2pim.config.mappingfile import load_mapping
from erp2pim.errors import ConfigError, ExportError
from erp2pim.mapping.schema import MappingFile
from erp2pim.run.cases import run_case

Tree: TypeAlias = str | list["Tree"] | dict[str, "Tree"]

BASE = """\
version: 1
source: {record: /Export/Item}
products:
  identifier: "@no"
"""
CONFIG = """\
version: 1
pim: {url: "http://127.0.0.1:9", client_id: a, secret: b, username: c, password: d}
mapping: mapping.yaml
state: state
"""


def whole(part: str) -> str:
    """Make a mapping of a part: entries of `values`, or keys laid over the smallest mapping."""
    try:
        tree = yaml.load(part, Loader=yaml.BaseLoader)  # noqa: S506  it knows texts alone
    except yaml.YAMLError:
        tree = None
    if not isinstance(tree, dict) or not set(tree) <= set(MappingFile.key_names()):
        return f"{BASE}  values:\n{indent(part, '    ')}"
    base: Tree = yaml.load(BASE, Loader=yaml.BaseLoader)  # noqa: S506  as above
    return yaml.safe_dump(_laid_over(base, tree), allow_unicode=True, sort_keys=False)


def _laid_over(base: Tree, part: Tree) -> Tree:
    if not isinstance(base, dict) or not isinstance(part, dict):
        return part
    both = {name: _laid_over(base[name], part[name]) for name in base if name in part}
    return {**base, **part, **both}


def export_of(xml: str) -> str:
    """Put records without root into the one that the smallest mapping expects."""
    return xml if xml.lstrip().startswith(("<?xml", "<Export")) else f"<Export>{xml}</Export>"


def shown(folder: Path, part: str, xml: str, files: Mapping[str, str]) -> list[str]:
    """Give what `erp2pim test` shows of an export; or the faults, or why it is refused."""
    for name, text in {**files, "mapping.yaml": whole(part), "export.xml": xml}.items():
        (folder / name).write_text(text, encoding="utf-8")
    try:
        mapping = load_mapping(folder / "mapping.yaml")
        case = Case(name="shown", given=xml, expect={})
        lines = run_case(case, mapping, folder).difference
    except ConfigError as error:
        return [f"fault: {fault.message}" for fault in error.faults] or [f"fault: {error.what}"]
    except ExportError as error:
        return [f"refused: {error.what}"]
    return [re.sub(r" \(\S+mapping\.yaml:\d+\)$", "", line[2:]) for line in lines]


def foreseen(folder: Path) -> Iterator[str]:
    """Give what `erp2pim diff` shows after `shown` has put its files there: items and warnings."""
    config = folder / "erp2pim.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    config.chmod(0o600)
    told, warned = StringIO(), StringIO()
    with redirect_stdout(told), redirect_stderr(warned):
        main(["--config", str(folder / "erp2pim.yaml"), "diff", str(folder / "export.xml")])
    yield from told.getvalue().replace(f"{folder}/", "").splitlines()
    for line in warned.getvalue().replace(f"{folder}/", "").splitlines():
        if line.startswith("warning: "):
            yield re.sub(r"mapping\.yaml:\d+: ", "", line)
