"""The sandbox against 689 recordings of a real PIM, sent in their order."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from erp2pim.sandbox import serve
from tests.contract.recordings import Replay, read, structure_before

# Left out of the replay.
NOT_REPLAYED: Final = {
    "acl": "sent by connections with fewer rights; the sandbox has one connection with all",
    "race": "eight requests at the same instant: the answers depend on which came first",
}
# Answered differently.
DEMO_PRODUCTS: Final = "lists products that the PIM had before the first recording"
DIFFERENT: Final = {
    "models.list": DEMO_PRODUCTS,
    "models.search_after": DEMO_PRODUCTS,
    "list.search_after.page1": DEMO_PRODUCTS,
    "list.search_after.page2": DEMO_PRODUCTS,
    "list.search.completeness": DEMO_PRODUCTS,
    "list_uuid.search_after.page1": DEMO_PRODUCTS,
    "list_uuid.enabled": "the first of several by uuid, which the PIM chose",
}
# What the structure file has, and the API as the sandbox has it does not list page by page.
NO_LIST: Final = frozenset({"attribute_groups", "measurement_families"})
# What requests that were not recorded had set, each before the recording that shows it.
VALUES: Final = {
    "t_text10": "good",
    "t_text_email": "a@example.com",
    "t_text_regexp": "ABC",
    "t_text_url": "http://a.example",
}
LEFT_OUT: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "products.after_value_cases.read": ("products", {"identifier": "products-b"} | VALUES),
    "products.single_patch_identifier_mismatch": ("products", {"identifier": "products-mm"}),
    "uuidp.utf8_4byte.read": (
        "products-uuid",
        {"uuid": "abc00002-aaaa-4aaa-8aaa-000000000002"}
        | VALUES
        | {"t_price_int": [{"amount": 5, "currency": "EUR"}]},
    ),
}


def line(properties: dict[str, Any]) -> dict[str, Any]:
    keys = {name: one for name, one in properties.items() if name in {"identifier", "uuid"}}
    cells = {
        code: [{"locale": None, "scope": None, "data": data}]
        for code, data in properties.items()
        if code not in keys
    }
    return {**keys, "values": cells}


@dataclass
class Outcome:
    """What came of the replay: names of recordings by outcome, and the structure at the end."""

    equal: list[str]
    different: dict[str, str]
    known: list[str]
    not_replayed: list[str]
    structure: dict[str, Any]
    recorded_structure: dict[str, Any]


@pytest.fixture(scope="module")
def outcome(shared: Path) -> Outcome:
    recordings, structure = read(shared)
    outcome = Outcome([], {}, [], [], {}, structure)
    with serve(catalog=structure_before(recordings, structure)) as pim:
        replay = Replay.start(pim, recordings)
        for recording in recordings:
            name = recording["name"]
            if name.partition(".")[0] in NOT_REPLAYED:
                outcome.not_replayed.append(name)
                continue
            if name in LEFT_OUT:
                path, properties = LEFT_OUT[name]
                replay.patch(path, line(properties))
            difference = replay.difference(recording)
            if name in DIFFERENT:
                outcome.known.append(name)
            elif difference:
                outcome.different[name] = difference
            else:
                outcome.equal.append(name)
        outcome.structure = structure_of(replay, structure)
    return outcome


def structure_of(replay: Replay, recorded: dict[str, Any]) -> dict[str, Any]:
    lists = [name for name in recorded if isinstance(recorded[name], list) and name not in NO_LIST]
    variants, options = recorded["family_variants"], recorded["attribute_options"]
    return {
        **{name: replay.listed(name.replace("_", "-")) for name in lists},
        "family_variants": {code: replay.listed(f"families/{code}/variants") for code in variants},
        "attribute_options": {
            code: replay.listed(f"attributes/{code}/options") for code in options
        },
    }


def comparable(structure: dict[str, Any]) -> dict[str, Any]:
    """Give a structure without times, and with the attributes of variants in one order."""
    text = re.sub(r'"updated": "[^"]*"', '"updated": ""', json.dumps(structure))
    plain: dict[str, Any] = {n: v for n, v in json.loads(text).items() if n not in NO_LIST}
    for variants in plain["family_variants"].values():
        for level in (level for one in variants for level in one["variant_attribute_sets"]):
            level["attributes"].sort()
    return plain


def test_the_sandbox_answers_as_the_recorded_pim_did(outcome: Outcome) -> None:
    assert outcome.different == {}
    assert sorted(outcome.known) == sorted(DIFFERENT)
    assert (len(outcome.equal), len(outcome.not_replayed)) == (669, 13)


def test_the_recordings_leave_the_structure_that_the_pim_had_after_them(outcome: Outcome) -> None:
    assert comparable(outcome.structure) == comparable(outcome.recorded_structure)
