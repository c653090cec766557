"""Each mapping in tests/golden/mistakes has one mistake, which the program finds and explains.

The comments at its top say what is told: `LINE:COLUMN: message` for a fault of the file. A mapping
whose mistake shows only with an export begins with `# on FILE`; what follows is found in what
`erp2pim diff FILE` prints, where the mapping's own name is left out.
"""

from pathlib import Path

import pytest

from erp2pim.cli import main
from erp2pim.config.mappingfile import load_mapping
from erp2pim.errors import ConfigError
from tests.docs.worked import CONFIG

FOLDER = Path(__file__).parents[1] / "golden" / "mistakes"
MISTAKES = sorted(FOLDER.glob("*.yaml"))


def told(mistake: Path) -> list[str]:
    """Give the comments at the top."""
    lines = mistake.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("# ") for line in lines if line.startswith("# ")]


IN_THE_FILE = [mistake for mistake in MISTAKES if not told(mistake)[0].startswith("on ")]
IN_A_RUN = [mistake for mistake in MISTAKES if told(mistake)[0].startswith("on ")]


def test_there_are_many_more_than_thirty() -> None:
    assert len(IN_THE_FILE) > 90
    assert len(IN_A_RUN) > 10


@pytest.mark.parametrize("mistake", IN_THE_FILE, ids=lambda path: path.stem)
def test_a_mistake_is_told_with_its_place_and_what_to_do(mistake: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_mapping(mistake)

    found = [str(fault).removeprefix(f"{mistake}:") for fault in caught.value.faults]
    assert found == told(mistake)


@pytest.mark.parametrize("mistake", IN_A_RUN, ids=lambda path: path.stem)
def test_a_mistake_that_an_export_brings_to_light_is_told(
    mistake: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "erp2pim.yaml"
    config.write_text(CONFIG.replace("mapping.yaml", str(mistake)), encoding="utf-8")
    export, *expected = told(mistake)

    main(["--config", str(config), "diff", str(FOLDER / export.removeprefix("on "))])

    printed = "".join(capsys.readouterr()).replace(f"{mistake}:", "")
    assert [line for line in expected if line not in printed] == []
