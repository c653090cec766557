"""Laws of numbers: what is written in a format reads back the same, all else is refused."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from erp2pim.mapping.numbers import exact, number_format
from erp2pim.mapping.values import Unmappable

FORMATS = {
    "1234.56": ("", "."),
    "1234,56": ("", ","),
    "1,234.56": (",", "."),
    "1.234,56": (".", ","),
    "1 234,56": (" ", ","),
    "1\u00a0234.56": ("\u202f", "."),
    "1'234.56": ("'", "."),
    "1\u2019234,56": ("\u2019", ","),
}
EXAMPLES = st.sampled_from(list(FORMATS))
GROUPED = st.sampled_from([example for example, (group, _) in FORMATS.items() if group])
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40)
SHORT = st.builds(Decimal.scaleb, st.integers(-(10**18), 10**18).map(Decimal), st.integers(-9, 3))
NUMBERS = st.one_of(DECIMALS, SHORT).filter(lambda number: len(exact(number)) <= 60)
DIGITS = st.text("0123456789", max_size=6)


def _written(number: Decimal, group: str, point: str) -> str:
    """Write a number with a mark between all groups of three digits."""
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    plain = "".join(map(str, digits)) + "0" * max(exponent, 0)
    places = max(-exponent, 0)
    plain = plain.rjust(places + 1, "0")
    whole, fraction = plain[: len(plain) - places], plain[len(plain) - places :]
    first = len(whole) % 3
    groups = [whole[:first]] if first else []
    groups += [whole[at : at + 3] for at in range(first, len(whole), 3)]
    return ("-" if sign else "") + group.join(groups) + (point + fraction if fraction else "")


@given(EXAMPLES, NUMBERS, st.booleans())
def test_what_is_written_in_a_format_reads_back(
    example: str,
    number: Decimal,
    grouped: bool,  # noqa: FBT001  # drawn, not called
) -> None:
    group, point = FORMATS[example]

    text = _written(number, group if grouped else "", point)

    assert number_format(example).number(text) == number


@given(GROUPED, st.lists(DIGITS, min_size=2, max_size=4), st.booleans())
def test_wrong_grouping_is_refused(
    example: str,
    groups: list[str],
    minus: bool,  # noqa: FBT001  # drawn, not called
) -> None:
    first, *others = groups
    assume(not 1 <= len(first) <= 3 or any(len(other) != 3 for other in others))
    group, _ = FORMATS[example]

    text = ("-" if minus else "") + group.join(groups)

    with pytest.raises(Unmappable):
        number_format(example).number(text)


@given(EXAMPLES, st.text("0123456789.,' \u00a0\u202f\u2019+-eE", max_size=12))
def test_a_text_is_refused_or_read_as_its_own_digits(example: str, text: str) -> None:
    group, point = FORMATS[example]
    try:
        number = number_format(example).number(text)
    except Unmappable:
        return

    plain = text.replace(point, "p")
    for mark in " \u00a0\u202f" if group in {" ", "\u202f"} else group:
        plain = plain.replace(mark, "")
    plain = plain.replace("p", ".")
    assert number == Decimal("-" + plain[:-1] if plain.endswith("-") else plain)


@given(NUMBERS)
def test_an_exact_text_has_no_exponent_and_reads_back(number: Decimal) -> None:
    text = exact(number)

    assert Decimal(text) == number
    assert set(text) <= set("0123456789.-")
    assert text != "-0"
    assert not ("." in text and text.endswith(("0", ".")))
