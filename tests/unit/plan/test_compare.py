import pytest

from erp2pim.model import Body, Json
from erp2pim.place import Place
from erp2pim.plan.compare import apart, difference, fingerprint, parts, united, without
from tests.support.held import cell

OLD: Body = {
    "family": "tools",
    "categories": ["drills", "tools"],
    "values": {
        "name": [cell("Bohrer", "de_DE"), cell("Drill", "en_US")],
        "price": [cell([{"amount": "9.95", "currency": "EUR"}])],
    },
    "associations": {"X_SELL": {"products": ["A2"]}, "PACK": {"products": ["A3"]}},
}


@pytest.mark.parametrize(
    ("new", "sent"),
    [
        ({}, {}),
        ({"family": "tools"}, {}),
        ({"family": "saws"}, {"family": "saws"}),
        ({"family": None}, {"family": None}),
        ({"enabled": False}, {"enabled": False}),
        ({"categories": ["tools", "drills"]}, {"categories": ["tools", "drills"]}),
        ({"values": {"name": [cell("Drill", "en_US")]}}, {}),
        (
            {"values": {"name": [cell("Bohrer", "de_DE"), cell("Power drill", "en_US")]}},
            {"values": {"name": [cell("Power drill", "en_US")]}},
        ),
        (
            {"values": {"name": [cell("Drill", "en_US", "print")]}},
            {"values": {"name": [cell("Drill", "en_US", "print")]}},
        ),
        ({"values": {"name": [cell(None, "de_DE")]}}, {"values": {"name": [cell(None, "de_DE")]}}),
        ({"values": {"color": [cell("red")]}}, {"values": {"color": [cell("red")]}}),
        (
            {"values": {"price": [cell([{"amount": "9.950", "currency": "EUR"}])]}},
            {"values": {"price": [cell([{"amount": "9.950", "currency": "EUR"}])]}},
        ),
        (
            {"associations": {"X_SELL": {"products": []}, "PACK": {"products": ["A3"]}}},
            {"associations": {"X_SELL": {"products": []}}},
        ),
        ({"quantified_associations": {}}, {}),
    ],
)
def test_only_what_differs_is_sent(new: Body, sent: Body) -> None:
    assert difference(new, OLD) == sent


def test_what_the_new_body_does_not_name_stays_and_all_else_is_as_it_says() -> None:
    new: Body = {
        "family": "saws",
        "values": {"name": [cell("Saw", "en_US")], "color": [cell("red")]},
        "associations": {"X_SELL": {"products": []}},
    }

    assert united(OLD, new) == {
        "family": "saws",
        "categories": ["drills", "tools"],
        "values": {
            "name": [cell("Bohrer", "de_DE"), cell("Saw", "en_US")],
            "price": [cell([{"amount": "9.95", "currency": "EUR"}])],
            "color": [cell("red")],
        },
        "associations": {"X_SELL": {"products": []}, "PACK": {"products": ["A3"]}},
    }


def test_a_body_is_told_part_by_part() -> None:
    told = [(str(part), content) for part, content in parts(OLD)]

    expected: list[tuple[str, Json]] = [
        ("family", "tools"),
        ("categories", ["drills", "tools"]),
        ("name [de_DE]", "Bohrer"),
        ("name [en_US]", "Drill"),
        ("price", [{"amount": "9.95", "currency": "EUR"}]),
        ("associations.X_SELL", {"products": ["A2"]}),
        ("associations.PACK", {"products": ["A3"]}),
    ]
    assert told == expected
    assert str(Place("name", "de_DE", "print")) == "name [de_DE, print]"


@pytest.mark.parametrize(
    "other",
    [
        {"values": {"a": [cell("1")]}},
        {"values": {"a": [cell(None)]}},
        {"values": {"a": [cell(1, "de_DE")]}},
        {"values": {"a": [cell(1, None, "de_DE")]}},
        {"values": {"b": [cell(1)]}},
        {"values": {"a": [cell(1)]}, "family": None},
        {},
    ],
)
def test_bodies_that_differ_have_different_fingerprints(other: Body) -> None:
    assert fingerprint(other) != fingerprint({"values": {"a": [cell(1)]}})


def test_files_are_parted_from_what_is_patched_cell_by_cell() -> None:
    new = [cell({"name": "a.png"}, "de_DE"), cell({"name": "b.png"}, "en_US")]
    gone = [cell(None, "fr_FR"), cell(None, "it_IT")]
    name = {"name": [cell("Bohrer", "de_DE")]}

    patch, files = apart({"values": name, "media": {"picture": [*new, *gone]}})

    assert patch == {"values": {**name, "picture": gone}}
    assert files == {"media": {"picture": new}}


def test_only_what_is_pending_is_left_out_of_what_the_pim_holds() -> None:
    files = [cell({"name": "a.png"}, "de_DE"), cell({"name": "b.png"}, "en_US")]
    links: Body = {"PACK": {"products": ["A"]}, "SET": {"products": ["B"]}}
    whole: Body = {"family": "tools", "media": {"picture": files}, "associations": links}
    pending: Body = {
        "media": {"picture": [{"locale": "en_US", "scope": None}]},
        "associations": {"SET": {"products": ["B"]}},
    }

    assert without(whole, pending) == {
        "family": "tools",
        "media": {"picture": files[:1]},
        "associations": {"PACK": links["PACK"]},
    }
