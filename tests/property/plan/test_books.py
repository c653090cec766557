"""Whatever records become, none is lost and none is counted twice."""

from hypothesis import given
from hypothesis import strategies as st

from erp2pim.model import Body, Duplicates, Item, Origin, Reject, identity
from erp2pim.plan.spool import open_spool
from tests.support.held import Held, cell, item

NAMES = st.sampled_from(["A1", "a1", "Á1", "B1", "C1"])
BODIES: st.SearchStrategy[Body] = st.sampled_from(
    [{}, *({"values": {code: [cell(data)]}} for code in "xy" for data in "12")]
)
ENTRIES = st.lists(
    st.tuples(st.one_of(NAMES, st.none()), st.one_of(BODIES, st.none())), max_size=12
)


def entry(number: int, name: str | None, body: Body | None) -> Item | Reject:
    """Give an item, or a reject where there is no name or no body."""
    origin = Origin("export.xml", number, None)
    if name is None or body is None:
        return Reject("product", name, origin, "mapping", None, "no", None)
    return Item("product", name, body, origin)


@given(
    entries=ENTRIES,
    duplicates=st.sampled_from(["reject", "first", "last", "merge"]),
    known=st.dictionaries(NAMES, BODIES, max_size=2),
    block=st.integers(1, 5),
)
def test_every_record_has_one_fate(
    entries: list[tuple[str | None, Body | None]],
    duplicates: Duplicates,
    known: dict[str, Body],
    block: int,
) -> None:
    held = Held(*(item(name, body) for name, body in known.items()))
    added = [(entry(n, *each), duplicates) for n, each in enumerate(entries, start=1)]

    with open_spool() as spool:
        for start in range(0, len(added), block):
            spool.add(added[start : start + block], held)
        spool.settle_duplicates(held)
        counts = spool.counts()
        changes, rejects = list(spool.changes()), list(spool.rejects())
        renewed = list(spool.changes("renewed"))

    names = [each.identifier for each, _ in added]
    keys = {identity(name) for name in names if name is not None}
    assert sum(counts.values()) == len(added)
    assert counts.get("changed", 0) == len(changes)
    assert counts.get("rejected", 0) == len(rejects)
    assert counts.get("renewed", 0) == len(renewed)
    assert len({change.key for change in changes}) == len(changes)
    assert [each.origin.record for each in changes] == sorted(e.origin.record for e in changes)
    if duplicates != "reject":
        assert len(added) - counts.get("merged", 0) == len(keys) + names.count(None)
