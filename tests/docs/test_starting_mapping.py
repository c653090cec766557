"""config/mapping.yaml is a mapping to start from, as it stands and with what is commented out."""

import re
from pathlib import Path

from erp2pim.config.mappingfile import load_mapping

MAPPING = Path(__file__).parents[2] / "config" / "mapping.yaml"


def test_it_loads_as_it_stands() -> None:
    mapping = load_mapping(MAPPING)

    assert [records.path.text for records in mapping.records] == ["/Export/Items/Item"]


def test_it_loads_with_all_that_is_commented_out(tmp_path: Path) -> None:
    about, _, keys = MAPPING.read_text(encoding="utf-8").partition("version: 1\n")
    whole = re.sub(r"^( *)# ", r"\1", keys, flags=re.MULTILINE)
    (tmp_path / "mapping.yaml").write_text(f"{about}version: 1\n{whole}", encoding="utf-8")
    (tmp_path / "colors.csv").write_text("erp,pim\nRED,red\n", encoding="utf-8")

    mapping = load_mapping(tmp_path / "mapping.yaml")

    assert list(mapping.joins) == ["stock"]
    assert len(mapping.rules) > len(load_mapping(MAPPING).rules)
