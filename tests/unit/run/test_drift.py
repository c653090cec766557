"""What is told of a PIM that has changed under a mapping."""

import pytest

from erp2pim.run.drift import told
from erp2pim.structure import Difference

FIX = "erp2pim structure diff shows all, erp2pim structure pull takes them over"


@pytest.mark.parametrize(
    ("number", "shown", "last"),
    [(0, 0, []), (1, 1, [FIX]), (10, 10, [FIX]), (13, 10, [f"3 more changes; {FIX}"])],
)
def test_the_first_ten_changes_are_told_and_the_others_counted(
    number: int, shown: int, last: list[str]
) -> None:
    found = [Difference("attribute", f"a{n}", "removed", "", None, None) for n in range(number)]

    assert list(told(found, since="2026-11-24")) == [
        *(
            f"the PIM has changed since its structure was read on 2026-11-24: - attribute a{n}"
            for n in range(shown)
        ),
        *last,
    ]
