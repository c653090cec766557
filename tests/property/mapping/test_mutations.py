"""Law of wrong mappings: whatever is mistyped, it is a fault or a mapping, and never a crash."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from erp2pim.errors import ConfigError, ExportError, Fault
from tests.golden.cases import Texts
from tests.unit.mapping.mapped import mapped

CASES = sorted((Path(__file__).parents[2] / "golden" / "mapping").glob("*.yaml"))
PIECES = st.sampled_from(
    [
        *"@[]{}()/|*.,:;'\"-#&!%$<>=0 \n\t",
        "''",
        "..",
        "//",
        "::",
        "999999999999",
        "-1",
        "0.5",
        "1E400",
        "$x",
        "e:x",
        "[1]",
        "[.='x']",
        "text()",
        "count(*)",
        "1 div 0",
        "not(x)",
        "null",
        "true",
        "reject",
        "[x, y]",
        "{x: y}",
        "\U0001f600",
        "\u00a0",
    ]
)


@st.composite
def mutated(draw: st.DrawFn, text: str) -> str:
    """Draw a text in which a few places were replaced, left out, doubled or filled."""
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        length = draw(st.sampled_from([0, 0, 1, 1, 2, 5, 12]))
        put = draw(st.one_of(PIECES, st.just(""), st.just(text[at : at + length] * 2)))
        text = text[:at] + put + text[at + length :]
    return text


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_mistyped_mapping_is_a_fault_or_a_mapping(
    path: Path, data: st.DataObject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    case = yaml.load(path.read_text(encoding="utf-8"), Texts)  # noqa: S506  # texts only
    for name, text in case.get("files", {}).items():
        Path(name).write_text(text, encoding="utf-8")

    mapping = data.draw(mutated(case["mapping"]))

    assert all(fault.line and fault.column for fault in _told(mapping, case["record"]))


def _told(mapping: str, record: str) -> Sequence[Fault]:
    try:
        mapped(mapping, record)
    except ConfigError as error:
        return error.faults
    except ExportError:
        return ()
    return ()
