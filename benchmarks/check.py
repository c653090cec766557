"""How much CPU `erp2pim check` takes for a wide mapping, as a whole process.

    python benchmarks/check.py [ATTRIBUTES]

Writes a structure and a mapping with a rule for each attribute, and prints the seconds of CPU of
the median of seven checks, of as many starts for `--version`, and of an empty Python.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

RUNS = 7
TYPES = ("text", "textarea", "number", "boolean", "date", "metric", "simpleselect", "multiselect")
MORE: Mapping[str, Mapping[str, object]] = {
    "textarea": {"localizable": True},
    "number": {"decimals_allowed": True, "number_min": "0"},
    "metric": {"metric_family": "Weight", "default_metric_unit": "KILOGRAM"},
}
RULES = {
    "textarea": '{path: "Text[@lang=$locale]/F%d", locales: {de_DE: D, en_US: E}}',
    "metric": '{path: F%d, unit: {path: "@uom", table: unit}}',
    "simpleselect": "{path: F%d, table: code}",
    "multiselect": '{path: F%d, split: ";", table: code}',
}
CONFIG = """\
version: 1
pim: {url: "https://pim.example.com", client_id: a, secret: b, username: c, password: d}
mapping: mapping.yaml
state: state
"""
MAPPING = """\
version: 1
source: {record: /Export/Items/Item, numbers: "1.234,56", dates: ["31.12.2026"]}
tables: {unit: {KG: KILOGRAM}, code: {1: one, 2: two}}
products:
  identifier: "@no"
  family: Group
  values:
"""


def main() -> None:
    """Write the files, and print what the processes take."""
    attributes = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, attributes)
        check = ["-m", "erp2pim", "--config", str(folder / "erp2pim.yaml"), "check"]
        print(f"{attributes} attributes, a rule each")
        for what, args in (
            ("empty Python", ["-c", ""]),
            ("erp2pim --version", ["-m", "erp2pim", "--version"]),
            ("erp2pim check", check),
        ):
            spent = statistics.median(cpu(args) for _ in range(RUNS))
            print(f"{what:<18} {spent:5.2f} s")


def write(folder: Path, attributes: int) -> None:
    """Write a configuration, a mapping and a structure."""
    codes = [(f"attribute_{n}", TYPES[n % len(TYPES)]) for n in range(attributes)]
    rules = [f"    {code}: {RULES.get(kind, 'F%d') % n}\n" for n, (code, kind) in enumerate(codes)]
    file = folder / "erp2pim.yaml"
    file.write_text(CONFIG, encoding="utf-8")
    file.chmod(0o600)
    (folder / "mapping.yaml").write_text(MAPPING + "".join(rules), encoding="utf-8")
    (folder / "structure.json").write_text(json.dumps(structure(codes)), encoding="utf-8")


def structure(codes: Sequence[tuple[str, str]]) -> Mapping[str, object]:
    """Give a structure with these attributes, each a code and a type, and twenty families."""
    options = [{"code": "one"}, {"code": "two"}]
    return {
        "channels": [{"code": "shop", "locales": ["de_DE", "en_US"], "currencies": ["EUR"]}],
        "attributes": [
            {"code": "sku", "type": "pim_catalog_identifier"},
            *(
                {"code": code, "type": f"pim_catalog_{kind}", **MORE.get(kind, {})}
                for code, kind in codes
            ),
        ],
        "families": [
            {"code": f"family_{n}", "attributes": ["sku", *(code for code, _ in codes[n:])]}
            for n in range(20)
        ],
        "measurement_families": [{"code": "Weight", "units": [{"code": "KILOGRAM"}]}],
        "attribute_options": {code: options for code, kind in codes if "select" in kind},
    }


def cpu(args: Sequence[str]) -> float:
    """Give the seconds of CPU that a Python with these arguments takes.

    Raises:
        subprocess.CalledProcessError: It does not end with 0.
    """
    before = sum(os.times()[2:4])
    subprocess.run([sys.executable, *args], check=True, stdout=subprocess.DEVNULL)
    return sum(os.times()[2:4]) - before


if __name__ == "__main__":
    main()
