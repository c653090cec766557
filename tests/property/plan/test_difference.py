"""Laws of the comparison, against a PIM that merges part by part."""

from collections.abc import Mapping
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from erp2pim.model import Body, Json
from erp2pim.plan.compare import apart, difference, fingerprint, united, without
from tests.support.held import cell

CODES = st.sampled_from(["a", "b", "c"])
DATA: st.SearchStrategy[Json] = st.one_of(
    st.none(),
    st.sampled_from(["", "1", "x"]),
    st.lists(st.sampled_from(["red", "blue"]), max_size=2),
    st.fixed_dictionaries({"amount": st.sampled_from(["1", "2"]), "unit": st.just("KILOGRAM")}),
)
PLACES = st.tuples(st.sampled_from([None, "de_DE"]), st.sampled_from([None, "print"]))
CELLS = st.dictionaries(PLACES, DATA, min_size=1, max_size=4).map(
    lambda cells: [cell(data, *place) for place, data in cells.items()]
)
FILES = st.dictionaries(
    PLACES,
    st.one_of(
        st.none(), st.fixed_dictionaries({"name": st.just("a"), "digest": st.sampled_from("12")})
    ),
    min_size=1,
    max_size=4,
).map(lambda cells: [cell(data, *place) for place, data in cells.items()])
LINKS = st.lists(st.sampled_from(["A1", "A2"]), unique=True).map(lambda to: {"products": to})
BODIES: st.SearchStrategy[Body] = st.fixed_dictionaries(
    {},
    optional={
        "family": st.sampled_from([None, "tools", "saws"]),
        "enabled": st.booleans(),
        "categories": st.lists(st.sampled_from(["x", "y"]), unique=True),
        "values": st.dictionaries(CODES, CELLS, max_size=3),
        "associations": st.dictionaries(CODES, LINKS, max_size=3),
        "media": st.dictionaries(st.sampled_from(["picture", "manual"]), FILES, max_size=2),
    },
)

Parts = dict[tuple[Json, ...], Json]


def pim_with(*bodies: Body) -> Parts:
    """Give what a PIM holds that took these bodies in turn."""
    held: Parts = {}
    for body in bodies:
        for name, content in body.items():
            if name in {"values", "media"}:
                for code, cells in cast("Mapping[str, list[Mapping[str, Json]]]", content).items():
                    for each in cells:
                        held["cell", code, each["locale"], each["scope"]] = each["data"]
            elif name == "associations":
                for code, links in cast("Mapping[str, Json]", content).items():
                    held[name, code] = links
            else:
                held[(name,)] = content
    return held


@given(old=BODIES, new=BODIES)
def test_a_pim_that_takes_the_difference_holds_the_same_as_one_that_takes_all(
    old: Body, new: Body
) -> None:
    assert pim_with(old, difference(new, old)) == pim_with(old, new)


@given(old=BODIES, new=BODIES)
def test_nothing_is_sent_that_the_pim_holds(old: Body, new: Body) -> None:
    held = pim_with(old)

    sent = pim_with(difference(new, old))

    assert [part for part, content in sent.items() if held.get(part, ...) == content] == []


@given(old=BODIES, new=BODIES)
def test_what_is_remembered_is_what_the_pim_holds(old: Body, new: Body) -> None:
    assert pim_with(united(old, new)) == pim_with(old, new)


@given(old=BODIES, new=BODIES)
def test_after_it_was_taken_nothing_is_left_to_send(old: Body, new: Body) -> None:
    assert difference(new, united(old, new)) == {}


@given(bodies=st.lists(BODIES, min_size=1, max_size=4))
def test_night_after_night_what_is_remembered_stays_true(bodies: list[Body]) -> None:
    remembered: Body = {}
    held: Parts = {}

    for body in bodies:
        held.update(pim_with(difference(body, remembered)))
        remembered = united(remembered, body)

    assert held == pim_with(*bodies) == pim_with(remembered)


def shuffled(tree: Json, order: st.DataObject) -> Json:
    if isinstance(tree, Mapping):
        keys = order.draw(st.permutations(list(tree)))
        return {key: shuffled(tree[key], order) for key in keys}
    if isinstance(tree, list):
        return [shuffled(each, order) for each in tree]
    return tree


@given(body=BODIES, order=st.data())
def test_a_fingerprint_does_not_depend_on_the_order_of_keys(
    body: Body, order: st.DataObject
) -> None:
    assert fingerprint(cast("Body", shuffled(body, order))) == fingerprint(body)


@given(one=BODIES, other=BODIES)
def test_fingerprints_are_equal_only_for_equal_bodies(one: Body, other: Body) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (one == other)
    assert len(fingerprint(one)) == 16


@given(old=BODIES, new=BODIES)
def test_a_pim_that_is_patched_and_then_given_the_files_holds_the_same(
    old: Body, new: Body
) -> None:
    changed = difference(new, old)

    patch, media = apart(changed)

    assert pim_with(old, patch, media) == pim_with(old, changed)
    assert "media" not in patch
    assert None not in pim_with(media).values()


@given(old=BODIES, new=BODIES)
def test_what_is_still_to_be_sent_is_all_that_is_missing_next_time(old: Body, new: Body) -> None:
    patch, media = apart(difference(new, old))
    links = {name: each for name, each in patch.items() if name == "associations"}
    pending = {**links, **media}

    so_far = without(united(old, new), pending)

    assert difference(new, so_far) == pending
